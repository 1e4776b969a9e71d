/** What is typed, taken apart into characters and lines. Byte strings, as UTF-8 has them. */

export interface Typed {
  /** One character, of one byte or several; what is no UTF-8 is a character a byte. */
  readonly char: string;
  /** The line that it ends, without its end; null where it ends none. */
  readonly line: string | null;
}

/** A character of several bytes, as far as its first byte tells. */
const WHOLE = /^(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})/;
const BEGUN = /^(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})$/;

export class TypedInput {
  private bytes = "";
  private line = "";

  *feed(text: string): Generator<Typed> {
    this.bytes += text;
    while (this.bytes !== "" && !BEGUN.test(this.bytes)) {
      const char = WHOLE.exec(this.bytes)?.[0] ?? this.bytes.charAt(0);
      this.bytes = this.bytes.slice(char.length);
      if (char !== "\n") {
        this.line += char;
        yield { char, line: null };
        continue;
      }
      const { line } = this;
      this.line = "";
      yield { char, line };
    }
  }

  /** What no end of a line came behind. */
  takeRest(): string {
    const rest = this.line + this.bytes;
    this.line = this.bytes = "";
    return rest;
  }
}
