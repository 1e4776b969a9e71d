/** What stands outside handlers: probes, aliases, globals and functions. */
import type {
  AliasDefinition,
  Block,
  EmbeddedCode,
  FunctionDefinition,
  GlobalDeclaration,
  GlobalVariableDeclaration,
  Identifier,
  Parameter,
  ProbeDefinition,
  ProbePoint,
  TypeName,
} from "./ast.js";
import type { Cursor } from "./cursor.js";
import { parseName } from "./expressions.js";
import * as messages from "./messages.js";
import { parseLiteral, parseNumber } from "./primaries.js";
import { parseProbePoints } from "./probe_points.js";
import { parseBlock } from "./statements.js";
import type { Token } from "./token.js";

/** A point with dots in it, or one of those that need none, and a block. */
const POINT_AND_BLOCK =
  /(?:(?:begin|end|error|never|oneshot)|[A-Za-z_]\w*(?:\((?:"[^"\n]*"|-?\d+)\))?(?:\.[\w*]+(?:\((?:"[^"\n]*"|-?\d+)\))?)+)(?=[ \t]*\{)/y;

/** The point of a probe whose keyword is missing. */
export function pointWithoutProbe({ token: { kind, span, definition } }: Cursor): string | null {
  if (kind !== "name" || definition) return null;
  POINT_AND_BLOCK.lastIndex = span.start;
  return POINT_AND_BLOCK.exec(span.source.text)?.[0] ?? null;
}

/** `probe points { … }` and all forms of aliases. */
export function parseProbe(cursor: Cursor, hasKeyword = true): ProbeDefinition | AliasDefinition {
  const start = hasKeyword ? cursor.expect("probe") : cursor.token;
  const names: ProbePoint[] = [];
  let operator: Token | null = null;
  let points = parseProbePoints(cursor);
  for (let next = acceptAliasOperator(cursor); next; next = acceptAliasOperator(cursor)) {
    if (operator && operator.text !== next.text) cursor.fail(messages.mixedAlias(), next);
    operator = next;
    const [name] = points;
    if (!name || points.length > 1 || !isAliasName(name))
      cursor.fail(messages.aliasName(), { ...next, span: points[0]?.span ?? next.span });
    else names.push(name);
    points = parseProbePoints(cursor);
  }
  if (cursor.at("/")) cursor.fail(messages.filterInSlashes());
  const body = parseBlock(
    cursor,
    "A probe reads `probe point { statements }`; several points are separated by commas.",
  );
  if (!operator) return { kind: "probe", points, body, span: cursor.spanFrom(start.span) };
  let epilogue: Block | null = null;
  if (cursor.at(",")) {
    if (operator.text === "+=") cursor.fail(messages.epilogueWithAppend());
    cursor.take();
    epilogue = parseBlock(cursor, "Write `probe name = points { before }, { after }`.");
  }
  const span = cursor.spanFrom(start.span);
  if (operator.text === "+=") return { kind: "alias", names, points, prologue: null, epilogue: body, span };
  return { kind: "alias", names, points, prologue: body, epilogue, span };
}

function acceptAliasOperator(cursor: Cursor): Token | null {
  return cursor.accept("=") ?? cursor.accept("+=");
}

function isAliasName({ components, optional, condition }: ProbePoint): boolean {
  const isPlain = components.every(({ name, argument }) => argument === null && !name.includes("*"));
  return isPlain && !optional && condition === null;
}

/** SystemTap's limit, too. */
const LARGEST_ARRAY = 1_000_000n;

/** `global a, b = 3, c[100], d%`; with `private`, the keyword `global` may be left out. */
export function parseGlobal(cursor: Cursor, privately: Token | null): GlobalDeclaration {
  const start = privately ?? cursor.token;
  if (!privately || cursor.at("global")) cursor.expect("global");
  const variables: GlobalVariableDeclaration[] = [];
  do variables.push(parseVariable(cursor));
  while (cursor.accept(","));
  const span = cursor.spanFrom(start.span);
  cursor.accept(";");
  return { kind: "global", isPrivate: privately !== null, variables, span };
}

function parseVariable(cursor: Cursor): GlobalVariableDeclaration {
  const { name, span } = parseName(cursor, "the name of a global");
  let wrap = cursor.accept("%") !== null;
  let size: number | null = null;
  if (cursor.at("[")) {
    const opener = cursor.open("[");
    const number = cursor.token;
    if (cursor.at("]")) cursor.fail(messages.literalExpected("an array's size", "`]`", `Write \`global ${name}\`.`));
    const { value, span } = parseNumber(cursor, "an array's size");
    if (value < 1n || value > LARGEST_ARRAY) cursor.fail(messages.arraySize(LARGEST_ARRAY), { ...number, span });
    size = Number(value);
    cursor.close(opener);
    wrap = cursor.accept("%") !== null || wrap;
  }
  if (cursor.at("=") && /^[[{]$/.test(cursor.following.text))
    cursor.fail(messages.arrayLiteral(name), cursor.following);
  const initial = cursor.accept("=") ? parseLiteral(cursor, "the initial value of a global") : null;
  return { name, size, wrap, initial, span: cursor.spanFrom(span) };
}

/** `function name:type(parameter:type, …):priority { … }` */
export function parseFunction(cursor: Cursor, privately: Token | null): FunctionDefinition {
  const start = cursor.expect("function");
  const { name, span: nameSpan } = parseFunctionName(cursor);
  const returns = parseType(cursor);
  const parameters = parseParameters(cursor);
  const priority = cursor.accept(":") ? Number(parseNumber(cursor, "the priority of a function").value) : null;
  const body = parseFunctionBody(cursor);
  return {
    kind: "function",
    name,
    nameSpan,
    isPrivate: privately !== null,
    parameters,
    returns,
    priority,
    body,
    span: cursor.spanFrom((privately ?? start).span),
  };
}

function parseFunctionName(cursor: Cursor): Identifier {
  const { token } = cursor;
  if (token.kind !== "keyword" || cursor.following.text !== "(") return parseName(cursor, "the name of the function");
  cursor.report(messages.keywordAsName(token.text), token);
  cursor.take();
  return { kind: "name", name: token.text, span: token.span };
}

function parseFunctionBody(cursor: Cursor): Block | EmbeddedCode {
  const { token } = cursor;
  if (token.kind !== "embedded")
    return parseBlock(cursor, "A function reads `function name(parameters) { statements }`.");
  cursor.take();
  return { kind: "embedded", code: token.value, span: token.span };
}

function parseParameters(cursor: Cursor): readonly Parameter[] {
  const opener = cursor.open("(", "Write `function name(parameters)`, with empty parentheses if there are none.");
  const parameters: Parameter[] = [];
  if (!cursor.at(")")) {
    do {
      const { name, span } = parseName(cursor, "the name of a parameter");
      const type = parseType(cursor);
      parameters.push({ name, type, span: cursor.spanFrom(span) });
    } while (cursor.accept(","));
  }
  cursor.close(opener, true);
  return parameters;
}

function parseType(cursor: Cursor): TypeName | null {
  if (!cursor.accept(":")) return null;
  const { text } = cursor.token;
  if (text !== "long" && text !== "string") cursor.unexpected("`long` or `string`");
  cursor.take();
  return text === "string" ? "string" : "long";
}
