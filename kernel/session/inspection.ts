/** What the word or the probe point at the cursor means. */
import type { ContextVariable, ProbeFamily, TapsetFunction } from "../compiler/catalogue.js";
import { positionAt } from "../compiler/source.js";
import type { FunctionDefinition } from "../compiler/syntax/ast.js";
import { parseScript } from "../compiler/syntax/parse.js";
import { magics } from "../magics/index.js";
import type { MimeBundle } from "../protocol/interpreter.js";
import { plainResult } from "../render/index.js";
import type { Result } from "../tracing/result.js";
import { globalResults } from "../tracing/results.js";
import { contextVariables, insideAt, magicLineBefore, pointBefore, probesOf } from "./cursor_context.js";
import { helpBundle, type HelpPage } from "./help_page.js";
import { LANGUAGE } from "./language.js";
import type { Session } from "./session.js";
import { definitionSignature, libraryFunctions, tapsetSignature } from "./signatures.js";
import { describeType, userGlobals } from "./types.js";

/** Null where the word at the cursor means nothing here. `cursor` counts code points. Never throws, whatever the text. */
export function inspect(session: Session, code: string, cursor: number, detail: 0 | 1): MimeBundle | null {
  const offset = Array.from(code).slice(0, Math.max(0, cursor)).join("").length;
  const pages = pagesAt(session, code, offset, detail);
  if (pages.length === 0) return null;
  return helpBundle(pages, detail === 1);
}

function pagesAt(session: Session, code: string, cursor: number, detail: 0 | 1): HelpPage[] {
  const { start, end } = wordAround(code, cursor);
  const word = code.slice(start, end);
  if (magicLineBefore(code, start + 1) !== null || magicLineBefore(code, start) !== null) return magicPages(word);
  const point = pointAround(code, end);
  if (point !== null) return pointPages(session, point, detail);
  if (word === "" || insideAt(code, start) !== "script") return [];
  const variable = contextVariables(session, code, start).get(word);
  const pages = [
    ...globalPages(session, word, detail),
    ...(variable ? [variablePage(variable)] : []),
    ...session.known.functions
      .filter(({ name }) => name === word)
      .map((definition) => ownFunctionPage(definition, detail)),
    ...LANGUAGE.filter(({ name }) => name === word).map(({ form, summary, example }) => ({
      title: form,
      paragraphs: [summary],
      rows: [],
      example,
    })),
    ...[...session.catalogue.functions, ...(session.catalogue.library ?? [])]
      .filter(({ name }) => name === word)
      .map(functionPage),
    ...libraryFunctions(session)
      .filter(({ name }) => name === word && !session.catalogue.library?.some((described) => described.name === word))
      .map((definition) => ownFunctionPage(definition, detail)),
  ];
  if (pages.length > 0) return pages;
  return session.catalogue.families.filter(({ name }) => name === word).map(familyPage);
}

function wordAround(code: string, cursor: number): { readonly start: number; readonly end: number } {
  const isWord = (index: number): boolean => /[\w$@]/.test(code.charAt(index));
  let start = cursor;
  // Behind an opening parenthesis, what is called is meant.
  if (!isWord(start) && !isWord(start - 1) && code[start - 1] === "(") start--;
  while (start > 0 && isWord(start - 1)) start--;
  let end = start;
  while (end < code.length && isWord(end)) end++;
  return { start, end };
}

/** The whole probe point, of which the cursor need only touch a part. */
function pointAround(code: string, end: number): string | null {
  const rest = /^(?:"?\))?[\w.*?]*(?:\((?:\d+|"[^"\n]*")\)[\w.*?]*)*/.exec(code.slice(end))?.[0] ?? "";
  const point = pointBefore(code, end + rest.length);
  return point === null || point.text === "" ? null : point.text;
}

function magicPages(word: string): HelpPage[] {
  return magics
    .filter(({ name }) => name === word)
    .map(({ usage, summary, example }) => ({ title: usage, paragraphs: [sentence(summary)], rows: [], example }));
}

