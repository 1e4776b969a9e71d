/** Help on globals, functions, macros and the words of the language. */
import type { ProbeFamily, TapsetFunction } from "../../compiler/catalogue.js";
import { globalTypeText } from "../../compiler/check/wording.js";
import { positionAt } from "../../compiler/source.js";
import type { FunctionDefinition } from "../../compiler/syntax/ast.js";
import type { Macro } from "../../compiler/syntax/macros.js";
import { plainResult } from "../../render/index.js";
import type { Result } from "../../tracing/result.js";
import { globalResults } from "../../tracing/results.js";
import { LANGUAGE } from "../language.js";
import type { Session } from "../session.js";
import { definitionSignature, libraryFunctions, tapsetSignature } from "../signatures.js";
import { userGlobals } from "../user_globals.js";
import type { HelpPage } from "./help_page.js";

export function namePages(session: Session, word: string, detail: 0 | 1): HelpPage[] {
  const isDescribed = session.catalogue.library?.some(({ name }) => name === word);
  const macro = word.startsWith("@") ? session.knownMacros.get(word.slice(1)) : undefined;
  return [
    ...session.known.functions
      .filter(({ name }) => name === word)
      .map((definition) => ownFunctionPage(definition, detail)),
    ...LANGUAGE.filter(({ name }) => name === word).map(({ form, summary, example }) => ({
      title: form,
      paragraphs: [summary],
      rows: [],
      example,
    })),
    ...(macro ? [macroPage(macro, detail)] : []),
    ...[...session.catalogue.functions, ...(session.catalogue.library ?? [])]
      .filter(({ name }) => name === word)
      .map(functionPage),
    ...libraryFunctions(session)
      .filter(({ name }) => name === word && !isDescribed)
      .map((definition) => ownFunctionPage(definition, detail)),
  ];
}

export function familyPages(session: Session, word: string): HelpPage[] {
  return session.catalogue.families.filter(({ name }) => name === word).map(familyPage);
}

export function familyPage({ name, summary, forms, example }: ProbeFamily): HelpPage {
  return { title: name, paragraphs: [summary], rows: forms.map((form) => [form, ""] as const), example };
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

function macroPage({ name, parameters, body, span: { source, start } }: Macro, detail: 0 | 1): HelpPage {
  const text = `%( ${body.map((token) => token.text).join(" ")} %)`;
  return {
    title: `@${name}${parameters === null ? "" : `(${parameters.join(", ")})`}`,
    paragraphs: [`A macro, defined in ${source.name}, line ${positionAt(source, start).line}.`],
    rows: [],
    ...(detail === 1 ? { preformatted: text } : {}),
  };
}

/** Rows of a table that help shows. */
const FEW_ROWS = 5;
const MANY_ROWS = 25;

export function globalPages(session: Session, word: string, detail: 0 | 1): HelpPage[] {
  const known = userGlobals(session).find(({ name }) => name === word);
  if (!known) return [];
  const { source, start } = known.declaredAt;
  const place = `Declared in ${source.name}, line ${positionAt(source, start).line}.`;
  const title = `global ${word}: ${known.type ? globalTypeText(known.type) : "not used yet"}`;
  const live = session.globals.get(word);
  if (!known.type || !live) return [{ title, paragraphs: [place], rows: [] }];
  const paragraphs = [place];
  if (known.type.kind === "array") paragraphs.push(`Elements: ${live.store.entries().length}.`);
  if (known.type.kind === "statistic") paragraphs.push(`Values: ${live.store.getStatistic([])?.count ?? 0n}.`);
  const [result] = globalResults(live.variable, live.store, { unit: session.unit(word), names: session.names.of });
  if (!result) return [{ title, paragraphs, rows: [] }];
  return [
    { title, paragraphs, rows: [], preformatted: plainResult(shortened(result, detail === 1 ? MANY_ROWS : FEW_ROWS)) },
  ];
}

function shortened(result: Result, rows: number): Result {
  if (result.kind === "table") return { ...result, rows: result.rows.slice(0, rows) };
  if (result.kind === "bars") return { ...result, bars: result.bars.slice(0, rows) };
  if (result.kind === "histograms") return { ...result, panels: result.panels.slice(0, 1) };
  return result;
}
