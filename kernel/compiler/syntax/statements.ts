/** Statements and blocks. A statement that cannot be read is left out of its list; reading goes on behind it. */
import { positionAt } from "../source.js";
import type { Block, Expression, Statement } from "./ast.js";
import type { Cursor } from "./cursor.js";
import { parseExpression, parseKey, parseName } from "./expressions.js";
import { parseForeachHead } from "./foreach.js";
import * as messages from "./messages.js";
import { withSnapshot } from "./snapshot_names.js";
import { misspeltKeyword } from "./spelling.js";
import { describeToken, type Token } from "./token.js";

/** `{ … }` */
export function parseBlock(cursor: Cursor, hint?: string): Block {
  if (!cursor.at("{")) cursor.unexpected("`{`", hint);
  cursor.recover("body");
  const opener = cursor.expect("{");
  const statements: Statement[] = [];
  while (!cursor.atEnd && !cursor.at("}") && !startsItemAfter(cursor, opener)) {
    const statement = parseListed(cursor);
    if (statement) statements.push(statement);
  }
  if (cursor.failing) return { kind: "block", statements, span: opener.span };
  if (!cursor.accept("}")) cursor.report(messages.missingBrace(describeToken(cursor.token), opener.span), cursor.token);
  return { kind: "block", statements, span: cursor.spanFrom(opener.span) };
}

/**
 * Whether a `probe`, `function` or `global` shows that the block's `}` was forgotten: where it is not indented
 * deeper than the line of the opener. Otherwise it is an attempt to nest, and is refused where it stands.
 */
function startsItemAfter(cursor: Cursor, opener: Token): boolean {
  if (!cursor.atItemKeyword()) return false;
  const { token } = cursor;
  const isDefinition = token.text === "probe" || token.text === "function";
  if (token.gap !== "line") return isDefinition;
  return indentation(token) <= indentation(opener);
}

function indentation(token: Token): number {
  const { source, start } = token.span;
  const lineStart = start - (positionAt(source, start).column - 1);
  return source.text.slice(lineStart).search(/[^ \t]|$/);
}

/** What other languages declare variables with. */
const DECLARATION_WORDS: ReadonlySet<string> = new Set([
  "int",
  "long",
  "unsigned",
  "char",
  "var",
  "let",
  "auto",
  "string",
]);

/** One statement of a list, or null where it could not be read. */
function parseListed(cursor: Cursor): Statement | null {
  const before = cursor.position;
  const statement = parseStatement(cursor);
  if (!cursor.failing) return statement;
  cursor.resynchronise(before);
  return null;
}

export function parseStatement(cursor: Cursor): Statement {
  const { token } = cursor;
  if (!cursor.enter()) return { kind: "empty", span: token.span };
  const statement = token.kind === "keyword" ? parseKeyword(cursor, token) : parsePlain(cursor, token);
  cursor.leave();
  return statement;
}

function parsePlain(cursor: Cursor, token: Token): Statement {
  if (token.text === "{") return parseBlock(cursor);
  if (cursor.accept(";")) return { kind: "empty", span: token.span };
  const keyword = misspeltKeyword(cursor);
  if (keyword !== null) cursor.fail(messages.misspeltKeyword(token.text, keyword));
  if (token.kind === "embedded") {
    cursor.take();
    cursor.accept(";");
    return { kind: "embedded", code: token.value, span: token.span };
  }
  const expression = parseExpression(cursor);
  cursor.accept(";");
  return { kind: "expression", expression, span: expression.span };
}

function parseKeyword(cursor: Cursor, token: Token): Statement {
  switch (token.text) {
    case "if":
      return parseIf(cursor);
    case "while":
      return parseWhile(cursor);
    case "for":
      return parseFor(cursor);
    case "foreach":
      return parseForeach(cursor);
    case "delete":
      return parseDelete(cursor);
    case "return":
      return parseReturn(cursor);
    case "try":
      return parseTry(cursor);
    case "break":
    case "continue":
    case "next":
      cursor.take();
      cursor.accept(";");
      return { kind: token.text, span: token.span };
    default:
      return parseMisplaced(cursor, token);
  }
}

/** A keyword that starts no statement. */
function parseMisplaced(cursor: Cursor, token: Token): Statement {
  switch (token.text) {
    case "else":
      cursor.report(messages.strayElse(), token);
      cursor.take();
      return parseStatement(cursor);
    case "catch":
      cursor.fail(messages.strayCatch());
      break;
    case "long":
    case "string":
      cursor.fail(messages.declaredType(token.text));
      break;
    case "probe":
    case "function":
    case "global":
    case "private":
      cursor.fail(messages.nestedDeclaration(token.text));
      break;
    case "limit":
      cursor.unexpected("a statement", "`limit` stands in the parentheses: `foreach (key in array- limit 10)`.");
      break;
    default:
      cursor.unexpected("a statement");
  }
  return { kind: "empty", span: token.span };
}

/** The body of a loop or a branch. It recovers by itself, so that an `else` after a bad statement finds its `if`. */
function parseBody(cursor: Cursor): Statement {
  if (cursor.atEnd || cursor.at("}")) cursor.fail(messages.bodyExpected(describeToken(cursor.token)));
  if (cursor.failing) return { kind: "empty", span: cursor.token.span };
  const { span } = cursor.token;
  return parseListed(cursor) ?? { kind: "empty", span };
}

