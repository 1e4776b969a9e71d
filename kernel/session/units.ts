/** What a global's numbers count, where the script tells: `lat <<< gettimeofday_ns() - start` is nanoseconds. */
import type { Expression, TypedProgram } from "../compiler/check/program.js";
import { walkExpression, walkExpressions } from "../compiler/ir/walk.js";

export function unitsOf(program: TypedProgram): ReadonlyMap<string, string> {
  const units = new Map<string, string>();
  for (const { body } of [...program.handlers, ...program.functions]) {
    walkExpressions(body, (expression) => {
      if (expression.kind !== "record") return;
      const unit = unitOf(expression.value);
      if (unit !== undefined) units.set(expression.target.global.name, unit);
    });
  }
  return units;
}

function unitOf(expression: Expression): string | undefined {
  let unit: string | undefined;
  walkExpression(expression, (part) => {
    if (part.kind === "tapset") unit ??= part.function.unit;
  });
  return unit;
}