function pointPages(session: Session, point: string, detail: 0 | 1): HelpPage[] {
  const family = familyOf(session, point);
  const probes = probesOf(session, point);
  if (!family && probes.length === 0) return [];
  const rows = detail === 1 ? variableRows(probes[0]?.variables ?? new Map()) : [];
  const alias: HelpPage = {
    title: point,
    paragraphs: [`An alias that stands for ${probes.length} probe${probes.length === 1 ? "" : "s"}.`],
    rows: [],
  };
  const page = family ? familyPage(family) : alias;
  return [{ ...page, title: point, rows: [...page.rows, ...rows] }];
}

function familyOf(session: Session, point: string): ProbeFamily | undefined {
  const options = { mode: "script", arguments: [], conditions: session.conditions(), macros: new Map() } as const;
  const [item] = parseScript({ name: "inspection", text: `probe ${point} { }` }, options).script.items;
  const written = item?.kind === "probe" ? item.points[0] : undefined;
  if (!written) return undefined;
  const components = written.components.map(({ name, argument }) => ({ name, argument: argument?.value ?? null }));
  return session.catalogue.families.find((family) => family.resolve({ components }, session.target(0)) !== null);
}

function familyPage({ name, summary, forms, example }: ProbeFamily): HelpPage {
  return { title: name, paragraphs: [summary], rows: forms.map((form) => [form, ""] as const), example };
}

function variableRows(variables: ReadonlyMap<string, ContextVariable>): (readonly [string, string])[] {
  return [...variables.values()].map(({ name, type, summary }) => [`${name}:${type}`, summary] as const);
}

function variablePage({ name, type, summary }: ContextVariable): HelpPage {
  return { title: `${name}:${type}`, paragraphs: [summary, "A variable of this probe point."], rows: [] };
}

function functionPage(entry: TapsetFunction): HelpPage {
  const { name, summary, parameters, unit, example, needsGuru, kernel, kernelRefusal, user, userRefusal } = entry;
  const paragraphs = [summary];
  if (unit !== undefined) paragraphs.push(`Unit: ${unit}.`);
  if (needsGuru) paragraphs.push("Only in guru mode, which `%guru` and `-g` switch on.");
  if (!kernel) paragraphs.push(withReason("Not inside probes on events", kernelRefusal));
  if (!user) paragraphs.push(withReason("Only inside probes on events", userRefusal));
  return {
    title: name + tapsetSignature(entry),
    paragraphs,
    rows: parameters.map(({ name: parameter, meaning }) => [parameter, meaning]),
    example,
  };
}

function withReason(what: string, reason: string | undefined): string {
  return reason === undefined ? `${what}.` : `${what}: ${reason.replace(/\.$/, "")}.`;
}

function ownFunctionPage(definition: FunctionDefinition, detail: 0 | 1): HelpPage {
  const { source, start, end } = definition.span;
  return {
    title: `function ${definition.name}${definitionSignature(definition)}`,
    paragraphs: [`Defined in ${source.name}, line ${positionAt(source, start).line}.`],
    rows: [],
    ...(detail === 1 ? { preformatted: source.text.slice(start, end) } : {}),
  };
}

/** Rows of a table that help shows. */
const FEW_ROWS = 5;
const MANY_ROWS = 25;

function globalPages(session: Session, word: string, detail: 0 | 1): HelpPage[] {
  const known = userGlobals(session).find(({ name }) => name === word);
  if (!known) return [];
  const { source, start } = known.declaredAt;
  const place = `Declared in ${source.name}, line ${positionAt(source, start).line}.`;
  const title = `global ${word}: ${known.type ? describeType(known.type) : "not used yet"}`;
  const live = session.globals.get(word);
  if (!known.type || !live) return [{ title, paragraphs: [place], rows: [] }];
  const [result] = globalResults(live.variable, live.store, { unit: session.unit(word), names: session.names.of });
  if (!result) return [{ title, paragraphs: [place], rows: [] }];
  const paragraphs =
    result.kind === "table" && known.type.kind === "array" ? [place, `Elements: ${result.totalRows}.`] : [place];
  return [
    { title, paragraphs, rows: [], preformatted: plainResult(shortened(result, detail === 1 ? MANY_ROWS : FEW_ROWS)) },
  ];
}

function shortened(result: Result, rows: number): Result {
  return result.kind === "table" ? { ...result, rows: result.rows.slice(0, rows) } : result;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
