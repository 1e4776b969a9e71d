/** Expressions: what each asks of its parts, and what it is. */
import type * as ast from "../syntax/ast.js";
import { checkAssignment, checkIncrement } from "./assignments.js";
import { wrong, type Body, type Checked } from "./body.js";
import { checkCall } from "./calls.js";
import { checkAddress, checkMember } from "./data_access.js";
import { DataVariable } from "./data_flow.js";
import { definedness, evaluateDefined } from "./defined.js";
import { checkElement, checkMembership } from "./elements.js";
import * as messages from "./messages.js";
import type { ArithmeticOperator, ComparisonOperator, Expression, ValueType } from "./program.js";
import { valueType } from "./scope.js";
import { checkPretty } from "./pretty.js";
import { checkMatch } from "./regex.js";
import { checkExtraction } from "./statistics.js";
import { checkAtOperation, checkTargetVariable } from "./targets.js";
import { TypeVariable } from "./types.js";
import * as statisticsMessages from "./statistics_messages.js";

/** An expression of a type that is known at once. */
export function typed(node: ast.Expression, type: ValueType, build: () => Expression): Checked {
  return { type: new TypeVariable(type, { span: node.span }), span: node.span, result: "value", build };
}

/** An expression whose value is used. */
export function checkValue(body: Body, node: ast.Expression): Checked {
  const checked = checkExpression(body, node, true);
  if (checked.result === "nothing") return body.refuse(node.span, messages.nothingAsValue(messages.describe(node)));
  if (checked.result !== "value") checked.result.valueUse ??= node.span;
  return checked;
}

/** A value that must be a number. */
export function checkNumber(body: Body, node: ast.Expression, user: string): Checked {
  return checkTyped(body, node, "long", user);
}

/** A value that must be of one type; `user` says who asks, such as `` `+` ``. */
export function checkTyped(body: Body, node: ast.Expression, type: ValueType, user: string): Checked {
  const checked = checkValue(body, node);
  body.context.inference.require(checked.type, type, {
    span: node.span,
    subject: messages.describe(node),
    reason: (wanted) => messages.needs(user, wanted),
  });
  return checked;
}

/** Any expression. Where its value is not used, `x += 1` does not count as reading `x`. */
export function checkExpression(body: Body, node: ast.Expression, valueIsUsed: boolean): Checked {
  return body.deeper(node.span, () => dispatch(body, node, valueIsUsed)) ?? wrong(node.span);
}

function dispatch(body: Body, node: ast.Expression, valueIsUsed: boolean): Checked {
  switch (node.kind) {
    case "number":
      return typed(node, "long", () => ({ kind: "number", type: "long", span: node.span, value: node.value }));
    case "string":
      return typed(node, "string", () => ({ kind: "text", type: "string", span: node.span, value: node.value }));
    case "name":
      return checkName(body, node);
    case "target":
      return checkTargetVariable(body, node);
    case "unary":
      return checkUnary(body, node);
    case "binary":
      return checkBinary(body, node);
    case "conditional":
      return checkConditional(body, node);
    case "assignment":
      return checkAssignment(body, node, valueIsUsed);
    case "increment":
      return checkIncrement(body, node, valueIsUsed);
    case "membership":
      return checkMembership(body, node);
    case "element":
      return checkElement(body, node);
    case "call":
      return checkCall(body, node);
    case "statistic":
      return checkExtraction(body, node);
    case "histogram":
      return body.refuse(node.span, statisticsMessages.histogramAsValue());
    case "at":
      return checkAtOperation(body, node);
    case "match":
      return checkMatch(body, node);
    case "member":
      return checkMember(body, node);
    case "address":
      return checkAddress(body, node);
    case "pretty":
      return checkPretty(body, node);
    case "embedded":
      return body.refuse(node.span, messages.embeddedCode(node.code));
  }
}

function checkName(body: Body, node: ast.Identifier): Checked {
  const { span, name } = node;
  const global = body.findGlobal(node);
  if (global) {
    body.access(global, "read", span);
    if (!global.useAsScalar(span, body.context.diagnostics)) return wrong(span);
    body.context.inference.requireValue(global.value, {
      span,
      subject: messages.describe(node),
      reason: () => messages.valueNeeded(),
    });
    const build = (): Expression => ({
      kind: "global",
      type: valueType(global.value.state),
      span,
      global: global.variable,
    });
    return { type: global.value, span, result: "value", data: global.data, build };
  }
  if (body.kind === "condition")
    return body.refuse(span, messages.onlyGlobalsInCondition(name, body.context.globals.user.keys()));
  const symbol = body.frame.find(name, span);
  const build = (): Expression =>
    symbol.isLocal
      ? { kind: "local", type: symbol.local.type, span, local: symbol.local }
      : { kind: "context", type: valueType(symbol.type.state), span, variable: symbol.context! };
  return { type: symbol.type, span, result: "value", data: symbol.data, build };
}

