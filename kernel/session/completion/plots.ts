/** What may stand behind `%plot`: names and keys of what there is to show, then the forms that fit it. */
import { MagicError, PLOT_FORMS, parsePlot, type PlotRequest } from "../../magics/index.js";
import { elementName } from "../../tracing/elements.js";
import { decoder, shownEntries } from "../../tracing/results.js";
import { declaredNames } from "../cell_names.js";
import type { Piece } from "../cursor_context.js";
import { plotForms } from "../plots.js";
import type { Session } from "../session.js";
import { plainMatches, type Candidates, type Match } from "./match.js";
import { globalMatches, snapshotMatches } from "./words.js";

/** Keys of an array that a menu has. */
const MOST_KEYS = 100;

/** `argument` is what stands behind the magic's name as far as the cursor, `piece` the last word of it. */
export function plotMatches(session: Session, argument: string, piece: Piece, code: string): Candidates {
  const element =
    /^\s*(?<written>(?<array>\w+(?:@\w+)?)\s*\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*(?:"(?:[^"\\]|\\.)*)?)$/s.exec(
      argument,
    )?.groups;
  if (element) {
    const { written = "", array = "" } = element;
    const start = piece.start + piece.text.length - written.length;
    return { piece: { text: written, start }, matches: keyMatches(session, array) };
  }
  const before = argument.slice(0, argument.length - piece.text.length);
  if (before.trim() === "") return { piece, matches: nameMatches(session, code, piece) };
  const [, named = "", options = ""] = /^((?:"(?:[^"\\]|\\.)*"|[^"])*?)(\s(?:as|top|rate)\b.*)?$/s.exec(before) ?? [];
  const request = requestOf(named);
  const word = /(\w+)\s*$/.exec(options)?.[1];
  if (word === "top" || !request) return { piece, matches: [] };
  const forms = plotForms(session, request);
  if (word === "as") return { piece, matches: formMatches(forms) };
  if (/\sas\s+(?:scatter|timeline)\b/.test(options))
    return { piece, matches: plainMatches(session.rows.get(request.name)?.columnNames ?? [], "column") };
  return { piece, matches: optionMatches(options, forms) };
}

function requestOf(argument: string): PlotRequest | null {
  try {
    return parsePlot(argument);
  } catch (error) {
    if (error instanceof MagicError) return null;
    throw error;
  }
}

/** What is there, and what the cell itself declares. */
function nameMatches(session: Session, code: string, piece: Piece): Match[] {
  return [
    ...globalMatches(session),
    ...plainMatches(declaredNames(code, piece).globals, "global"),
    ...snapshotMatches(session),
    ...plainMatches(session.rows.keys(), "rows"),
  ];
}

/** Whole elements, since a key is told by all of its parts. */
function keyMatches(session: Session, array: string): Match[] {
  const live = session.globals.get(array);
  if (live?.variable.type.kind !== "array") return [];
  const decode = decoder({ names: session.names.of });
  return shownEntries(live.store)
    .slice(0, MOST_KEYS)
    .map(({ key, value, statistic }) => ({
      text: elementName(
        array,
        key.map((part) => (typeof part === "string" ? decode(part) : part)),
      ),
      type: "element",
      signature: statistic ? `${statistic.count} values` : String(value),
    }));
}

/** All where nothing is known yet of what is to be shown. */
function formMatches(fitting: readonly string[] | null): Match[] {
  return Object.entries(PLOT_FORMS)
    .filter(([form]) => fitting === null || fitting.includes(form))
    .map(([text, signature]) => ({ text, type: "option", signature }));
}

function optionMatches(written: string, forms: readonly string[] | null): Match[] {
  const options = {
    as: "in the form that follows",
    top: "only so many of the largest",
    rate: "what a series has grown by in a second",
  };
  return Object.entries(options)
    .filter(([option]) => !new RegExp(String.raw`\s${option}\b`).test(written))
    .filter(([option]) => option !== "rate" || forms === null || forms.includes("series"))
    .map(([text, signature]) => ({ text, type: "option", signature }));
}
