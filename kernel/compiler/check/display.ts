/** The trailing expression of a cell, whose value is shown. */
import type * as ast from "../syntax/ast.js";
import type { Body, Checked } from "./body.js";
import { hasValue } from "./calls.js";
import { checkWholeKey } from "./elements.js";
import { checkExpression } from "./expressions.js";
import type { GlobalSymbol } from "./globals.js";
import * as messages from "./messages.js";
import type { Display, Expression, Statement } from "./program.js";
import { valueType } from "./scope.js";
import { checkHistogram } from "./statistics.js";

/** What a trailing expression comes to, once all types are known: something to show, or one more statement. */
export type BuildDisplay = () => { readonly display: Display } | { readonly statement: Statement };

/** A cell's statements, without its last item where that is an expression to be shown. */
export function splitDisplayed(
  script: ast.Script,
  statements: readonly ast.Statement[],
  mode: "cell" | "script",
): { readonly statements: readonly ast.Statement[]; readonly displayed: ast.Expression | null } {
  const last = script.items.at(-1);
  if (mode === "script" || last?.kind !== "statement" || last.statement.kind !== "expression")
    return { statements, displayed: null };
  const { expression } = last.statement;
  // Assignments are made for what they do, not for their value.
  if (expression.kind === "assignment" || expression.kind === "increment") return { statements, displayed: null };
  return { statements: statements.slice(0, -1), displayed: expression };
}

export function checkDisplay(body: Body, node: ast.Expression): BuildDisplay {
  const label = messages.sourceText(node);
  if (node.kind === "histogram") {
    const histogram = checkHistogram(body, node);
    return () => ({ display: { kind: "histogram", label, histogram: histogram!(), locals: body.frame.layOut() } });
  }
  if (node.kind === "name") {
    const global = body.findGlobal(node);
    if (global) return displayGlobal(body, node, global, label);
  }
  if (node.kind === "element" && node.base.kind === "name") {
    const array = body.findGlobal(node.base);
    if (array) return displayElement(body, node, array, label);
  }
  const checked = checkExpression(body, node, true);
  return () => (hasValue(checked) ? showValue(body, checked.build(), label) : runOnly(checked));
}

function showValue(body: Body, expression: Expression, label: string): ReturnType<BuildDisplay> {
  return { display: { kind: "value", label, expression, locals: body.frame.layOut() } };
}

function runOnly(checked: Checked): ReturnType<BuildDisplay> {
  return { statement: { kind: "expression", expression: checked.build(), span: checked.span } };
}

/** A global by its bare name, whatever it holds. */
function displayGlobal(body: Body, node: ast.Identifier, global: GlobalSymbol, label: string): BuildDisplay {
  const { span } = node;
  body.access(global, "read", span);
  return () => {
    const { variable } = global;
    if (variable.type.kind !== "scalar") return { display: { kind: "global", label, global: variable } };
    return showValue(body, { kind: "global", type: variable.type.value, span, global: variable }, label);
  };
}

/** An element by its key; one of statistics shows as its histogram. */
function displayElement(body: Body, node: ast.ElementExpression, array: GlobalSymbol, label: string): BuildDisplay {
  const { span } = node;
  body.access(array, "read", span);
  const key = checkWholeKey(body, array, node.key, span);
  return () => {
    const built = key!.map((part) => part.build());
    const { variable } = array;
    if (array.value.state !== "statistic") {
      const type = valueType(array.value.state);
      return showValue(body, { kind: "element", type, span, global: variable, key: built }, label);
    }
    const target = { global: variable, key: built };
    if (variable.parts.log) {
      const histogram = { scale: { kind: "log" }, target, span } as const;
      return { display: { kind: "histogram", label, histogram, locals: body.frame.layOut() } };
    }
    return showValue(body, { kind: "extract", type: "long", span, extractor: "count", target }, label);
  };
}
