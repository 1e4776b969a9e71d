/** What a name means: a function of the tapset, a global with its first rows, a keyword's family of probes. */
import type { TapsetFunction } from "../compiler/catalogue.js";
import type { MimeBundle } from "../protocol/interpreter.js";
import { plainResult } from "../render/index.js";
import { globalResults } from "../tracing/results.js";
import type { Session } from "./session.js";
import { describeType } from "./types.js";

/** Null where the word at the cursor means nothing here. */
export function inspect(session: Session, code: string, cursor: number, detail: 0 | 1): MimeBundle | null {
  const word = wordAt([...code], cursor);
  const pages = session.catalogue.functions.filter(({ name }) => name === word).map((entry) => functionPage(entry, detail));
  if (pages.length > 0) return bundle(pages.join("\n\n"));
  const global = session.globals.get(word);
  if (global) {
    const { variable, store } = global;
    const [result] = globalResults(variable, store, session.unit(word));
    return bundle([`global ${word}: ${describeType(variable.type)}`, "", ...(result ? [plainResult(result)] : [])].join("\n"));
  }
  const family = session.catalogue.families.find(({ name }) => name === word);
  if (family) return bundle([family.summary, "", ...family.forms, "", family.example].join("\n"));
  return null;
}

function wordAt(characters: readonly string[], cursor: number): string {
  const isWord = (index: number): boolean => /[\w$@]/.test(characters[index] ?? " ");
  let start = Math.min(cursor, characters.length);
  // Behind an opening parenthesis, what is called is meant.
  if (!isWord(start) && characters[start - 1] === "(") start--;
  while (start > 0 && isWord(start - 1)) start--;
  let end = start;
  while (isWord(end)) end++;
  return characters.slice(start, end).join("");
}

function functionPage(entry: TapsetFunction, detail: 0 | 1): string {
  const signature = `${entry.name}(${entry.parameters.map(({ name, type }) => `${name}:${type}`).join(", ")})${entry.returns === null ? "" : `:${entry.returns}`}`;
  const parameters = entry.parameters.map(({ name, meaning }) => `  ${name}: ${meaning}`);
  const unit = entry.unit === undefined ? [] : [`Unit: ${entry.unit}`];
  const example = detail === 1 ? ["", "Example:", entry.example] : [];
  return [signature, "", entry.summary, ...parameters, ...unit, ...example].join("\n");
}

function bundle(text: string): MimeBundle {
  return { data: { "text/plain": text }, metadata: {} };
}
