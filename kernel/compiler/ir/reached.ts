/** What a handler can come to: its own statements, and those of the functions it calls, each function once. */
import type { Expression, Handler, Statement, UserFunction } from "../check/program.js";
import { walkExpression, walkExpressions, walkStatements } from "./walk.js";

export interface Visitor {
  statement?(statement: Statement): void;
  expression?(expression: Expression): void;
}

export function visitReached(handlers: readonly Handler[], visitor: Visitor): void {
  const seen = new Set<UserFunction>();
  const visitExpression = (expression: Expression): void => {
    visitor.expression?.(expression);
    if (expression.kind !== "call") return;
    let callee: UserFunction | null = expression.function;
    for (; callee && !seen.has(callee); callee = callee.alternative) {
      seen.add(callee);
      visitBody(callee.body);
    }
  };
  const visitBody = (body: Statement): void => {
    if (visitor.statement) walkStatements(body, (statement) => visitor.statement?.(statement));
    walkExpressions(body, visitExpression);
  };
  for (const { body, condition } of handlers) {
    visitBody(body);
    if (condition) walkExpression(condition, visitExpression);
  }
}
