/** Expressions, from the loosest operator to the tightest; the order of the levels is the language's, not C's. */
import type { BinaryOperator, Expression, Identifier, MatchExpression, StringLiteral, UnaryExpression } from "./ast.js";
import type { AssignmentOperator } from "./ast.js";
import { joinSpans } from "../source.js";
import type { Cursor } from "./cursor.js";
import * as messages from "./messages.js";
import { parseAccess, parseString } from "./primaries.js";
import { withSnapshot } from "./snapshot_names.js";
import { describeToken } from "./token.js";

const ASSIGNMENT: ReadonlySet<string> = new Set("= <<< += -= *= /= %= <<= >>= >>>= &= ^= |= .=".split(" "));
const ASSIGNABLE: ReadonlySet<Expression["kind"]> = new Set(["name", "element", "target", "member", "at"]);
const COMPARISON: ReadonlySet<string> = new Set("< > <= >= == !=".split(" "));
const MATCH: ReadonlySet<string> = new Set(["=~", "!~"]);
const PREFIX: ReadonlySet<string> = new Set("+ - ! ~".split(" "));

/** Level 1, `= += <<< …`, from right to left. */
export function parseExpression(cursor: Cursor): Expression {
  if (!cursor.enter()) return placeholder(cursor);
  const target = parseConditional(cursor);
  let expression = target;
  const operator = cursor.token;
  if (ASSIGNMENT.has(operator.text)) {
    if (!ASSIGNABLE.has(target.kind)) cursor.fail(messages.notAssignable(operator.text));
    cursor.take();
    const value = parseExpression(cursor);
    expression = {
      kind: "assignment",
      operator: operator.text as AssignmentOperator,
      operatorSpan: operator.span,
      target,
      value,
      span: joinSpans(target.span, value.span),
    };
  }
  cursor.leave();
  return expression;
}

/** Stands where no expression could be read; the cursor is failing, so that no tree with it is kept. */
function placeholder(cursor: Cursor): Expression {
  return { kind: "number", value: 0n, span: cursor.token.span };
}

/** Level 2, `?:`; as in C++, an assignment may stand unparenthesised in the last part. */
function parseConditional(cursor: Cursor): Expression {
  const condition = parseOr(cursor);
  if (!cursor.accept("?")) return condition;
  const then = parseExpression(cursor);
  cursor.expect(":", "A conditional expression reads `condition ? one : other`.");
  const otherwise = parseExpression(cursor);
  return { kind: "conditional", condition, then, otherwise, span: joinSpans(condition.span, otherwise.span) };
}

type Rule = (cursor: Cursor) => Expression;

/** Levels of binary operators, the loosest first, each from left to right. */
function leftAssociative(levels: readonly string[], operand: Rule): Rule {
  const levelOf = new Map(levels.flatMap((operators, level) => operators.split(" ").map((text) => [text, level])));
  const from = (loosest: number): Rule => {
    return (cursor) => {
      let left = operand(cursor);
      for (;;) {
        const level = levelOf.get(cursor.token.text);
        if (level === undefined || level < loosest) return left;
        left = binary(cursor, left, tighterThan[level] as Rule);
      }
    };
  };
  const tighterThan = levels.map((_, level) => from(level + 1));
  return from(0);
}

function binary(cursor: Cursor, left: Expression, operand: Rule): Expression {
  const operator = cursor.take();
  const right = operand(cursor);
  return {
    kind: "binary",
    operator: operator.text as BinaryOperator,
    operatorSpan: operator.span,
    left,
    right,
    span: joinSpans(left.span, right.span),
  };
}

/** Levels 10 to 13. */
const parseShift = leftAssociative(["<< >> >>>", ".", "+ -", "* / %"], parseUnary);
/** Levels 3 to 7. */
const parseOr = leftAssociative(["||", "&&", "|", "^", "&"], parseMembership);

