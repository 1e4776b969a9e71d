/** `@defined(…)`: answered while checking, so that what is not there is not looked at. */
import type * as ast from "../syntax/ast.js";
import type { Body, Checked } from "./body.js";
import { typed } from "./expressions.js";
import type { Expression } from "./program.js";

/** What a condition made of `@defined` comes to; null where it depends on more than that. */
export function definedness(body: Body, node: ast.Expression): boolean | null {
  switch (node.kind) {
    case "at":
      return node.name === "defined" && node.arguments.length === 1 ? isDefined(body, node.arguments[0]!) : null;
    case "unary": {
      const operand = node.operator === "!" ? definedness(body, node.operand) : null;
      return operand === null ? null : !operand;
    }
    case "binary": {
      if (node.operator !== "&&" && node.operator !== "||") return null;
      const left = definedness(body, node.left);
      if (left === null) return null;
      const isDecided = node.operator === "&&" ? !left : left;
      return isDecided ? left : definedness(body, node.right);
    }
    default:
      return null;
  }
}

/** Only variables of the probe point can be there; members of structures are not reached yet. */
function isDefined(body: Body, node: ast.Expression): boolean {
  return node.kind === "target" && body.frame.variables.has(node.name);
}

/** The number that stands for the answer. */
export function evaluateDefined(node: ast.Expression, answer: boolean): Checked {
  const { span } = node;
  return typed(node, "long", (): Expression => ({ kind: "number", type: "long", span, value: answer ? 1n : 0n }));
}
