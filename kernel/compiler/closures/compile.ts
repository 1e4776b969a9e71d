/**
 * The user-space back end: a handler becomes a JavaScript closure, built once and run many times. Each node of the typed
 * program gives one closure that holds the closures of its parts; the values of one run live in a Frame.
 */
import { withCounts } from "../actions.js";
import type { Expression, Handler, Histogram, Local, Statement, UserFunction } from "../check/program.js";
import { compileExpressionNode } from "./expressions.js";
import {
  Execution,
  initialLocals,
  type ClosureCompiler,
  type Frame,
  type FunctionBody,
  type LongClosure,
  type StatementClosure,
  type TextClosure,
  type ValueClosure,
} from "./frame.js";
import { FunctionTable } from "./functions.js";
import type { HistogramOutput, Runtime, Value } from "./runtime.js";
import { compileStatementNode } from "./statements.js";
import { compileHistogramOutput } from "./statistics.js";

/**
 * Runs a handler, unless its condition says no, and gives what its locals hold at the end: a cell's display expression
 * sees the variables of the cell's statements.
 */
export type HandlerClosure = (runtime: Runtime) => readonly Value[];

/** Evaluates something outside a handler; `values` are those of its locals, which are empty by default. */
export type DisplayClosure<Result> = (runtime: Runtime, values?: readonly Value[]) => Result;

/** A handler's closure. It throws ScriptError and ScriptAbort. */
export function compileHandler(handler: Handler): HandlerClosure {
  const compiler = new Compiler();
  const condition = handler.condition && compiler.long(handler.condition);
  const run = compiler.statement(withCounts(handler.body));
  const initial = initialLocals(handler.locals);
  return (runtime) => {
    const frame = newFrame(runtime, initial);
    if (!condition || condition(frame) !== 0n) run(frame);
    return frame.locals;
  };
}

/** The closure of an expression that stands alone, such as one that a cell displays. */
export function compileExpression(expression: Expression, locals: readonly Local[]): DisplayClosure<Value> {
  return asDisplay(new Compiler().value(expression), locals);
}

/** The closure of a histogram that a cell displays. */
export function compileHistogram(
  histogram: Histogram,
  label: string,
  locals: readonly Local[],
): DisplayClosure<HistogramOutput> {
  return asDisplay(compileHistogramOutput(histogram, label, new Compiler()), locals);
}

function asDisplay<Result>(closure: (frame: Frame) => Result, locals: readonly Local[]): DisplayClosure<Result> {
  const initial = initialLocals(locals);
  return (runtime, values = []) => {
    const frame = newFrame(runtime, initial);
    for (const [index, value] of values.entries()) frame.locals[index] = value;
    return closure(frame);
  };
}

function newFrame(runtime: Runtime, initial: readonly Value[]): Frame {
  return { locals: initial.slice(), execution: new Execution(runtime), returned: 0n };
}

class Compiler implements ClosureCompiler {
  readonly #functions = new FunctionTable();

  value(expression: Expression): ValueClosure {
    return compileExpressionNode(expression, this);
  }

  // The checker vouches for the types, so that no closure has to look at its operands.
  long(expression: Expression): LongClosure {
    return this.value(expression) as LongClosure;
  }

  text(expression: Expression): TextClosure {
    return this.value(expression) as TextClosure;
  }

  stored(expression: Expression): ValueClosure {
    if (expression.type === "long") return this.value(expression);
    const text = this.text(expression);
    return (frame) => frame.execution.bound(text(frame));
  }

  statement(statement: Statement): StatementClosure {
    return compileStatementNode(statement, this);
  }

  function(declaration: UserFunction): FunctionBody {
    return this.#functions.get(declaration, this);
  }
}
