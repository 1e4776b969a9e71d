/** The first pass: a text to its tree. Start reading here. */
import { Diagnostics } from "../diagnostic.js";
import type { Source } from "../source.js";
import type { BareStatement, Item, Script } from "./ast.js";
import { skipBpftraceProbe } from "./bpftrace.js";
import { Complaints } from "./complaints.js";
import type { Conditions } from "./conditions.js";
import { Cursor } from "./cursor.js";
import { parseFunction, parseGlobal, parseProbe, pointWithoutProbe } from "./declarations.js";
import { findTooDeep, MAXIMUM_TREE_DEPTH } from "./depth.js";
import { lex } from "./lex.js";
import * as messages from "./messages.js";
import { sortByPlace } from "./order.js";
import { preprocess, type Macro, type PreprocessResult } from "./preprocess.js";
import { suggestItem } from "./spelling.js";
import { parseStatement } from "./statements.js";
import { describeToken, type Token } from "./token.js";

export interface ParseOptions {
  /** Bare statements are legal in a cell only. */
  readonly mode: "cell" | "script";
  /** What `$1`, `@1` and so on stand for. */
  readonly arguments: readonly string[];
  readonly conditions: Conditions;
  /** Macros that the text may use without defining them. */
  readonly macros: ReadonlyMap<string, Macro>;
}

export interface ParseResult {
  /** Without what could not be read. */
  readonly script: Script;
  /** Those defined in this text. */
  readonly macros: ReadonlyMap<string, Macro>;
  readonly diagnostics: Diagnostics;
}

/** Never throws; mistakes are added to the diagnostics. */
export function parseScript(source: Source, options: ParseOptions, diagnostics = new Diagnostics()): ParseResult {
  const complaints = new Complaints(diagnostics);
  const { tokens, macros } = preprocessText(source, options, diagnostics, complaints);
  const end: Token = tokens.at(-1) ?? { kind: "end", text: "", gap: "none", span: { source, start: 0, end: 0 } };
  const cursor = new Cursor(tokens, end, complaints);
  const items = options.mode === "cell" ? parseCell(cursor) : parseItems(cursor);
  const span = { source, start: 0, end: source.text.length };
  const script = { items: items.filter((item) => isShallow(item, complaints)), span };
  sortByPlace(diagnostics, source);
  return { script, macros, diagnostics };
}

/** The macros of a library, by name. */
export function parseMacros(library: readonly Source[], conditions: Conditions): ReadonlyMap<string, Macro> {
  const options: ParseOptions = { mode: "script", arguments: [], conditions, macros: new Map() };
  return new Map(library.flatMap((source) => [...parseScript(source, options).macros]));
}

/** The tokens that the parser sees: macros expanded, conditionals decided, every problem reported. */
export function readTokens(source: Source, options: ParseOptions, diagnostics: Diagnostics): readonly Token[] {
  return preprocessText(source, options, diagnostics, new Complaints(diagnostics)).tokens;
}

function preprocessText(
  source: Source,
  options: ParseOptions,
  diagnostics: Diagnostics,
  complaints: Complaints,
): PreprocessResult {
  const { tokens, unusedArguments } = lex(source, options.arguments);
  const result = preprocess(tokens, options.conditions, options.macros, complaints);
  if (unusedArguments.length > 0) {
    const { code, message, ...more } = messages.unusedArguments(unusedArguments);
    diagnostics.warning("parse", code, { source, start: 0, end: 0 }, message, more);
  }
  return result;
}

function isShallow(item: Item, complaints: Complaints): boolean {
  const span = findTooDeep(item);
  if (span) complaints.report(span, messages.tooDeep(MAXIMUM_TREE_DEPTH));
  return span === null;
}

function parseCell(cursor: Cursor): Item[] {
  const items: Item[] = [];
  // After a mistake in an item the `}` of its body may be met.
  let astray = false;
  while (!cursor.atEnd) {
    if (cursor.accept(";") || (astray && cursor.accept("}")) || skipBpftraceProbe(cursor)) continue;
    const before = cursor.position;
    const definition = parseItem(cursor);
    const item = definition ?? parseBareStatement(cursor);
    if (!cursor.failing) items.push(item);
    if (cursor.failing || definition) astray = cursor.failing;
    cursor.resynchronise(before);
  }
  return items;
}

function parseItems(cursor: Cursor): Item[] {
  const items: Item[] = [];
  // Of statements in a row only the first is reported, and none right after another mistake.
  let astray = false;
  while (!cursor.atEnd) {
    if (cursor.accept(";") || skipBpftraceProbe(cursor)) continue;
    if (cursor.at("}")) {
      // After a mistake it may be the partner of a brace that was read as something else.
      if (!astray && cursor.complaints === 0) cursor.report(messages.strayBrace(), cursor.token);
      cursor.take();
      continue;
    }
    const before = cursor.position;
    const { token } = cursor;
    const item = parseItem(cursor);
    if (item === null) {
      if (!astray) cursor.report(messages.bareStatement(describeToken(token), suggestItem(token.text)), token);
      parseStatement(cursor);
    } else if (!cursor.failing) items.push(item);
    astray = item === null || cursor.failing;
    cursor.resynchronise(before);
  }
  return items;
}

/** Null where the text goes on with a statement. */
function parseItem(cursor: Cursor): Item | null {
  const { token } = cursor;
  if (token.kind === "embedded") {
    cursor.take();
    return { kind: "embedded", code: token.value, span: token.span };
  }
  switch (token.text) {
    case "probe":
      return parseProbe(cursor);
    case "global":
      return parseGlobal(cursor, null);
    case "function":
      return parseFunction(cursor, null);
    case "private":
      cursor.take();
      return cursor.at("function") ? parseFunction(cursor, token) : parseGlobal(cursor, token);
  }
  const point = pointWithoutProbe(cursor);
  if (point === null) return null;
  cursor.report(messages.missingProbe(point), token);
  return parseProbe(cursor, false);
}

function parseBareStatement(cursor: Cursor): BareStatement {
  const { span } = cursor.token;
  if (cursor.at("}")) cursor.fail(messages.strayBrace());
  const statement = parseStatement(cursor);
  return { kind: "statement", statement, span: cursor.failing ? span : statement.span };
}
