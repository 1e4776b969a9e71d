/** What CodeMirror hands to the parser of a language, and takes from it: as much of `@codemirror/language` as we use. */

/** One line, read from left to right. */
export interface CharacterStream {
  sol(): boolean;
  eol(): boolean;
  next(): string | void;
  eatSpace(): boolean;
  skipToEnd(): void;
  match(pattern: RegExp): RegExpMatchArray | boolean | null;
  current(): string;
}

/** `unit` is the width of one step of indentation. */
interface IndentContext {
  readonly unit: number;
}

export interface StreamParser<State> {
  readonly name: string;
  startState(): State;
  copyState(state: State): State;
  /** The style of the next piece, in words of `@lezer/highlight`; null for none. */
  token(stream: CharacterStream, state: State): string | null;
  /** Columns by which a line is indented that begins in `state` with `textAfter`. */
  indent(state: State, textAfter: string, context: IndentContext): number;
  readonly languageData: Readonly<Record<string, unknown>>;
}
