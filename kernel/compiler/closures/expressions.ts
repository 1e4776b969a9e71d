/** Expressions to closures, except what has a file of its own: globals, statistics and calls. */
import type { Expression } from "../check/program.js";
import { MemoryReadError, renderFormat } from "../text/format.js";
import { arithmetic, comparison } from "./arithmetic.js";
import { unsupported, rethrowAt, type ClosureCompiler, type Frame, type ValueClosure } from "./frame.js";
import { compileCall, compileTapsetCall } from "./functions.js";
import { compileAssignment, compileElement, compileIncrement, compileMembership, compileScalar } from "./globals.js";
import { compileAttempt, compileMemory, compileMemoryText } from "./memory_reads.js";
import { ScriptError, type Value } from "./runtime.js";
import { compileGroupCount, compileMatch, compileMatched } from "./regex.js";
import { compileBucket, compileExtract, compilePrintHistogram, compileRecord } from "./statistics.js";

type Kind<Name extends Expression["kind"]> = Extract<Expression, { readonly kind: Name }>;

/** The closure that evaluates an expression. */
export function compileExpressionNode(expression: Expression, compiler: ClosureCompiler): ValueClosure {
  switch (expression.kind) {
    case "number": {
      const { value } = expression;
      return () => value;
    }
    case "text": {
      const value = beforeTerminator(expression.value);
      return () => value;
    }
    case "local": {
      const { index } = expression.local;
      return (frame) => frame.locals[index]!;
    }
    case "global":
      return compileScalar(expression);
    case "element":
      return compileElement(expression, compiler);
    case "unary":
      return compileUnary(expression, compiler);
    case "arithmetic":
      return compileArithmetic(expression, compiler);
    case "concatenate": {
      const left = compiler.text(expression.left);
      const right = compiler.text(expression.right);
      return (frame) => frame.execution.bound(left(frame) + right(frame));
    }
    case "compare": {
      const left = compiler.value(expression.left);
      const right = compiler.value(expression.right);
      const holds = comparison(expression.operator);
      return (frame) => (holds(left(frame), right(frame)) ? 1n : 0n);
    }
    case "logical": {
      const left = compiler.long(expression.left);
      const right = compiler.long(expression.right);
      return expression.operator === "&&"
        ? (frame) => (left(frame) !== 0n && right(frame) !== 0n ? 1n : 0n)
        : (frame) => (left(frame) !== 0n || right(frame) !== 0n ? 1n : 0n);
    }
    case "conditional": {
      const condition = compiler.long(expression.condition);
      const then = compiler.value(expression.then);
      const otherwise = compiler.value(expression.otherwise);
      return (frame) => (condition(frame) !== 0n ? then(frame) : otherwise(frame));
    }
    case "assign":
      return compileAssignment(expression, compiler);
    case "increment":
      return compileIncrement(expression, compiler);
    case "record":
      return compileRecord(expression, compiler);
    case "membership":
      return compileMembership(expression, compiler);
    case "match":
      return compileMatch(expression, compiler);
    case "matched":
      return compileMatched(expression, compiler);
    case "groupCount":
      return compileGroupCount();
    case "extract":
      return compileExtract(expression, compiler);
    case "bucket":
      return compileBucket(expression, compiler);
    case "call":
      return compileCall(expression, compiler);
    case "tapset":
      return compileTapsetCall(expression, compiler);
    case "context":
      return compileContext(expression);
    case "format":
      return compileFormat(expression, compiler);
    case "memory":
      return compileMemory(expression, compiler);
    case "writeMemory":
      throw unsupported("a write to memory");
    case "memoryText":
      return compileMemoryText(expression, compiler);
    case "attempt":
      return compileAttempt(expression, compiler);
    case "printHistogram":
      return compilePrintHistogram(expression, compiler);
  }
}

function compileUnary(expression: Kind<"unary">, compiler: ClosureCompiler): ValueClosure {
  const operand = compiler.long(expression.operand);
  switch (expression.operator) {
    case "-":
      return (frame) => BigInt.asIntN(64, -operand(frame));
    case "!":
      return (frame) => (operand(frame) === 0n ? 1n : 0n);
    case "~":
      return (frame) => ~operand(frame);
  }
}

function compileArithmetic(expression: Kind<"arithmetic">, compiler: ClosureCompiler): ValueClosure {
  const left = compiler.long(expression.left);
  const right = compiler.long(expression.right);
  const operate = arithmetic(expression.operator, expression.operatorSpan);
  return (frame) => operate(left(frame), right(frame));
}

function compileContext(expression: Kind<"context">): ValueClosure {
  const { variable, span } = expression;
  const { user } = variable;
  if (!user) throw unsupported(`the context variable ${variable.name}`);
  return (frame) => {
    try {
      return user(frame.execution.runtime);
    } catch (error) {
      return rethrowAt(error, span);
    }
  };
}

function compileFormat(expression: Kind<"format">, compiler: ClosureCompiler): ValueClosure {
  const { pieces, span } = expression;
  const closures = expression.arguments.map((argument) => compiler.value(argument));
  const render = (values: readonly Value[]): string => {
    try {
      return renderFormat(pieces, values);
    } catch (error) {
      if (error instanceof MemoryReadError) throw new ScriptError(error.message, span);
      throw error;
    }
  };
  const evaluate = (frame: Frame): Value[] => closures.map((closure) => closure(frame));
  if (expression.toString) return (frame) => frame.execution.bound(beforeTerminator(render(evaluate(frame))));
  return (frame) => {
    const values = evaluate(frame);
    frame.execution.runtime.print(render(values), pieces, values);
    return 0n;
  };
}

/** Strings of the language end at their first NUL. */
function beforeTerminator(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
