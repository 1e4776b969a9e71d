/** Help on a probe point: what it is, how it is attached here and at what cost, and what it brings. */
import {
  isHiddenVariable,
  type ContextVariable,
  type ListedProbe,
  type PointPattern,
  type ProbeFamily,
  type Resolution,
  type ResolvedProbe,
} from "../../compiler/catalogue.js";
import { positionAt } from "../../compiler/source.js";
import type { AliasDefinition } from "../../compiler/syntax/ast.js";
import { parseScript } from "../../compiler/syntax/parse.js";
import { declaration } from "../../compiler/types/declaration.js";
import { dispatchNanoseconds } from "../../tracing/dispatch_cost.js";
import { aliasNamed, variablesOfAlias } from "../aliases.js";
import { insideAt, pointBefore, probesOf } from "../cursor_context.js";
import type { Session } from "../session.js";
import { variableType } from "../signatures.js";
import type { HelpPage } from "./help_page.js";
import { familyPage } from "./names.js";

/** The whole probe point, of which the cursor need only touch a part. */
export function pointAround(code: string, end: number): string | null {
  const name = insideAt(code, end) === "string" ? (/^[^"\n]*"\)?/.exec(code.slice(end))?.[0] ?? "") : "";
  const start = end + name.length;
  const rest = /^\)?[\w.*?]*(?:\((?:\d+|"[^"\n]*")\)[\w.*?]*)*/.exec(code.slice(start))?.[0] ?? "";
  const point = pointBefore(code, start + rest.length);
  return point === null || point.text === "" ? null : point.text;
}

export function pointPages(session: Session, point: string, detail: 0 | 1): HelpPage[] {
  const pattern = patternOf(session, point);
  const many = pattern && patternPage(session, point, pattern, detail);
  if (many) return [many];
  const found = pattern && familyOf(session, pattern);
  if (found) return [familyPointPage(session, point, found, detail)];
  const alias = aliasNamed(session, point);
  return alias ? [aliasPage(session, point, alias, detail)] : [];
}

interface FoundFamily {
  readonly family: ProbeFamily;
  readonly resolution: Resolution;
  readonly pattern: PointPattern;
}

function familyOf(session: Session, pattern: PointPattern): FoundFamily | null {
  for (const family of session.catalogue.families) {
    const resolution = family.resolve(pattern, session.target(0));
    if (resolution) return { family, resolution, pattern };
  }
  return null;
}

/** Points of a pattern that are counted, and those of them that are looked at. */
const MOST_COUNTED = 200;
const SAMPLE = 50;

/** Of a pattern that may name tens of thousands, each of which would have to be resolved; null where it is none of those. */
function patternPage(session: Session, point: string, pattern: PointPattern, detail: 0 | 1): HelpPage | null {
  if (!pattern.components.some(({ argument }) => typeof argument === "string" && /[*?[]/.test(argument))) return null;
  for (const family of session.catalogue.families) {
    const listed = family.list?.(pattern, session.target(0));
    if (!listed) continue;
    const found: ListedProbe[] = [];
    for (const each of listed) if (found.push(each) === MOST_COUNTED) break;
    const [first] = found;
    if (!first) return null;
    const count = found.length === MOST_COUNTED ? `${MOST_COUNTED} points or more` : `${found.length} points`;
    const examples = found.slice(0, 3).map((each) => each.point);
    const shared = first.variables.filter(({ name }) =>
      found.slice(0, SAMPLE).every(({ variables }) => variables.some((variable) => variable.name === name)),
    );
    const firstPattern = patternOf(session, first.point);
    const resolution = firstPattern && family.resolve(firstPattern, session.target(0));
    const probe = resolution?.kind === "resolved" ? resolution.probes[0]?.probe : undefined;
    const { paragraphs, example } = familyPage(family);
    return {
      title: point,
      example,
      paragraphs: [
        ...paragraphs,
        `Stands for ${count}: ${examples.join(", ")}${found.length > examples.length ? ", …" : ""}`,
        ...(probe ? [`The first of them alone: ${mechanismText(probe, 0)}`] : []),
      ],
      rows: variableRows(shared, detail),
    };
  }
  return null;
}

function familyPointPage(
  session: Session,
  point: string,
  { family, resolution, pattern }: FoundFamily,
  detail: 0 | 1,
): HelpPage {
  const { paragraphs, rows, example } = familyPage(family);
  const prototype = prototypeOf(session, pattern);
  const page = { title: point, example, ...(prototype === null ? {} : { code: prototype }) };
  if (resolution.kind === "refused") {
    const hint = resolution.hint === undefined ? "" : ` ${sentence(resolution.hint)}`;
    return { ...page, paragraphs: [`Cannot be probed here: ${resolution.message}.${hint}`, ...paragraphs], rows };
  }
  const [first, ...others] = resolution.probes.map(({ probe }) => probe);
  const means = first ? [mechanismText(first, others.length)] : [];
  const variables = variableRows(sharedBy(first, others), detail);
  // Who asks for little knows the forms, and wants to know what this point brings.
  const isTold = variables.length > 0 && detail === 0;
  return { ...page, paragraphs: [...paragraphs, ...means], rows: [...(isTold ? [] : rows), ...variables] };
}

function mechanismText(probe: ResolvedProbe, others: number): string {
  if (probe.kind === "user") return "Runs outside of the kernel: it costs what its handler costs.";
  const more = others === 0 ? "" : `, and ${others} more`;
  const cost = dispatchNanoseconds(probe.attach);
  return `Attached here by ${probe.mechanism}${more}. A hit costs about ${cost} ns besides what its handler does.`;
}

function aliasPage(session: Session, point: string, alias: AliasDefinition, detail: 0 | 1): HelpPage {
  const { source, start, end } = alias.span;
  const probes = probesOf(session, point);
  const [first, ...others] = probes;
  const text = source.text.slice(start, end);
  return {
    title: point,
    paragraphs: [
      `An alias that stands for ${probes.length} probe${probes.length === 1 ? "" : "s"}.`,
      `Defined in ${source.name}, line ${positionAt(source, start).line}.`,
      ...(first ? [mechanismText(first, others.length)] : []),
    ],
    rows: [
      ...variablesOfAlias(alias).map((name) => [name, "A variable that the alias sets."] as const),
      ...variableRows(sharedBy(first, others), detail),
    ],
    preformatted: text,
  };
}

/** Variables that all probes of a point have. */
function sharedBy(first: ResolvedProbe | undefined, others: readonly ResolvedProbe[]): readonly ContextVariable[] {
  return [...(first?.variables.values() ?? [])].filter(
    ({ name }) => !isHiddenVariable(name) && others.every(({ variables }) => variables.has(name)),
  );
}

function variableRows(variables: readonly ContextVariable[], detail: 0 | 1): (readonly [string, string])[] {
  return variables
    .filter(({ name }) => detail === 1 || !name.startsWith("$$"))
    .map((variable) => [`${variable.name}:${variableType(variable)}`, variable.summary] as const);
}

function patternOf(session: Session, point: string): PointPattern | null {
  const [item] = parseScript({ name: "inspection", text: `probe ${point} { }` }, session.parseOptions("script")).script
    .items;
  const written = item?.kind === "probe" ? item.points[0] : undefined;
  return written
    ? { components: written.components.map(({ name, argument }) => ({ name, argument: argument?.value ?? null })) }
    : null;
}

/** The C prototype of the function that a point names, where types or debug information tell it. */
function prototypeOf(session: Session, { components }: PointPattern): string | null {
  const argumentOf = (name: string): string | undefined => {
    const argument = components.find((component) => component.name === name)?.argument;
    return typeof argument === "string" ? argument : undefined;
  };
  const name = argumentOf("function");
  if (name === undefined) return null;
  const target = session.target(0);
  if (components[0]?.name !== "process") {
    const types = target.dataTypes(argumentOf("module"));
    const id = types?.find(name, "function");
    return types && id != null ? `${declaration({ types, id }, name)};` : null;
  }
  const path = argumentOf("process");
  const program = path === undefined ? null : target.programs.find(path);
  if (!program || "reason" in program) return null;
  const { debug } = program;
  const described = debug?.functionsNamed(name)[0];
  if (!debug || !described) return null;
  const parameters = described.parameters.map((each) => declaration({ types: debug.types, id: each.type }, each.name));
  const text = declaration(
    { types: debug.types, id: described.returnType },
    `${name}(${parameters.join(", ") || "void"})`,
  );
  return `${text}; /* ${described.file}:${described.line} */`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
}
