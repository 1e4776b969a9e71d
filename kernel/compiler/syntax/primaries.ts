/** Values and what follows them tightly: calls, elements, members, `@` operators. */
import type {
  CallExpression,
  ElementExpression,
  Expression,
  Extractor,
  HistogramOperation,
  Identifier,
  NumberLiteral,
  StringLiteral,
} from "./ast.js";
import { joinSpans, type Span } from "../source.js";
import type { Cursor } from "./cursor.js";
import * as messages from "./messages.js";
import { withSnapshot } from "./snapshot_names.js";
import { describeToken, type Token } from "./token.js";

/** The rules above this level, handed in because they are built on it. */
type ParseExpression = (cursor: Cursor) => Expression;
type ParseKey = (cursor: Cursor, allowsOpen: boolean) => readonly (Expression | null)[];

const EXTRACTORS: ReadonlySet<string> = new Set("count sum min max avg variance percentile median".split(" "));

export function isExtractor(name: string): name is Extractor {
  return EXTRACTORS.has(name);
}

/** Level 16: `&value->member[index]$`. */
export function parseAccess(cursor: Cursor, parseExpression: ParseExpression, parseKey: ParseKey): Expression {
  const sign = cursor.accept("&");
  let value = parsePrimary(cursor, parseExpression, parseKey);
  // A list after a call is the key of another test, `f() [a, b] in c`, not an index.
  let mayBeIndexed = value.indexable;
  let expression = value.expression;
  let depth = value.prettyDepth;
  while (depth === 0 && !cursor.failing) {
    if (cursor.at("->")) {
      cursor.take();
      const { name, prettyDepth, span } = parseMember(cursor);
      expression = {
        kind: "member",
        base: expression,
        access: { kind: "member", name },
        span: joinSpans(expression.span, span),
      };
      depth = prettyDepth;
      mayBeIndexed = true;
    } else if (mayBeIndexed && cursor.at("[")) {
      const opener = cursor.open("[");
      const index = parseExpression(cursor);
      cursor.close(opener);
      const span = cursor.spanFrom(expression.span);
      expression = { kind: "member", base: expression, access: { kind: "index", index }, span };
    } else if (mayBeIndexed && (cursor.at("$") || cursor.at("$$"))) {
      depth = cursor.take().text.length as 1 | 2;
    } else break;
  }
  if (depth > 0) {
    expression = { kind: "pretty", operand: expression, depth: depth as 1 | 2, span: cursor.spanFrom(expression.span) };
  }
  if (!sign) return expression;
  if (!["target", "member", "at"].includes(expression.kind)) cursor.fail(messages.addressOperand(), sign);
  return { kind: "address", operand: expression, span: joinSpans(sign.span, expression.span) };
}

/** The member's name, with its `$` or `$$` counted apart; a keyword is a name here. */
function parseMember(cursor: Cursor): { name: string; prettyDepth: 0 | 1 | 2; span: Span } {
  const token = cursor.token;
  if ((token.kind !== "name" && token.kind !== "keyword") || token.text.startsWith("$")) {
    cursor.unexpected("the name of a member");
  }
  cursor.take();
  return { ...splitPretty(cursor, token), span: token.span };
}

function splitPretty(cursor: Cursor, token: Token): { name: string; prettyDepth: 0 | 1 | 2 } {
  const name = token.text.replace(/\$+$/, "");
  const prettyDepth = token.text.length - name.length;
  if (prettyDepth > 2 || (prettyDepth > 0 && name === "")) cursor.fail(messages.strayDollar(token.text), token);
  return { name, prettyDepth: prettyDepth === 1 || prettyDepth === 2 ? prettyDepth : 0 };
}

interface Primary {
  readonly expression: Expression;
  /** Whether `[i]` and `$` may follow. */
  readonly indexable: boolean;
  readonly prettyDepth: 0 | 1 | 2;
}

function plain(expression: Expression, indexable = false): Primary {
  return { expression, indexable, prettyDepth: 0 };
}

function parsePrimary(cursor: Cursor, parseExpression: ParseExpression, parseKey: ParseKey): Primary {
  const token = cursor.token;
  if (token.text === "(") {
    const opener = cursor.open("(");
    const inner = parseExpression(cursor);
    cursor.close(opener);
    return plain({ ...inner, span: cursor.spanFrom(token.span) }, true);
  }
  if (token.kind === "number") {
    cursor.take();
    return plain({ kind: "number", value: token.value, span: token.span });
  }
  if (token.kind === "string") return plain(parseString(cursor));
  if (token.kind === "embedded") {
    cursor.take();
    return plain({ kind: "embedded", code: token.value, span: token.span });
  }
  if (token.kind === "operator" && token.text.startsWith("@")) return parseAtWord(cursor, parseExpression, parseKey);
  if (token.kind !== "name") {
    cursor.unexpected("an expression", hintFor(token));
    return plain({ kind: "number", value: 0n, span: token.span });
  }
  if (token.text === "not" && cursor.following.kind === "name" && cursor.following.gap === "space")
    cursor.fail(messages.wordNot());
  cursor.take();
  if (token.text.startsWith("$")) {
    const { name, prettyDepth } = splitPretty(cursor, token);
    return { expression: { kind: "target", name, span: token.span }, indexable: true, prettyDepth };
  }
  const identifier = withSnapshot(cursor, { kind: "name", name: token.text, span: token.span });
  if (cursor.at("(")) return plain(parseCall(cursor, identifier, parseExpression));
  if (cursor.at("[")) return plain(parseElement(cursor, identifier, parseKey));
  return plain(identifier);
}

