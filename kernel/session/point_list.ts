/** Which probe points there are, as far as they can be told one by one: what `tapbook list` shows. */
import {
  isHiddenVariable,
  type Catalogue,
  type ContextVariable,
  type ListedProbe,
  type PointPattern,
  type ProbeFamily,
  type ResolvedProbe,
  type Target,
} from "../compiler/catalogue.js";
import { resolvePoints } from "../compiler/check/points.js";
import { Diagnostics } from "../compiler/diagnostic.js";
import { parseScript } from "../compiler/syntax/parse.js";
import { typeText } from "../compiler/types/type_text.js";
import { machineConditions } from "./conditions.js";

export interface ListedPoint {
  readonly point: string;
  /** As `name:type`, in the order in which the family gives them. */
  readonly variables: readonly string[];
}

/** Why a pattern lists nothing, where there is more to say than that nothing fits: what a script that named it would be told. */
export function refusalOfList(
  pattern: string,
  catalogue: Catalogue,
  target: Target,
): { readonly message: string; readonly hint: string | null } | null {
  const [first] = resolveAll(pattern, catalogue, target).diagnostics.list;
  return first?.code === "probe/refused" ? { message: first.message, hint: first.hint ?? null } : null;
}

/** As a script would mean it. */
function resolveAll(pattern: string, catalogue: Catalogue, target: Target) {
  const diagnostics = new Diagnostics();
  const points = parse(`probe ${pattern} {}`).flatMap((item) => (item.kind === "probe" ? item.points : []));
  return { probes: resolvePoints({ aliases: [], catalogue, target, diagnostics }, points), diagnostics };
}

/** Points whose text fits the pattern: `*` and `?` within a component, `**` across them, `{a,b}` for both. */
export function* listPoints(pattern: string, catalogue: Catalogue, target: Target): Generator<ListedPoint> {
  const own = ofFamily(pattern.trim(), catalogue, target);
  if (own) {
    for (const { point, variables } of own) yield new Listed(point, variables);
  } else yield* enumeratedPoints(pattern, catalogue, target);
}

/** As the family itself finds them, where wildcards stand in quotes only. */
function ofFamily(pattern: string, catalogue: Catalogue, target: Target): Iterable<ListedProbe> | null {
  const written = patternOf(pattern);
  if (!written || written.components.some(({ name }) => /[*?]/.test(name))) return null;
  for (const family of catalogue.families) {
    const found = family.list?.(written, target);
    if (found) return found;
  }
  return null;
}

/** The types of tens of thousands of points are text only for those who look at it. */
class Listed implements ListedPoint {
  constructor(
    readonly point: string,
    private readonly found: Iterable<ContextVariable>,
  ) {}

  get variables(): readonly string[] {
    return describeVariables(this.found);
  }
}

function describeVariables(variables: Iterable<ContextVariable>): string[] {
  return [...variables]
    .filter(({ name }) => !isHiddenVariable(name))
    .map(({ name, type, data }) => `${name}:${data ? typeText(data) : type}`);
}

function enumeratedPoints(pattern: string, catalogue: Catalogue, target: Target): readonly ListedPoint[] {
  const wanted = expandBraces(pattern).map(withoutGroup);
  const fits = wanted.map(matcher);
  const texts = new Set([
    ...formsOf(catalogue),
    ...aliasesOf(catalogue),
    ...enumerate(catalogue.families, target),
    ...wanted.filter((text) => !/[*?[]/.test(text)),
  ]);
  const listed: ListedPoint[] = [];
  for (const text of texts) {
    for (const point of [text, `${text}.return`]) {
      if (!fits.some((fit) => fit.test(point)) || (point !== text && texts.has(point))) continue;
      const probe = probeOf(point, catalogue, target);
      if (probe) listed.push(new Listed(point, [...probe.variables.values()]));
    }
  }
  // What only a script can mean, such as `process("sh").*`: arguments are in none of the texts.
  if (listed.length === 0) {
    for (const { point, probe } of resolveAll(pattern, catalogue, target).probes)
      listed.push(new Listed(point, [...probe.variables.values()]));
  }
  return listed.toSorted((left, right) => (left.point < right.point ? -1 : 1));
}

/** A tracepoint's group, `sched:` in `"sched:sched_switch"`, is part of no name that the kernel's types tell. */
function withoutGroup(point: string): string {
  return point.replace(/^(kernel\.trace\(")\w+:/, "$1");
}

function matcher(pattern: string): RegExp {
  const pieces = pattern.match(/\*\*|"[^"]*"?|[^]/g) ?? [];
  const source = pieces.map((piece) => {
    if (piece === "**") return ".*";
    if (piece === "*") return "[^.]*";
    if (piece === "?") return "[^.]";
    return escape(piece).replaceAll("\\*", '[^"]*').replaceAll("\\?", '[^"]');
  });
  return new RegExp(`^${source.join("")}$`, "s");
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function expandBraces(pattern: string): string[] {
  const match = /^([^{]*)\{([^{}]*)\}([^]*)$/.exec(pattern);
  if (!match) return [pattern];
  const [, before = "", choices = "", after = ""] = match;
  return choices.split(",").flatMap((choice) => expandBraces(before + choice.trim() + after));
}

/** Every name the families can complete, followed into its parts. */
function enumerate(families: readonly ProbeFamily[], target: Target): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [""];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    for (const point of families.flatMap((family) => family.complete?.(prefix, target) ?? [])) {
      if (found.has(point)) continue;
      found.add(point);
      if (point.endsWith('("')) open.push(point);
      else if (/^\w+$/.test(point)) open.push(`${point}.`);
    }
  }
  return found;
}

/** Forms such as `timer.s(N)` stand for more points than can be listed. */
function formsOf(catalogue: Catalogue): readonly string[] {
  return catalogue.families.flatMap((family) => family.forms);
}

function aliasesOf(catalogue: Catalogue): readonly string[] {
  return catalogue.prelude.flatMap(({ text }) =>
    parse(text).flatMap((item) =>
      item.kind === "alias" ? item.names.map(({ components }) => components.map(({ name }) => name).join(".")) : [],
    ),
  );
}

function parse(text: string): ReturnType<typeof parseScript>["script"]["items"] {
  const options = { mode: "script", arguments: [], conditions: machineConditions(false), macros: new Map() } as const;
  const { script, diagnostics } = parseScript({ name: "list", text }, options);
  return diagnostics.hasErrors ? [] : script.items;
}

/** The probe that a point names; null where it names none. An alias is what its first point is. */
function probeOf(text: string, catalogue: Catalogue, target: Target): ResolvedProbe | null {
  const pattern = patternOf(text.replace(/\(N\)/g, "(1)"));
  if (!pattern) return null;
  for (const family of catalogue.families) {
    const resolution = family.resolve(pattern, target);
    if (resolution) return resolution.kind === "resolved" ? (resolution.probes[0]?.probe ?? null) : null;
  }
  return aliasesOf(catalogue).includes(text) ? { kind: "user", moment: { kind: "never" }, variables: new Map() } : null;
}

/** Null where the text is no single point. */
function patternOf(text: string): PointPattern | null {
  const [item] = parse(`probe ${text} {}`);
  if (item?.kind !== "probe") return null;
  const [point, other] = item.points;
  if (!point || other) return null;
  return { components: point.components.map(({ name, argument }) => ({ name, argument: argument?.value ?? null })) };
}
