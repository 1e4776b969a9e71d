/** Visits every statement and every expression below a statement. */
import type { Expression, Histogram, Statement, StatisticTarget } from "../check/program.js";

export function walkStatements(statement: Statement, visit: (statement: Statement) => void): void {
  visit(statement);
  switch (statement.kind) {
    case "block":
      for (const child of statement.statements) walkStatements(child, visit);
      return;
    case "if":
      walkStatements(statement.then, visit);
      if (statement.otherwise) walkStatements(statement.otherwise, visit);
      return;
    case "loop":
    case "foreach":
    case "foreachBucket":
      return walkStatements(statement.body, visit);
    case "try":
      walkStatements(statement.body, visit);
      walkStatements(statement.handler, visit);
  }
}

export function walkExpressions(statement: Statement, visit: (expression: Expression) => void): void {
  walkStatements(statement, (child) => {
    for (const expression of statementExpressions(child)) walkExpression(expression, visit);
  });
}

export function walkExpression(expression: Expression, visit: (expression: Expression) => void): void {
  visit(expression);
  for (const child of operands(expression)) walkExpression(child, visit);
}

function present(...expressions: (Expression | null)[]): Expression[] {
  return expressions.filter((expression) => expression !== null);
}

function targetKey(target: StatisticTarget): readonly Expression[] {
  return target.key ?? [];
}

function histogramKey(histogram: Histogram): readonly Expression[] {
  return targetKey(histogram.target);
}

/** The expressions that stand directly in a statement. */
function statementExpressions(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "expression":
      return [statement.expression];
    case "if":
      return [statement.condition];
    case "loop":
      return present(statement.condition, statement.step);
    case "foreach":
      return present(...(statement.slice ?? []), statement.limit);
    case "foreachBucket":
      return [...histogramKey(statement.histogram), ...present(statement.limit)];
    case "delete":
      return present(...(statement.key ?? []));
    case "return":
      return present(statement.value);
    default:
      return [];
  }
}

function operands(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "element":
      return expression.key;
    case "unary":
      return [expression.operand];
    case "arithmetic":
    case "concatenate":
    case "compare":
    case "logical":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise];
    case "assign":
      return [expression.target, expression.value];
    case "increment":
      return [expression.target];
    case "record":
      return [...targetKey(expression.target), expression.value];
    case "match":
      return [expression.text];
    case "matched":
      return [expression.group];
    case "membership":
      return present(...expression.key);
    case "extract":
      return targetKey(expression.target);
    case "bucket":
      return [...histogramKey(expression.histogram), expression.index];
    case "call":
    case "tapset":
    case "format":
      return expression.arguments;
    case "writeMemory":
      return [expression.address, expression.value];
    case "memory":
    case "memoryText":
      return [expression.address];
    case "attempt":
      return [expression.value, expression.otherwise];
    case "printHistogram":
      return histogramKey(expression.histogram);
    default:
      return [];
  }
}