function hintFor(token: Token): string {
  if (token.kind === "keyword") return `\`${token.text}\` is a keyword; it cannot name a variable or a function.`;
  if (token.text === ":") return "Assign with `=` alone; a block stands between `{` and `}`.";
  if (token.text === "[")
    return "Several keys stand before `in` only, and in parentheses behind an operator: `!([a, b] in x)`.";
  return "Write a number, a string, a variable or a call, such as `pid()`.";
}

function parseCall(cursor: Cursor, callee: Identifier, parseExpression: ParseExpression): CallExpression {
  const values = parseArguments(cursor, parseExpression);
  const span = cursor.spanFrom(callee.span);
  return { kind: "call", name: callee.name, nameSpan: callee.span, arguments: values, span };
}

function parseElement(cursor: Cursor, base: Identifier | HistogramOperation, parseKey: ParseKey): ElementExpression {
  const key = parseKey(cursor, true);
  if (cursor.at("[") && cursor.token.gap === "none") cursor.fail(messages.secondKey());
  return { kind: "element", base, key, span: cursor.spanFrom(base.span) };
}

function parseArguments(cursor: Cursor, parseExpression: ParseExpression): readonly Expression[] {
  const opener = cursor.open("(");
  const values: Expression[] = [];
  if (!cursor.at(")")) {
    do values.push(parseExpression(cursor));
    while (cursor.accept(","));
  }
  cursor.close(opener, true);
  return values;
}

function parseAtWord(cursor: Cursor, parseExpression: ParseExpression, parseKey: ParseKey): Primary {
  const word = cursor.token.text.slice(1);
  if (word === "hist_log" || word === "hist_linear") {
    const histogram = parseHistogram(cursor, parseExpression);
    return plain(cursor.at("[") ? parseElement(cursor, histogram, parseKey) : histogram);
  }
  const start = cursor.take().span;
  if (!isExtractor(word)) {
    const values = cursor.at("(") ? parseArguments(cursor, parseExpression) : [];
    return plain({ kind: "at", name: word, arguments: values, span: cursor.spanFrom(start) }, true);
  }
  const opener = cursor.open("(", `Write \`@${word}(statistic)\`.`);
  const target = parseExpression(cursor);
  const parameters: Expression[] = [];
  while (cursor.accept(",")) parameters.push(parseExpression(cursor));
  cursor.close(opener);
  return plain({ kind: "statistic", extractor: word, target, parameters, span: cursor.spanFrom(start) });
}

/** `@hist_log(x)`, `@hist_linear(x, low, high, step)` */
export function parseHistogram(cursor: Cursor, parseExpression: ParseExpression): HistogramOperation {
  const word = cursor.take();
  const opener = cursor.open("(", `Write \`${word.text}(statistic)\`.`);
  const target = parseExpression(cursor);
  const bounds: NumberLiteral[] = [];
  while (cursor.accept(",")) bounds.push(parseNumber(cursor, "a histogram's bound"));
  cursor.close(opener);
  const scale = word.text === "@hist_log" ? "log" : "linear";
  return { kind: "histogram", scale, target, bounds, span: cursor.spanFrom(word.span) };
}

/** A number with an optional sign; `what` is named where it is none. */
export function parseNumber(cursor: Cursor, what: string): NumberLiteral {
  const start = cursor.token.span;
  const negative = cursor.accept("-") !== null;
  const token = cursor.token;
  if (token.kind !== "number") {
    cursor.fail(messages.literalExpected(what, describeToken(token)));
    return { kind: "number", value: 0n, span: start };
  }
  cursor.take();
  const value = BigInt.asIntN(64, negative ? -token.value : token.value);
  return { kind: "number", value, span: joinSpans(start, token.span) };
}

/** Adjacent literals are one; the next token is a string unless the cursor fails. */
export function parseString(cursor: Cursor): StringLiteral {
  const start = cursor.token.span;
  let value = "";
  for (let token = cursor.token; token.kind === "string"; token = cursor.token) {
    value += token.value;
    cursor.take();
  }
  return { kind: "string", value, span: cursor.spanFrom(start) };
}

export function parseLiteral(cursor: Cursor, what: string): NumberLiteral | StringLiteral {
  return cursor.token.kind === "string" ? parseString(cursor) : parseNumber(cursor, what);
}
