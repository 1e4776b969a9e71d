/** Which globals handlers reach, through functions too. */
import type { Expression, Handler, Statement, TypedProgram, UserFunction } from "../check/program.js";
import { walkExpression, walkExpressions, walkStatements } from "./walk.js";

export function usedGlobals(program: TypedProgram, which: (handler: Handler) => boolean): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<UserFunction>();
  const visitFunction = (definition: UserFunction | null): void => {
    for (let candidate = definition; candidate && !seen.has(candidate); candidate = candidate.alternative) {
      seen.add(candidate);
      visitBody(candidate.body);
    }
  };
  const visitExpression = (expression: Expression): void => {
    switch (expression.kind) {
      case "global":
      case "element":
      case "membership":
        names.add(expression.global.name);
        return;
      case "record":
      case "extract":
        names.add(expression.target.global.name);
        return;
      case "bucket":
      case "printHistogram":
        names.add(expression.histogram.target.global.name);
        return;
      case "call":
        visitFunction(expression.function);
    }
  };
  const visitBody = (body: Statement): void => {
    walkStatements(body, (statement) => {
      if (statement.kind === "foreach" || statement.kind === "delete") names.add(statement.global.name);
      if (statement.kind === "foreachBucket") names.add(statement.histogram.target.global.name);
    });
    walkExpressions(body, visitExpression);
  };
  for (const handler of program.handlers) {
    if (!which(handler)) continue;
    visitBody(handler.body);
    if (handler.condition) walkExpression(handler.condition, visitExpression);
  }
  return names;
}
