/** Names: of the probe's variables, of globals, functions, macros, locals, and the words of the language. */
import type { KnownGlobal } from "../../compiler/check/definitions.js";
import { globalTypeText } from "../../compiler/check/wording.js";
import { aliasNamed, variablesOfAlias } from "../aliases.js";
import { declaredNames, localNames } from "../cell_names.js";
import { contextVariables, enclosingPoints, type Piece } from "../cursor_context.js";
import { LANGUAGE } from "../language.js";
import type { Session } from "../session.js";
import { definitionSignature, libraryFunctions, tapsetSignature, variableType } from "../signatures.js";
import { userGlobals } from "../user_globals.js";
import type { Match } from "./match.js";

export function wordMatches(session: Session, code: string, piece: Piece): Match[] {
  if (piece.text.startsWith("$")) return variableMatches(session, code, piece);
  if (piece.text.startsWith("@")) return operatorMatches(session, code);
  const own = declaredNames(code, piece);
  return [
    ...variableMatches(session, code, piece),
    ...aliasVariables(session, code, piece),
    ...localNames(code, piece).map((text) => ({ text, type: "local" })),
    ...globalMatches(session),
    ...snapshotMatches(session),
    ...own.globals.map((text) => ({ text, type: "global", signature: "declared in this cell" })),
    ...own.functions.map(({ name, signature }) => ({ text: name, type: "function", signature })),
    ...session.known.functions.map(functionMatch),
    ...languageMatches(),
    ...session.catalogue.functions.map((entry) => ({
      text: entry.name,
      type: "function",
      signature: tapsetSignature(entry),
    })),
    ...libraryFunctions(session).map(functionMatch),
    ...operatorMatches(session, code),
  ];
}

function functionMatch(own: Session["known"]["functions"][number]): Match {
  return { text: own.name, type: "function", signature: definitionSignature(own) };
}

function variableMatches(session: Session, code: string, piece: Piece): Match[] {
  return [...contextVariables(session, code, piece.start).values()].map((variable) => ({
    text: variable.name,
    type: "variable",
    signature: variableType(variable),
  }));
}

/** Those that the aliases of the handler's points set. */
function aliasVariables(session: Session, code: string, piece: Piece): Match[] {
  const points = enclosingPoints(code.slice(0, piece.start))?.split(",") ?? [];
  const aliases = points.flatMap((point) => aliasNamed(session, point.trim()) ?? []);
  return aliases.flatMap((alias) =>
    variablesOfAlias(alias).map((text) => ({ text, type: "variable", signature: "set by the alias" })),
  );
}

/** Operators that start with `@`, and macros. */
function operatorMatches(session: Session, code: string): Match[] {
  const macros = [...session.knownMacros.values()].map(({ name, parameters }) => ({
    text: `@${name}`,
    type: "macro",
    signature: parameters === null ? "" : `(${parameters.join(", ")})`,
  }));
  const own = declaredNames(code, { text: "", start: code.length }).macros;
  return [
    ...languageMatches().filter(({ text }) => text.startsWith("@")),
    ...macros,
    ...own.map((name) => ({ text: `@${name}`, type: "macro", signature: "defined in this cell" })),
  ];
}

function languageMatches(): Match[] {
  return LANGUAGE.filter(({ kind }) => kind !== "operator").map(({ name, kind, form }) => ({
    text: name,
    type: kind,
    signature: form,
  }));
}

export function globalMatches(session: Session): Match[] {
  return userGlobals(session).map(globalMatch);
}

/** Globals as snapshots hold them. */
export function snapshotMatches(session: Session): Match[] {
  return session.snapshots.all().flatMap(({ globals }) => [...globals.values()].map(globalMatch));
}

function globalMatch({ name, type }: KnownGlobal): Match {
  return { text: name, type: "global", signature: type ? globalTypeText(type) : "not used yet" };
}
