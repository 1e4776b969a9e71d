/** Where in an unfinished cell the cursor is. All offsets are of UTF-16 units. */
import { isHiddenVariable, type ContextVariable, type KernelProbe, type ResolvedProbe } from "../compiler/catalogue.js";
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
  return /^(?:%(?![({?:)}])|!(?!\s*[=(~]))/.test(last) && scan.isBetweenStatements ? last : null;
}

/** What the probe around the cursor brings; empty outside of probes. */
export function contextVariables(session: Session, code: string, cursor: number): ReadonlyMap<string, ContextVariable> {
  // What is asked of the entry inside of `@entry(…)` is there at the return as well, in these parentheses only.
  const isAtEntry = /@entry\s*\([^()]*$/.test(code.slice(0, cursor));
  return isAtEntry ? variablesAtEntry(session, code, cursor) : sharedVariables(enclosingProbes(session, code, cursor));
}

/** Those of the entries, where the probe around the cursor is on returns. */
export function variablesAtEntry(session: Session, code: string, cursor: number): ReadonlyMap<string, ContextVariable> {
  const probes = enclosingProbes(session, code, cursor);
  return sharedVariables(probes.map((probe) => probe.entry ?? probe));
}

/** What a probe brings; of one of many functions, its share of what all have. */
type Enclosing = Pick<KernelProbe, "variables" | "entry">;

function enclosingProbes(session: Session, code: string, cursor: number): readonly Enclosing[] {
  const points = enclosingPoints(code.slice(0, cursor));
  if (points === null) return [];
  return writtenPoints(session, points).flatMap((point): readonly Enclosing[] => {
    const sample = sampleOf(session, point);
    if (sample) return sample;
    return resolved(session, [point]).map((probe) => ({
      variables: probe.variables,
      ...(probe.kind === "kernel" && probe.entry ? { entry: probe.entry } : {}),
    }));
  });
}

/** So many of what a pattern names tell what all of them have. */
const SAMPLE = 50;

/** A pattern may name tens of thousands of functions, of which each would have to be looked at; null where it is none of those. */
function sampleOf(session: Session, { components }: ast.ProbePoint): readonly Enclosing[] | null {
  const pattern = { components: components.map(({ name, argument }) => ({ name, argument: argument?.value ?? null })) };
  if (!pattern.components.some(({ argument }) => typeof argument === "string" && /[*?[]/.test(argument))) return null;
  for (const family of session.catalogue.families) {
    const listed = family.list?.(pattern, session.target(0));
    if (!listed) continue;
    const sample: Enclosing[] = [];
    for (const { variables } of listed) {
      sample.push({ variables: new Map(variables.map((variable) => [variable.name, variable])) });
      if (sample.length === SAMPLE) break;
    }
    return sample;
  }
  return null;
}

function sharedVariables(probes: readonly Enclosing[]): ReadonlyMap<string, ContextVariable> {
  const [first, ...others] = probes;
  if (!first) return new Map();
  return new Map(
    [...first.variables].filter(
      ([name]) => !isHiddenVariable(name) && others.every(({ variables }) => variables.has(name)),
    ),
  );
}

/** The text with blanks in place of what strings and comments hold, so that offsets stay. */
export function blankedTexts(code: string): string {
  return code.replace(TEXTS, (text) => text.replace(/[^\n]/g, " "));
}

const TEXTS = /"(?:\\.|[^"\\\n])*"?|\/\*[^]*?(?:\*\/|$)|(?:\/\/|(?<![$@])#).*/g;

const PROBE_HEAD = /(?:^|[\s;}])probe\s+(?<points>(?:[^{};"]|"[^"\n]*")*)\{/g;

/** The points, as written, of the probe whose block is open at the end of the text. */
export function enclosingPoints(before: string): string | null {
  const head = [...before.matchAll(PROBE_HEAD)].at(-1);
  const points = head?.groups?.["points"];
  if (!head || points === undefined) return null;
  const body = blankedTexts(before.slice(head.index + head[0].length));
  let depth = 1;
  for (const brace of body.match(/[{}]/g) ?? []) {
    depth += brace === "{" ? 1 : -1;
    if (depth === 0) return null;
  }
  return points.replace(/^[^=]*=(?!=)/, "");
}

/** What points stand for; those that do not resolve are left out. */
export function probesOf(session: Session, points: string): readonly ResolvedProbe[] {
  return resolved(session, writtenPoints(session, points));
}

function writtenPoints(session: Session, points: string): readonly ast.ProbePoint[] {
  const source = { name: "completion", text: `probe ${points} { }` };
  const [item] = parseScript(source, session.parseOptions("script")).script.items;
  return item?.kind === "probe" ? item.points : [];
}

function resolved(session: Session, points: readonly ast.ProbePoint[]): readonly ResolvedProbe[] {
  const context = {
    aliases: [
      ...session.known.aliases.map((alias) => ({ alias, unit: null })),
      ...session.library.flatMap((unit) => unit.items.filter(isAlias).map((alias) => ({ alias, unit }))),
    ],
    catalogue: session.catalogue,
    target: session.target(0),
    diagnostics: new Diagnostics(),
  };
  return resolvePoints(context, points).map(({ probe }) => probe);
}

export function isAlias(item: ast.Item): item is ast.AliasDefinition {
  return item.kind === "alias";
}
