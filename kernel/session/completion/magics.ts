/** `%name`, then what its arguments may be. */
import { magics, type Magic, type MagicArgument } from "../../magics/index.js";
import type { Piece } from "../cursor_context.js";
import { LANGUAGE } from "../language.js";
import { LIMIT_SETTINGS } from "../limit_settings.js";
import type { CompletionContext } from "./complete.js";
import { plainMatches, type Candidates, type Match } from "./match.js";
import { fileNames } from "./paths.js";
import { plotMatches } from "./plots.js";
import { pointMatches } from "./points.js";
import { globalMatches, snapshotMatches, wordMatches } from "./words.js";

export function magicMatches(context: CompletionContext, line: string, code: string, cursor: number): Candidates {
  const text = /\S*$/.exec(line)?.[0] ?? "";
  const piece = { text, start: cursor - text.length };
  const { sign, name } = /^(?<sign>%%?)(?<name>\w+)(?=\s)/.exec(line)?.groups ?? {};
  if (line.startsWith("!")) return { piece, matches: [] };
  if (name === undefined) return { piece, matches: magics.map(nameMatch) };
  if (sign === "%" && name === "plot") return plotMatches(context.session, line.slice(`%${name}`.length), piece, code);
  const magic = magics.find((each) => each.name === name && (each.kind === "cell") === (sign === "%%"));
  const expected = magic?.arguments ?? [];
  const word = /\w*$/.exec(text)?.[0] ?? "";
  // Names in an expression are completed by themselves, whatever stands tightly before them.
  if (word !== text && expected.some(({ kind }) => kind === "expression")) {
    const inner = { text: word, start: cursor - word.length };
    return { piece: inner, matches: wordMatches(context.session, code, inner) };
  }
  return merged(
    piece,
    expected.map((argument) => argumentMatches(context, argument, piece, code)),
  );
}

function merged(piece: Piece, lists: readonly Omit<Candidates, "piece">[]): Candidates {
  const more = lists.reduce((sum, list) => sum + (list.more ?? 0), 0);
  return { piece, matches: lists.flatMap(({ matches }) => matches), more };
}

function nameMatch({ kind, name, usage }: Magic): Match {
  return { text: `${kind === "cell" ? "%%" : "%"}${name}`, type: "magic", signature: usage };
}

function argumentMatches(
  { session, traces, probes }: CompletionContext,
  argument: MagicArgument,
  piece: Piece,
  code: string,
): Omit<Candidates, "piece"> {
  switch (argument.kind) {
    case "option":
      return { matches: optionMatches(argument, piece.text) };
    case "global":
      return { matches: globalMatches(session) };
    case "kept":
      return { matches: snapshotMatches(session) };
    case "probe":
      return { matches: plainMatches(probes(), "probe") };
    case "snapshot":
      return {
        matches: plainMatches(
          session.snapshots.all().map(({ name }) => name),
          "snapshot",
        ),
      };
    case "trace":
      return { matches: plainMatches(traces(), "trace") };
    case "magic":
      return { matches: magics.map(({ name, usage }) => ({ text: name, type: "magic", signature: usage })) };
    case "limit":
      return {
        matches: LIMIT_SETTINGS.map(({ name, meaning }) => ({ text: `${name}=`, type: "limit", signature: meaning })),
      };
    case "file":
      return { matches: plainMatches(fileNames(piece.text), "path") };
    case "point":
      return pointMatches(session, piece, code);
    case "expression":
      return { matches: wordMatches(session, code, piece) };
    case "name":
      return {
        matches: [
          ...plainMatches(new Set(LANGUAGE.map(({ name }) => name)), "keyword"),
          ...wordMatches(session, "", piece),
          ...pointMatches(session, piece, code).matches,
        ],
      };
  }
}

/** `out=` goes on with the path of a file. */
function optionMatches({ text, meaning, value }: MagicArgument & { kind: "option" }, written: string): Match[] {
  if (value !== "file" || !written.startsWith(text)) return [{ text, type: "option", signature: meaning }];
  return plainMatches(
    fileNames(written.slice(text.length)).map((path) => text + path),
    "path",
  );
}
