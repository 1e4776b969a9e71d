/** Where in an unfinished cell the cursor is. All offsets are of UTF-16 units. */
import type { ContextVariable, ResolvedProbe } from "../compiler/catalogue.js";
import { resolvePoints } from "../compiler/check/points.js";
import { Diagnostics } from "../compiler/diagnostic.js";
import type * as ast from "../compiler/syntax/ast.js";
import { parseScript } from "../compiler/syntax/parse.js";
import { ScriptScan } from "./script_scan.js";
import type { Session } from "./session.js";

/** A piece of the cell around or before the cursor. */
export interface Piece {
  readonly text: string;
  readonly start: number;
}

/** The probe point that is being written at the cursor, as far as the cursor; null where none is. */
export function pointBefore(code: string, cursor: number): Piece | null {
  const before = code.slice(0, cursor);
  const text = POINT_BEFORE.exec(before)?.groups?.["point"];
  return text === undefined ? null : { text, start: cursor - text.length };
}

/** A point may have been written before, behind a comma or behind the `=` of an alias. */
const POINT_BEFORE =
  /(?:^|[\s;{}])probe\s+(?:(?:[^{};"]|"[^"\n]*")*[,=]\s*)?(?<point>[\w.*?]*(?:\((?:\d*|"[^"\n)]*"?)\)?[\w.*?]*)*)$/;

/** What the character before the cursor lies in. */
export function insideAt(code: string, cursor: number): ScriptScan["place"] {
  const scan = new ScriptScan();
  const lines = code.slice(0, cursor).split("\n");
  const last = lines.pop() ?? "";
  for (const line of lines) scan.line(line);
  scan.part(last);
  return scan.place;
}

/** The line before the cursor, where it may be a magic's or a command's. */
export function magicLineBefore(code: string, cursor: number): string | null {
  const scan = new ScriptScan();
  const lines = code.slice(0, cursor).split("\n");
  const last = (lines.pop() ?? "").trimStart();
  for (const line of lines) scan.line(line);
  return /^[%!]/.test(last) && scan.isBetweenStatements ? last : null;
}

/** What the probe around the cursor brings; empty outside of probes. */
export function contextVariables(session: Session, code: string, cursor: number): ReadonlyMap<string, ContextVariable> {
  const points = enclosingPoints(code.slice(0, cursor));
  const [first, ...others] = points === null ? [] : probesOf(session, points);
  if (!first) return new Map();
  return new Map([...first.variables].filter(([name]) => others.every(({ variables }) => variables.has(name))));
}

const PROBE_HEAD = /(?:^|[\s;}])probe\s+(?<points>(?:[^{};"]|"[^"\n]*")*)\{/g;

/** The points, as written, of the probe whose block is open at the end of the text. */
function enclosingPoints(before: string): string | null {
  const head = [...before.matchAll(PROBE_HEAD)].at(-1);
  const points = head?.groups?.["points"];
  if (!head || points === undefined) return null;
  const body = before
    .slice(head.index + head[0].length)
    .replace(/"(?:\\.|[^"\\\n])*"?|\/\*[^]*?(?:\*\/|$)|(?:\/\/|#).*/g, " ");
  let depth = 1;
  for (const brace of body.match(/[{}]/g) ?? []) {
    depth += brace === "{" ? 1 : -1;
    if (depth === 0) return null;
  }
  return points.replace(/^[^=]*=(?!=)/, "");
}

/** What points stand for; those that do not resolve are left out. */
export function probesOf(session: Session, points: string): readonly ResolvedProbe[] {
  const source = { name: "completion", text: `probe ${points} { }` };
  const options = {
    mode: "script",
    arguments: [],
    conditions: session.conditions(),
    macros: session.knownMacros,
  } as const;
  const [item] = parseScript(source, options).script.items;
  if (item?.kind !== "probe") return [];
  const context = {
    aliases: [
      ...session.known.aliases.map((alias) => ({ alias, unit: null })),
      ...session.library.flatMap((unit) => unit.items.filter(isAlias).map((alias) => ({ alias, unit }))),
    ],
    catalogue: session.catalogue,
    target: session.target(0),
    diagnostics: new Diagnostics(),
  };
  return resolvePoints(context, item.points).map(({ probe }) => probe);
}

export function isAlias(item: ast.Item): item is ast.AliasDefinition {
  return item.kind === "alias";
}
