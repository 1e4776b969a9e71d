/** Which globals handlers reach, through functions too. */
import type { Handler, TypedProgram } from "../check/program.js";
import { visitReached } from "./reached.js";

export function usedGlobals(program: TypedProgram, which: (handler: Handler) => boolean): ReadonlySet<string> {
  const names = new Set<string>();
  visitReached(program.handlers.filter(which), {
    statement(statement) {
      if (statement.kind === "foreach" || statement.kind === "delete") names.add(statement.global.name);
      if (statement.kind === "foreachBucket") names.add(statement.histogram.target.global.name);
    },
    expression(expression) {
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
      }
    },
  });
  return names;
}
