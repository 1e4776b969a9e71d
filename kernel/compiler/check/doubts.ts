/** What is legal and does what it says, but is hardly what was meant: warnings. */
import type * as ast from "../syntax/ast.js";
import type { Body } from "./body.js";
import * as messages from "./messages.js";

/** A shift whose result nobody takes, in place of `<<<`. */
export function doubtStatement(body: Body, node: ast.Expression): void {
  if (node.kind === "binary" && node.operator === "<<")
    messages.warn(body.context.diagnostics, node.operatorSpan, messages.shiftOfNoUse());
}

/** `if (x = 5)` */
export function doubtCondition(body: Body, node: ast.Expression): void {
  if (node.kind !== "assignment" || node.operator !== "=") return;
  if (node.value.kind === "number" || node.value.kind === "string")
    messages.warn(body.context.diagnostics, node.operatorSpan, messages.assignmentAsCondition());
}

/** `println("%d", x)`; `values` are what is printed. */
export function doubtPrinted(body: Body, name: string, values: readonly ast.Expression[]): void {
  const [first, second] = values;
  if (first?.kind !== "string" || !second) return;
  const [directive] = /%[-+0 #]?\d*(?:\.\d+)?l?[diuxXoscp]/.exec(first.value.replaceAll("%%", "")) ?? [];
  if (directive) messages.warn(body.context.diagnostics, first.span, messages.directivePrinted(name, directive));
}
