/** Where a text came from and where in it something stands. */

/** One text given to the compiler: a cell, a file or a piece of the tapset. */
export interface Source {
  /** How a diagnostic names it: `cell 3`, `tour.stp`, `<input>`. */
  readonly name: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets in a source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A place as people count: both numbers start at 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionAt(source: Source, offset: number): Position {
  const before = source.text.slice(0, offset);
  const lastBreak = before.lastIndexOf("\n");
  return { line: before.split("\n").length, column: offset - lastBreak };
}

/** The line, without its line break, that holds the offset. */
export function lineAt(source: Source, offset: number): string {
  const start = source.text.lastIndexOf("\n", offset - 1) + 1;
  const end = source.text.indexOf("\n", offset);
  return source.text.slice(start, end < 0 ? undefined : end);
}

/** The smallest span that covers both; they must be of one source. */
export function joinSpans(first: Span, last: Span): Span {
  return { source: first.source, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
