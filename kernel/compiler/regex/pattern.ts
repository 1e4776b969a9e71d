/** The regular expressions of `=~`: text to tree. Patterns and texts are byte strings. */

/** A set of bytes, one flag each. */
export type ByteSet = readonly boolean[];

export type Pattern =
  | { readonly kind: "empty" }
  | { readonly kind: "bytes"; readonly set: ByteSet }
  | { readonly kind: "start" | "end" }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Pattern[] }
  /** `most` null: without bound. */
  | { readonly kind: "repeat"; readonly part: Pattern; readonly least: number; readonly most: number | null }
  | { readonly kind: "group"; readonly part: Pattern; readonly number: number };

export interface ParsedPattern {
  readonly pattern: Pattern;
  /** Parenthesised groups; the whole match is group 0 and not among them. */
  readonly groups: number;
}

/** What is wrong with a pattern; the offset counts its characters. */
export interface PatternProblem {
  readonly message: string;
  readonly offset: number;
}

/** `{n,m}` multiplies the automaton. */
const MOST_REPEATS = 255;
const DEEPEST = 100;

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[^\x20-\x7e\x80-\xff]/,
  digit: /[0-9]/,
  graph: /[\x21-\x7e]/,
  lower: /[a-z]/,
  print: /[\x20-\x7e]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", v: "\v", f: "\f", a: "\x07", b: "\b" };

export function parsePattern(text: string): ParsedPattern | { readonly problem: PatternProblem } {
  const parser = new PatternParser(text);
  try {
    return parser.parse();
  } catch (error) {
    if (error instanceof PatternError) return { problem: { message: error.message, offset: error.offset } };
    throw error;
  }
}

class PatternError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

export function bytesWhere(test: (byte: number) => boolean): ByteSet {
  return Array.from({ length: 256 }, (_, byte) => test(byte));
}

class PatternParser {
  private offset = 0;
  private groups = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  parse(): ParsedPattern {
    const pattern = this.choice();
    if (this.offset < this.text.length) this.fail("a `)` closes nothing");
    return { pattern, groups: this.groups };
  }

  private choice(): Pattern {
    if (++this.depth > DEEPEST) this.fail("the pattern is nested too deep");
    const parts = [this.sequence()];
    while (this.accept("|")) parts.push(this.sequence());
    this.depth--;
    return parts.length === 1 ? parts[0]! : { kind: "choice", parts };
  }

  private sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.offset < this.text.length && !this.sees("|") && !this.sees(")")) parts.push(this.repeated());
    if (parts.length === 0) return { kind: "empty" };
    return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
  }

  private repeated(): Pattern {
    let part = this.atom();
    for (;;) {
      const bounds = this.bounds();
      if (!bounds) return part;
      part = { kind: "repeat", part, ...bounds };
    }
  }

  private bounds(): { least: number; most: number | null } | null {
    if (this.accept("*")) return { least: 0, most: null };
    if (this.accept("+")) return { least: 1, most: null };
    if (this.accept("?")) return { least: 0, most: 1 };
    const start = this.offset;
    const found = /^\{(?<least>\d+)(?<comma>,(?<most>\d*))?\}/.exec(this.text.slice(this.offset));
    if (!found?.groups) return null;
    this.offset += found[0].length;
    const least = Number(found.groups["least"]);
    const most =
      found.groups["comma"] === undefined ? least : found.groups["most"] === "" ? null : Number(found.groups["most"]);
    if (least > MOST_REPEATS || (most !== null && (most > MOST_REPEATS || most < least)))
      this.fail(`repeat counts go from 0 to ${MOST_REPEATS}, the smaller first`, start);
    return { least, most };
  }

  private atom(): Pattern {
    const start = this.offset;
    const character = this.text[this.offset++]!;
    switch (character) {
      case "(": {
        const number = ++this.groups;
        const part = this.choice();
        if (!this.accept(")")) this.fail("a `(` is not closed", start);
        return { kind: "group", part, number };
      }
      case "[":
        return { kind: "bytes", set: this.bracket(start) };
      case ".":
        return { kind: "bytes", set: bytesWhere((byte) => byte !== 0) };
      case "^":
        return { kind: "start" };
      case "$":
        return { kind: "end" };
      case "*":
      case "+":
      case "?":
        return this.fail(`\`${character}\` repeats nothing`, start);
      case "\\":
        return { kind: "bytes", set: single(this.escaped(start)) };
      default:
        return { kind: "bytes", set: single(character) };
    }
  }

  private escaped(start: number): string {
    const character = this.text[this.offset++];
    if (character === undefined) return this.fail("a `\\` escapes nothing", start);
    return ESCAPES[character] ?? character;
  }

  private bracket(start: number): ByteSet {
    const negated = this.accept("^");
    const set = Array.from({ length: 256 }, () => false);
    for (let first = true; first || !this.sees("]"); first = false) {
      if (this.offset >= this.text.length) this.fail("a `[` is not closed", start);
      const named = /^\[:(?<name>\w+):\]/.exec(this.text.slice(this.offset));
      if (named?.groups) {
        const test = CLASSES[named.groups["name"]!] ?? this.fail(`there is no class [:${named.groups["name"]}:]`);
        this.offset += named[0].length;
        for (let byte = 0; byte < 256; byte++) if (test.test(String.fromCharCode(byte))) set[byte] = true;
        continue;
      }
      const low = this.bracketByte(start);
      const isRange = this.sees("-") && this.text[this.offset + 1] !== "]" && this.offset + 1 < this.text.length;
      if (isRange) this.offset++;
      const high = isRange ? this.bracketByte(start) : low;
      if (high < low) this.fail("a range goes from the smaller byte to the larger", start);
      for (let byte = low; byte <= high; byte++) set[byte] = true;
    }
    this.offset++;
    return set.map((isIn, byte) => byte !== 0 && isIn !== negated);
  }

  private bracketByte(start: number): number {
    const character = this.text[this.offset++]!;
    return (character === "\\" ? this.escaped(start) : character).charCodeAt(0);
  }

  private sees(character: string): boolean {
    return this.text[this.offset] === character;
  }

  private accept(character: string): boolean {
    if (!this.sees(character)) return false;
    this.offset++;
    return true;
  }

  private fail(message: string, offset = this.offset): never {
    throw new PatternError(message, offset);
  }
}

function single(character: string): ByteSet {
  const wanted = character.charCodeAt(0);
  return bytesWhere((byte) => byte === wanted);
}
