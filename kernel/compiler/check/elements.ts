/** Elements of arrays: their keys, reading them, and asking whether they are there. */
import type { Span } from "../source.js";
import type * as ast from "../syntax/ast.js";
import { wrong, type Body, type Checked } from "./body.js";
import { checkNumber, checkValue, typed } from "./expressions.js";
import type { GlobalSymbol } from "./globals.js";
import * as messages from "./messages.js";
import type { Expression } from "./program.js";
import { valueType } from "./scope.js";
import { checkHistogram } from "./statistics.js";
import * as statisticsMessages from "./statistics_messages.js";

/** A key in the course of its check; null entries stand for `*`. */
export type CheckedKey = readonly (Checked | null)[];

/** The array of that name; null, after a complaint, where there is none. */
export function findArray(body: Body, node: ast.Identifier): GlobalSymbol | null {
  const global = body.findGlobal(node);
  if (!global) body.reportMissing(node, messages.noSuchArray(node.name, body.context.globals.user.keys()));
  return global;
}

/** A key of that array, its parts of the types that the array's other uses ask for. Null after a complaint. */
export function checkKey(
  body: Body,
  array: GlobalSymbol,
  key: readonly (ast.Expression | null)[],
  span: Span,
): CheckedKey | null {
  const columns = array.useAsArray(key.length, span, body.context.diagnostics);
  const checked = key.map((part) => part && checkValue(body, part));
  if (!columns) return null;
  key.forEach((part, column) => {
    if (!part) return;
    checked[column]!.data?.flowInto(array.keyData(column));
    body.context.inference.unify(checked[column]!.type, columns[column]!, {
      span: part.span,
      subject: messages.describe(part),
      reason: (wanted) => messages.keyIs(array.name, column, columns.length, wanted),
    });
  });
  return checked;
}

/** A key without `*`. */
export function checkWholeKey(
  body: Body,
  array: GlobalSymbol,
  key: readonly (ast.Expression | null)[],
  span: Span,
): readonly Checked[] | null {
  const checked = checkKey(body, array, key, span);
  if (!checked) return null;
  const whole = checked.filter((part) => part !== null);
  if (whole.length === checked.length) return whole;
  body.report(span, messages.wildcardInKey());
  return null;
}

/** `array[key]` where its value is read. */
export function checkElement(body: Body, node: ast.ElementExpression): Checked {
  const { span, base } = node;
  if (base.kind === "histogram") return checkBucket(body, node, base);
  const array = findArray(body, base);
  if (!array) {
    for (const part of node.key) if (part) checkValue(body, part);
    return wrong(span);
  }
  body.access(array, "read", span);
  const key = checkWholeKey(body, array, node.key, span);
  if (!key) return wrong(span);
  body.context.inference.requireValue(array.value, {
    span,
    subject: messages.describe(node),
    reason: () => messages.valueNeeded(),
  });
  const build = (): Expression => ({
    kind: "element",
    type: valueType(array.value.state),
    span,
    global: array.variable,
    key: key.map((part) => part.build()),
  });
  return { type: array.value, span, result: "value", data: array.data, build };
}

function checkBucket(body: Body, node: ast.ElementExpression, base: ast.HistogramOperation): Checked {
  const histogram = checkHistogram(body, base);
  const [index] = node.key;
  if (!index || node.key.length !== 1) return body.refuse(node.span, statisticsMessages.bucketIndex());
  const number = checkNumber(body, index, "the number of a bucket");
  if (!histogram) return wrong(node.span);
  const { span } = node;
  return typed(node, "long", () => ({
    kind: "bucket",
    type: "long",
    span,
    histogram: histogram(),
    index: number.build(),
  }));
}

/** `[key] in array` */
export function checkMembership(body: Body, node: ast.MembershipExpression): Checked {
  const { span } = node;
  const array = findArray(body, node.array);
  if (!array) {
    for (const part of node.key) if (part) checkValue(body, part);
    return typed(node, "long", () => wrong(span).build());
  }
  body.access(array, "read", span);
  const key = checkKey(body, array, node.key, span);
  return typed(node, "long", () => ({
    kind: "membership",
    type: "long",
    span,
    global: array.variable,
    key: (key ?? []).map((part) => part && part.build()),
  }));
}