/** `( … )` before a body; a mistake inside is left behind if the body can be found. */
function parseHead<Head>(cursor: Cursor, hint: string, parse: () => Head): Head {
  const opener = cursor.open("(", hint);
  const head = parse();
  cursor.close(opener);
  cursor.recover("head");
  return head;
}

function parseCondition(cursor: Cursor, keyword: string): Expression {
  return parseHead(cursor, `Write \`${keyword} (condition)\`.`, () => parseExpression(cursor));
}

/** `else if` chains are read in a loop and folded, so that a long one takes no stack. */
function parseIf(cursor: Cursor): Statement {
  const branches: { start: Token; condition: Expression; then: Statement }[] = [];
  let otherwise: Statement | null = null;
  for (;;) {
    const start = cursor.expect("if");
    branches.push({ start, condition: parseCondition(cursor, "if"), then: parseBody(cursor) });
    if (!cursor.accept("else")) break;
    if (cursor.at("if")) continue;
    otherwise = parseBody(cursor);
    break;
  }
  for (const { start, condition, then } of branches.toReversed()) {
    otherwise = { kind: "if", condition, then, otherwise, span: cursor.spanFrom(start.span) };
  }
  return otherwise ?? { kind: "empty", span: cursor.token.span };
}

function parseWhile(cursor: Cursor): Statement {
  const start = cursor.take();
  const condition = parseCondition(cursor, "while");
  const body = parseBody(cursor);
  return { kind: "while", condition, body, span: cursor.spanFrom(start.span) };
}

function parseFor(cursor: Cursor): Statement {
  const start = cursor.take();
  if (cursor.token.text === "each") cursor.fail(messages.misspeltKeyword("for each", "foreach"), start);
  const hint = "Write `for (start; condition; step)`.";
  const head = parseHead(cursor, hint, () => {
    if (DECLARATION_WORDS.has(cursor.token.text) && cursor.following.kind === "name")
      cursor.fail(messages.declaredType(cursor.token.text));
    const initial = cursor.at(";") ? null : parseExpression(cursor);
    if (cursor.at(")") && initial?.kind === "membership") cursor.fail(messages.foreachExpected(), start);
    cursor.expect(";", hint);
    const condition = cursor.at(";") ? null : parseExpression(cursor);
    cursor.expect(";", hint);
    const step = cursor.at(")") ? null : parseExpression(cursor);
    return { initial, condition, step };
  });
  const body = parseBody(cursor);
  return { kind: "for", ...head, body, span: cursor.spanFrom(start.span) };
}

function parseForeach(cursor: Cursor): Statement {
  const start = cursor.take();
  const head = parseHead(cursor, "Write `foreach (key in array)`.", () => parseForeachHead(cursor));
  const body = parseBody(cursor);
  return { kind: "foreach", ...head, body, span: cursor.spanFrom(start.span) };
}

function parseDelete(cursor: Cursor): Statement {
  const start = cursor.take();
  const name = withSnapshot(cursor, parseName(cursor, "the name of a variable or an array"));
  const key = cursor.at("[") ? parseKey(cursor, true) : null;
  const span = cursor.spanFrom(start.span);
  cursor.accept(";");
  return { kind: "delete", name, key, span };
}

function parseReturn(cursor: Cursor): Statement {
  const start = cursor.take();
  const { kind, text } = cursor.token;
  const hasValue =
    kind === "name" ||
    kind === "number" ||
    kind === "string" ||
    kind === "embedded" ||
    (kind === "operator" && (text.startsWith("@") || ["(", "[", "-", "+", "!", "~", "&", "++", "--"].includes(text)));
  const value = hasValue ? parseExpression(cursor) : null;
  const span = cursor.spanFrom(start.span);
  cursor.accept(";");
  return { kind: "return", value, span };
}

function parseTry(cursor: Cursor): Statement {
  const start = cursor.take();
  const isBraced = cursor.at("{");
  const body = isBraced ? parseBlock(cursor) : parseUnbraced(cursor);
  if (!isBraced && !cursor.at("catch")) return { kind: "try", body, variable: null, handler: body, span: body.span };
  if (!cursor.at("catch")) cursor.fail(messages.missingCatch(describeToken(cursor.token)));
  cursor.take();
  const variable = cursor.at("(") ? parseHead(cursor, "", () => parseName(cursor, "a variable for the message")) : null;
  const handler = parseBlock(cursor, "Write `try { … } catch (message) { … }`.");
  return { kind: "try", body, variable, handler, span: cursor.spanFrom(start.span) };
}

/** The statements of a `try` whose braces are missing, which is one mistake: its `catch` is none. */
function parseUnbraced(cursor: Cursor): Block {
  const { token } = cursor;
  cursor.report(messages.unexpected("`{`", describeToken(token), "Write `try { … } catch { … }`."), token);
  const statements: Statement[] = [];
  while (!cursor.atEnd && !cursor.at("catch") && !cursor.at("}") && !cursor.atItemKeyword()) {
    const statement = parseListed(cursor);
    if (statement) statements.push(statement);
  }
  return { kind: "block", statements, span: cursor.spanFrom(token.span) };
}
