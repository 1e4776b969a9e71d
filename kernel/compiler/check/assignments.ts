/** Everything that changes a variable within an expression: `=`, `+=`, `.=`, `<<<`, `++`. */
import type { Span } from "../source.js";
import type * as ast from "../syntax/ast.js";
import { wrong, type Body, type Checked } from "./body.js";
import type { DataVariable } from "./data_flow.js";
import { checkWholeKey, findArray } from "./elements.js";
import { checkNumber, checkTyped, checkValue, typed } from "./expressions.js";
import * as messages from "./messages.js";
import type { ArithmeticOperator, Expression, Target } from "./program.js";
import { valueType } from "./scope.js";
import { findStatistic } from "./statistics.js";
import { checkTracedWrite, isTraced } from "./traced_writes.js";
import type { TypeVariable } from "./types.js";

/** Something that can be assigned to. */
export interface CheckedTarget {
  readonly type: TypeVariable;
  readonly data: DataVariable;
  readonly build: () => Target;
}

/** `isRead`: its value before matters as well. Null after a complaint. */
function checkTarget(body: Body, node: ast.Expression, isRead: boolean): CheckedTarget | null {
  if (body.kind === "condition") {
    body.report(node.span, messages.assignmentInCondition());
    // A global that is assigned is used and holds values all the same, so that nothing else is said of it.
    if (node.kind === "name" && !body.findGlobal(node)) return null;
  }
  if (node.kind === "name") return assignName(body, node, isRead);
  if (node.kind === "target") return assignLocal(body, node);
  if (node.kind === "element" && node.base.kind === "name") return assignElement(body, node, node.base, isRead);
  body.report(node.span, messages.notAssignable(messages.describe(node)));
  return null;
}

/** Makes a name hold values: a global's, or the local's that it then is. */
export function assignName(body: Body, node: ast.Identifier, isRead: boolean): CheckedTarget | null {
  const { span } = node;
  const global = body.findGlobal(node);
  if (!global) return assignLocal(body, node);
  if (isRead) body.access(global, "read", span);
  body.access(global, "write", span);
  if (!global.useAsScalar(span, body.context.diagnostics)) return null;
  const build = (): Target => ({ kind: "global", type: valueType(global.value.state), span, global: global.variable });
  return { type: global.value, data: global.data, build };
}

function assignLocal(body: Body, { name, span }: { readonly name: string; readonly span: Span }): CheckedTarget {
  const symbol = body.frame.assign(name, span);
  const { type, data } = symbol;
  return { type, data, build: () => ({ kind: "local", type: symbol.local.type, span, local: symbol.local }) };
}

function assignElement(
  body: Body,
  node: ast.ElementExpression,
  base: ast.Identifier,
  isRead: boolean,
): CheckedTarget | null {
  const { span } = node;
  const array = findArray(body, base);
  if (!array) {
    for (const part of node.key) if (part) checkValue(body, part);
    return null;
  }
  if (isRead) body.access(array, "read", span);
  body.access(array, "write", span);
  const key = checkWholeKey(body, array, node.key, span);
  if (!key) return null;
  const build = (): Target => ({
    kind: "element",
    type: valueType(array.value.state),
    span,
    global: array.variable,
    key: key.map((part) => part.build()),
  });
  return { type: array.value, data: array.data, build };
}

/** `target = value` and its kin. */
export function checkAssignment(body: Body, node: ast.AssignmentExpression, valueIsUsed: boolean): Checked {
  if (isAtVariable(body, node.target)) return wrong(node.span);
  if (node.operator === "<<<") return checkRecord(body, node);
  if (isTraced(body, node.target) && node.operator !== ".=") {
    const operator = node.operator === "=" ? null : arithmeticOf(node.operator);
    const { operatorSpan } = node;
    return checkTracedWrite(body, node, node.value, { operator, operatorSpan, gives: "after" });
  }
  return node.operator === "=" ? checkPlain(body, node) : checkCompound(body, node, valueIsUsed);
}

