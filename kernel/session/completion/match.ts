/** What could stand at the cursor, and the piece of the cell that it would replace. */
import type { Completion } from "../../protocol/interpreter.js";
import type { Piece } from "../cursor_context.js";

export type Match = Completion["matches"][number];

export interface Candidates {
  readonly piece: Piece;
  /** Those that do not start with the piece are left out by whoever asks. */
  readonly matches: readonly Match[];
  /** Further ones that were not worth listing. */
  readonly more?: number;
}

/** Matches of one kind that have nothing more to tell. */
export function plainMatches(texts: Iterable<string>, type: string): Match[] {
  return Array.from(texts, (text) => ({ text, type }));
}

/** Rows of a menu that people still look through. */
export const MOST_MATCHES = 500;
