/** Calls of user functions and of the tapset. */
import { withCounts } from "../actions.js";
import type { Expression, UserFunction } from "../check/program.js";
import {
  emptyValue,
  initialLocals,
  NEXT,
  rethrowAt,
  unsupported,
  type ClosureCompiler,
  type Execution,
  type FunctionBody,
  type ValueClosure,
} from "./frame.js";
import { ScriptError, type Value } from "./runtime.js";

type Kind<Name extends Expression["kind"]> = Extract<Expression, { readonly kind: Name }>;

/** Keeps each function's closure; one object serves all that is compiled together. */
export class FunctionTable {
  readonly #bodies = new Map<UserFunction, FunctionBody>();

  get(declaration: UserFunction, compiler: ClosureCompiler): FunctionBody {
    const known = this.#bodies.get(declaration);
    if (known) return known;
    const body: FunctionBody = {
      declaration,
      alternative: declaration.alternative && this.get(declaration.alternative, compiler),
      initialLocals: initialLocals(declaration.locals),
      run: () => {
        throw new Error(`the function ${declaration.name} runs before it is compiled`);
      },
    };
    // Known before its statements are compiled, since they may call it.
    this.#bodies.set(declaration, body);
    body.run = compiler.statement(withCounts(declaration.body));
    return body;
  }
}

export function compileCall(expression: Kind<"call">, compiler: ClosureCompiler): ValueClosure {
  const { span, type } = expression;
  const { name } = expression.function;
  const callee = compiler.function(expression.function);
  const closures = expression.arguments.map((argument) => compiler.stored(argument));
  const empty = emptyValue(type);
  return (frame) => {
    const { execution } = frame;
    const values = closures.map((closure) => closure(frame));
    if (execution.depth >= execution.runtime.limits.maxNesting) throw new ScriptError("MAXNESTING exceeded", span);
    execution.depth++;
    let result: Value | null;
    try {
      result = runCandidates(callee, values, empty, execution);
    } catch (error) {
      if (isStackOverflow(error)) throw new ScriptError("MAXNESTING exceeded", span);
      if (error instanceof ScriptError) error.addCall({ function: name, span });
      throw error;
    } finally {
      execution.depth--;
    }
    if (result === null) throw new ScriptError("all functions exhausted", span);
    return result;
  };
}

/** Runs the function, then the one that its `next` falls through to, and so on; null where none is left. */
function runCandidates(
  callee: FunctionBody,
  values: readonly Value[],
  empty: Value,
  execution: Execution,
): Value | null {
  for (let candidate: FunctionBody | null = callee; candidate; candidate = candidate.alternative) {
    const locals = candidate.initialLocals.slice();
    for (const [position, parameter] of candidate.declaration.parameters.entries()) {
      locals[parameter.index] = values[position]!;
    }
    const frame = { locals, execution, returned: empty };
    if (candidate.run(frame) !== NEXT) return frame.returned;
  }
  return null;
}

/** With a generous MAXNESTING the stack of this process may end first. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes("call stack");
}

export function compileTapsetCall(expression: Kind<"tapset">, compiler: ClosureCompiler): ValueClosure {
  const { span, type } = expression;
  const { user, name } = expression.function;
  if (!user) throw unsupported(`the function ${name}`);
  const closures = expression.arguments.map((argument) => compiler.value(argument));
  const empty = emptyValue(type);
  return (frame) => {
    const { execution } = frame;
    const values = closures.map((closure) => closure(frame));
    try {
      return user(execution.runtime, values) ?? empty;
    } catch (error) {
      return rethrowAt(error, span);
    }
  };
}