/** `@name` or `@name[key]`, bpftrace's variables, which have been complained about then. Nothing is said of what is put in. */
function isAtVariable(body: Body, target: ast.Expression): boolean {
  let root = target;
  while (root.kind === "member") root = root.base;
  if (root.kind !== "at" || root.arguments.length > 0) return false;
  body.reportMissing(root, messages.atVariable(root.name));
  return true;
}

function arithmeticOf(operator: ast.AssignmentOperator): ArithmeticOperator {
  return operator.slice(0, -1) as ArithmeticOperator;
}

function checkPlain(body: Body, node: ast.AssignmentExpression): Checked {
  // The value first: in `x = x + 1` the right side is read before `x` is assigned.
  const value = checkValue(body, node.value);
  const target = checkTarget(body, node.target, false);
  if (!target) return wrong(node.span);
  const name = messages.describe(node.target);
  body.context.inference.requireValue(target.type, {
    span: node.target.span,
    subject: name,
    reason: () => messages.assignedValue(),
    hint: messages.recordHint(name),
  });
  body.context.inference.unify(value.type, target.type, {
    span: node.value.span,
    subject: messages.describe(node.value),
    reason: (wanted) => messages.holds(name, wanted),
  });
  value.data?.flowInto(target.data);
  const build = (): Expression => {
    const built = target.build();
    const { span, operatorSpan } = node;
    return {
      kind: "assign",
      type: built.type,
      span,
      target: built,
      operator: null,
      operatorSpan,
      value: value.build(),
    };
  };
  return { type: target.type, span: node.span, result: "value", data: target.data, build };
}

function checkCompound(body: Body, node: ast.AssignmentExpression, valueIsUsed: boolean): Checked {
  const { span } = node;
  const user = `\`${node.operator}\``;
  const operator = node.operator.slice(0, -1) as ArithmeticOperator | ".";
  const type = operator === "." ? "string" : "long";
  const value = checkTyped(body, node.value, type, user);
  const target = requireTarget(body, node.target, valueIsUsed, type, user);
  if (!target) return wrong(span);
  return typed(node, type, () => ({
    kind: "assign",
    type,
    span,
    target: target.build(),
    operator,
    operatorSpan: node.operatorSpan,
    value: value.build(),
  }));
}

/** `x++`, `--x` */
export function checkIncrement(body: Body, node: ast.IncrementExpression, valueIsUsed: boolean): Checked {
  const { span, prefix } = node;
  if (isAtVariable(body, node.target)) return wrong(span);
  if (isTraced(body, node.target)) {
    const operator = node.operator === "++" ? "+" : "-";
    const gives = prefix ? "after" : "before";
    return checkTracedWrite(body, node, null, { operator, operatorSpan: span, gives });
  }
  const target = requireTarget(body, node.target, valueIsUsed, "long", `\`${node.operator}\``);
  if (!target) return wrong(span);
  const delta = node.operator === "++" ? 1 : -1;
  return typed(node, "long", () => ({ kind: "increment", type: "long", span, target: target.build(), delta, prefix }));
}

function requireTarget(
  body: Body,
  node: ast.Expression,
  isRead: boolean,
  type: "long" | "string",
  user: string,
): CheckedTarget | null {
  const target = checkTarget(body, node, isRead);
  if (target) {
    body.context.inference.require(target.type, type, {
      span: node.span,
      subject: messages.describe(node),
      reason: (wanted) => messages.needs(user, wanted),
    });
  }
  return target;
}

/** `statistic <<< value` */
function checkRecord(body: Body, node: ast.AssignmentExpression): Checked {
  const { span } = node;
  if (body.kind === "condition") body.report(node.target.span, messages.assignmentInCondition());
  const value = checkNumber(body, node.value, "`<<<`");
  const target = findStatistic(body, node.target, "write", "`<<<`");
  if (!target) return wrong(span);
  return typed(node, "long", () => ({
    kind: "record",
    type: "long",
    span,
    target: target.build(),
    value: value.build(),
  }));
}