/** Level 8, `x in a` and `[x, *] in a`: looser than a comparison, so that `a == b in c` is `(a == b) in c`. */
function parseMembership(cursor: Cursor): Expression {
  const start = cursor.token.span;
  let key: readonly (Expression | null)[];
  if (cursor.at("[")) {
    key = parseKey(cursor, true);
    if (!cursor.at("in")) cursor.fail(messages.tupleOutsideIn(describeToken(cursor.token)));
  } else {
    const left = parseComparison(cursor);
    if (!cursor.at("in")) return left;
    key = [left];
  }
  cursor.expect("in");
  const array = withSnapshot(cursor, parseName(cursor, "the name of an array"));
  if (COMPARISON.has(cursor.token.text)) cursor.fail(messages.membershipOperand(cursor.token.text));
  return { kind: "membership", key, array, span: joinSpans(start, array.span) };
}

/** Level 9: one level for all comparisons; `=~` and `!~` take a literal and stand alone. */
function parseComparison(cursor: Cursor): Expression {
  let left = parseShift(cursor);
  if (MATCH.has(cursor.token.text)) return parseMatch(cursor, left);
  while (COMPARISON.has(cursor.token.text)) left = binary(cursor, left, parseShift);
  if (MATCH.has(cursor.token.text)) cursor.fail(messages.notChainable(cursor.token.text));
  return left;
}

function parseMatch(cursor: Cursor, text: Expression): MatchExpression {
  const operator = cursor.take();
  if (cursor.token.kind !== "string") {
    cursor.fail(messages.patternExpected(operator.text, describeToken(cursor.token)));
  }
  const pattern: StringLiteral = parseString(cursor);
  const next = cursor.token.text;
  if (COMPARISON.has(next) || MATCH.has(next)) cursor.fail(messages.notChainable(next));
  return { kind: "match", negated: operator.text === "!~", text, pattern, span: joinSpans(text.span, pattern.span) };
}

/** Level 14, the prefixes `+ - ! ~`. */
function parseUnary(cursor: Cursor): Expression {
  const operator = cursor.token;
  if (!PREFIX.has(operator.text)) return parseIncrement(cursor);
  if (!cursor.enter()) return placeholder(cursor);
  cursor.take();
  const operand = parseUnary(cursor);
  cursor.leave();
  return {
    kind: "unary",
    operator: operator.text as UnaryExpression["operator"],
    operand,
    span: joinSpans(operator.span, operand.span),
  };
}

/** Level 15, `++` and `--` on either side. */
function parseIncrement(cursor: Cursor): Expression {
  const before = cursor.accept("++") ?? cursor.accept("--");
  const target = parseAccess(cursor, parseExpression, parseKey);
  const after = before ? null : (cursor.accept("++") ?? cursor.accept("--"));
  const operator = before ?? after;
  if (!operator) return target;
  if (!ASSIGNABLE.has(target.kind)) cursor.fail(messages.notIncrementable(operator.text), operator);
  return {
    kind: "increment",
    operator: operator.text as "++" | "--",
    prefix: before !== null,
    target,
    span: joinSpans(operator.span, target.span),
  };
}

/** `[a, b]`, where `*` leaves a column open; null entries stand for it. */
export function parseKey(cursor: Cursor, allowsOpen: boolean): readonly (Expression | null)[] {
  const opener = cursor.open("[");
  const key: (Expression | null)[] = [];
  do {
    if (allowsOpen && cursor.at("*")) {
      cursor.take();
      key.push(null);
    } else key.push(parseExpression(cursor));
  } while (cursor.accept(","));
  cursor.close(opener, true);
  return key;
}

export function parseName(cursor: Cursor, what: string): Identifier {
  const token = cursor.token;
  if (token.kind !== "name" || token.text.startsWith("$")) {
    const isKeyword = token.kind === "keyword";
    cursor.unexpected(
      what,
      isKeyword ? `\`${token.text}\` is a keyword; take another name.` : "A name is made of letters, digits and `_`.",
    );
  }
  cursor.take();
  return { kind: "name", name: token.text, span: token.span };
}
