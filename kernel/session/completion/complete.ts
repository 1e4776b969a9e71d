/** What could stand at the cursor: names of every kind, probe points, members of types, files, magics. */
import type { Completion } from "../../protocol/interpreter.js";
import { insideAt, magicLineBefore, pointBefore } from "../cursor_context.js";
import type { Session } from "../session.js";
import { atConditionStart, conditionMatches } from "./conditions.js";
import { memberMatches } from "./members.js";
import { magicMatches } from "./magics.js";
import { MOST_MATCHES, type Candidates, type Match } from "./match.js";
import { pointMatches } from "./points.js";
import { textMatches } from "./texts.js";
import { wordMatches } from "./words.js";

export interface CompletionContext {
  readonly session: Session;
  /** Names of the traces that run in the background. */
  readonly traces: () => readonly string[];
  /** Points of theirs. */
  readonly probes: () => readonly string[];
}

/** `cursor` counts code points, as do the offsets that come back. Never throws, whatever the text. */
export function complete(context: CompletionContext, code: string, cursor: number): Completion {
  const before = Array.from(code).slice(0, Math.max(0, cursor)).join("");
  const { piece, matches, more = 0 } = matchesAt(context, code, before.length);
  const fitting = distinct(matches.filter(({ text }) => text.startsWith(piece.text) && text !== ""));
  const total = fitting.length + more;
  const shown = fitting.slice(0, MOST_MATCHES);
  const after = code.slice(before.length);
  return {
    matches: withoutClosers(shown.length < total ? markedAsCut(shown, total) : shown, after),
    total,
    start: Array.from(before.slice(0, piece.start)).length,
    end: Array.from(before).length,
  };
}

function matchesAt(context: CompletionContext, code: string, cursor: number): Candidates {
  const { session } = context;
  const line = magicLineBefore(code, cursor);
  if (line !== null) return magicMatches(context, line, code, cursor);
  const point = pointBefore(code, cursor);
  if (point) return pointMatches(session, point, code);
  if (insideAt(code, cursor) === "string") return textMatches(session, code, cursor);
  const text = /(?:[A-Za-z_]\w*@|[@$]*)\w*$/.exec(code.slice(0, cursor))?.[0] ?? "";
  const piece = { text, start: cursor - text.length };
  if (insideAt(code, cursor) !== "script") return { piece, matches: [] };
  if (/->\s*$/.test(code.slice(0, piece.start))) return { piece, matches: memberMatches(session, code, piece.start) };
  if (atConditionStart(code.slice(0, piece.start))) return { piece, matches: conditionMatches() };
  return { piece, matches: wordMatches(session, code, piece) };
}

/** The last row tells that there are more: it is the one that somebody sees who looked for something further. */
function markedAsCut(shown: readonly Match[], total: number): Match[] {
  return shown.map((match, index) =>
    index < shown.length - 1 ? match : { ...match, type: `${match.type}, ${shown.length} of ${total}` },
  );
}

/** Editors close quotes and parentheses as they are opened: what stands behind the cursor already is not written again. */
function withoutClosers(matches: readonly Match[], after: string): readonly Match[] {
  const closer = ['")', '"]', '"', ")", "]"].find((text) => after.startsWith(text));
  if (closer === undefined) return matches;
  return matches.map((match) =>
    match.text.endsWith(closer) ? { ...match, text: match.text.slice(0, -closer.length) } : match,
  );
}

/** Functions of one name are one row, with all their signatures. */
function distinct(matches: readonly Match[]): readonly Match[] {
  const rows = new Map<string, Match>();
  for (const match of matches) {
    const row = rows.get(match.text);
    if (!row) rows.set(match.text, match);
    else if (row.type === "function" && match.type === "function" && row.signature !== match.signature) {
      rows.set(match.text, { ...row, signature: `${row.signature} ${match.signature}` });
    }
  }
  return [...rows.values()];
}