function checkUnary(body: Body, node: ast.UnaryExpression): Checked {
  const { operator, span } = node;
  const operand = checkNumber(body, node.operand, `\`${operator}\``);
  if (operator === "+") return { ...typed(node, "long", operand.build), ...(operand.data && { data: operand.data }) };
  return typed(node, "long", () => ({ kind: "unary", type: "long", span, operator, operand: operand.build() }));
}

function checkBinary(body: Body, node: ast.BinaryExpression): Checked {
  const { operator, span } = node;
  switch (operator) {
    case "&&":
    case "||":
      return checkLogical(body, node, operator);
    case ".": {
      if (node.left.kind === "number" && node.right.kind === "number") return body.refuse(span, messages.noFractions());
      const [left, right] = checkOperands(body, node, "string");
      return typed(node, "string", () => ({
        kind: "concatenate",
        type: "string",
        span,
        left: left.build(),
        right: right.build(),
      }));
    }
    case "<":
    case ">":
    case "<=":
    case ">=":
    case "==":
    case "!=":
      return checkComparison(body, node, operator);
    default: {
      const text = operator === "+" ? addedText(node) : null;
      if (text) return body.refuse(text.span, messages.joinedByPlus());
      const arithmetic: ArithmeticOperator = operator;
      const [left, right] = checkOperands(body, node, "long");
      return typed(node, "long", () => ({
        kind: "arithmetic",
        type: "long",
        span,
        operator: arithmetic,
        operatorSpan: node.operatorSpan,
        left: left.build(),
        right: right.build(),
      }));
    }
  }
}

/** A string among what is added up, which is one mistake. */
function addedText(node: ast.Expression): ast.StringLiteral | null {
  if (node.kind === "string") return node;
  return node.kind === "binary" && node.operator === "+" ? (addedText(node.left) ?? addedText(node.right)) : null;
}

function checkOperands(body: Body, node: ast.BinaryExpression, type: ValueType): [Checked, Checked] {
  const user = `\`${node.operator}\``;
  return [checkTyped(body, node.left, type, user), checkTyped(body, node.right, type, user)];
}

function checkLogical(body: Body, node: ast.BinaryExpression, operator: "&&" | "||"): Checked {
  // `@defined($x) && $x` must not look at what is not there.
  const left = definedness(body, node.left);
  if (left !== null) {
    const decided = operator === "&&" ? !left : left;
    if (decided) return evaluateDefined(node, left);
  }
  const text = [node.left, node.right].find(({ kind }) => kind === "string");
  if (text) return body.refuse(text.span, messages.textAsCondition(operator));
  const [first, second] = checkOperands(body, node, "long");
  const { span } = node;
  return typed(node, "long", () => ({
    kind: "logical",
    type: "long",
    span,
    operator,
    left: first.build(),
    right: second.build(),
  }));
}

function checkComparison(body: Body, node: ast.BinaryExpression, operator: ComparisonOperator): Checked {
  const left = checkValue(body, node.left);
  const right = checkValue(body, node.right);
  body.context.inference.unify(right.type, left.type, {
    span: node.right.span,
    subject: messages.describe(node.right),
    reason: (wanted) => messages.comparedWith(messages.describe(node.left), wanted),
  });
  return typed(node, "long", () => ({
    kind: "compare",
    type: "long",
    span: node.span,
    operator,
    left: left.build(),
    right: right.build(),
  }));
}

function checkConditional(body: Body, node: ast.ConditionalExpression): Checked {
  const decided = definedness(body, node.condition);
  if (decided !== null) return checkValue(body, decided ? node.then : node.otherwise);
  const condition = checkNumber(body, node.condition, "`?`");
  const then = checkValue(body, node.then);
  const otherwise = checkValue(body, node.otherwise);
  body.context.inference.unify(otherwise.type, then.type, {
    span: node.otherwise.span,
    subject: messages.describe(node.otherwise),
    reason: (wanted) => messages.otherBranch(messages.describe(node.then), wanted),
  });
  const { span } = node;
  const build = (): Expression => {
    const taken = then.build();
    return {
      kind: "conditional",
      type: taken.type,
      span,
      condition: condition.build(),
      then: taken,
      otherwise: otherwise.build(),
    };
  };
  const data = new DataVariable();
  then.data?.flowInto(data);
  otherwise.data?.flowInto(data);
  return { type: then.type, span, result: "value", data, build };
}
