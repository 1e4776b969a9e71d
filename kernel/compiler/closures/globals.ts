/** Reading and writing variables: scalars and elements through their store, locals in the frame. */
import type { Expression, GlobalVariable, Statement, Target } from "../check/program.js";
import type { Span } from "../source.js";
import { arithmetic, wrap } from "./arithmetic.js";
import {
  emptyValue,
  NORMAL,
  rethrowAt,
  type ClosureCompiler,
  type Frame,
  type StatementClosure,
  type ValueClosure,
} from "./frame.js";
import type { GlobalStore, Value } from "./runtime.js";

type Kind<Name extends Expression["kind"]> = Extract<Expression, { readonly kind: Name }>;
type Stored = Exclude<Target, { readonly kind: "local" }>;

export type Key = readonly Value[];
export type KeyClosure = (frame: Frame) => Key;

/** One entry a key column; null stands for any. */
export type KeyPattern = readonly (Value | null)[];

/** The key of a scalar. */
const SCALAR_KEY: Key = [];

/** The closure that makes a key; null for a scalar's. */
export function compileKey(key: readonly Expression[] | null, compiler: ClosureCompiler): KeyClosure {
  const columns = (key ?? []).map((column) => compiler.stored(column));
  const [first, second] = columns;
  if (!first) return () => SCALAR_KEY;
  if (!second) return (frame) => [first(frame)];
  return (frame) => columns.map((column) => column(frame));
}

/** The closure that makes the pattern of a slice. */
export function compilePattern(
  pattern: readonly (Expression | null)[],
  compiler: ClosureCompiler,
): (frame: Frame) => KeyPattern {
  const columns = pattern.map((column) => column && compiler.stored(column));
  return (frame) => columns.map((column) => column && column(frame));
}

export function matches(key: Key, pattern: KeyPattern): boolean {
  return pattern.every((wanted, column) => wanted === null || key[column] === wanted);
}

/** A slice without `*` is a plain key. */
function asKey(pattern: readonly (Expression | null)[]): readonly Expression[] | null {
  return pattern.every((column) => column !== null) ? pattern : null;
}

function storeOf(frame: Frame, global: GlobalVariable): GlobalStore {
  return frame.execution.runtime.store(global);
}

export function compileScalar({ global, type, span }: Kind<"global">): ValueClosure {
  return compileRead(global, () => SCALAR_KEY, emptyValue(type), span);
}

export function compileElement({ global, key, type, span }: Kind<"element">, compiler: ClosureCompiler): ValueClosure {
  return compileRead(global, compileKey(key, compiler), emptyValue(type), span);
}

function compileRead(global: GlobalVariable, key: KeyClosure, missing: Value, span: Span): ValueClosure {
  return (frame) => {
    const at = key(frame);
    try {
      return storeOf(frame, global).get(at) ?? missing;
    } catch (error) {
      return rethrowAt(error, span);
    }
  };
}

export function compileAssignment(expression: Kind<"assign">, compiler: ClosureCompiler): ValueClosure {
  const { target } = expression;
  return target.kind === "local"
    ? compileLocalAssignment(expression, target.local.index, compiler)
    : compileStoredAssignment(expression, target, compiler);
}

/** What the variable holds afterwards, of what it holds before and of the right side. */
function compileUpdate({
  operator,
  operatorSpan,
}: Kind<"assign">): (frame: Frame, before: Value, right: Value) => Value {
  if (operator === null) return (_frame, _before, right) => right;
  if (operator === ".") return (frame, before, right) => frame.execution.bound((before as string) + (right as string));
  const operate = arithmetic(operator, operatorSpan);
  return (_frame, before, right) => operate(before as bigint, right as bigint);
}

function compileLocalAssignment(expression: Kind<"assign">, index: number, compiler: ClosureCompiler): ValueClosure {
  const value = compiler.stored(expression.value);
  if (expression.operator === null) return (frame) => (frame.locals[index] = value(frame));
  if (expression.operator === "+") {
    return (frame) => {
      const right = value(frame) as bigint;
      return (frame.locals[index] = BigInt.asIntN(64, (frame.locals[index] as bigint) + right));
    };
  }
  const update = compileUpdate(expression);
  return (frame) => {
    const right = value(frame);
    return (frame.locals[index] = update(frame, frame.locals[index]!, right));
  };
}

function compileStoredAssignment(expression: Kind<"assign">, target: Stored, compiler: ClosureCompiler): ValueClosure {
  const { operator, span } = expression;
  const { global } = target;
  const key = compileKey(target.kind === "element" ? target.key : null, compiler);
  const value = compiler.stored(expression.value);
  // A kernel handler may add to the same element meanwhile: one atomic addition loses nothing.
  if (operator === "+" || operator === "-") {
    const sign = operator === "+" ? 1n : -1n;
    return (frame) => {
      const at = key(frame);
      const delta = wrap(sign * (value(frame) as bigint));
      return wrap(addTo(frame, global, at, delta, span) + delta);
    };
  }
  const update = compileUpdate(expression);
  const missing = emptyValue(target.type);
  return (frame) => {
    const at = key(frame);
    const right = value(frame);
    try {
      const store = storeOf(frame, global);
      const before = operator === null ? missing : (store.get(at) ?? missing);
      const after = update(frame, before, right);
      store.set(at, after);
      return after;
    } catch (error) {
      return rethrowAt(error, span);
    }
  };
}

export function compileIncrement(expression: Kind<"increment">, compiler: ClosureCompiler): ValueClosure {
  const { target, prefix, span } = expression;
  const delta = BigInt(expression.delta);
  if (target.kind === "local") {
    const { index } = target.local;
    return (frame) => {
      const before = frame.locals[index] as bigint;
      const after = BigInt.asIntN(64, before + delta);
      frame.locals[index] = after;
      return prefix ? after : before;
    };
  }
  const { global } = target;
  const key = compileKey(target.kind === "element" ? target.key : null, compiler);
  return (frame) => {
    const before = addTo(frame, global, key(frame), delta, span);
    return prefix ? wrap(before + delta) : before;
  };
}

function addTo(frame: Frame, global: GlobalVariable, key: Key, delta: bigint, span: Span): bigint {
  try {
    return storeOf(frame, global).add(key, delta);
  } catch (error) {
    return rethrowAt(error, span);
  }
}

export function compileMembership({ global, key, span }: Kind<"membership">, compiler: ClosureCompiler): ValueClosure {
  const exact = asKey(key);
  const find = exact ? compileExactSearch(global, exact, compiler) : compilePatternSearch(global, key, compiler);
  return (frame) => {
    try {
      return find(frame) ? 1n : 0n;
    } catch (error) {
      return rethrowAt(error, span);
    }
  };
}

function compileExactSearch(global: GlobalVariable, key: readonly Expression[], compiler: ClosureCompiler) {
  const closure = compileKey(key, compiler);
  return (frame: Frame) => storeOf(frame, global).has(closure(frame));
}

function compilePatternSearch(global: GlobalVariable, key: readonly (Expression | null)[], compiler: ClosureCompiler) {
  const closure = compilePattern(key, compiler);
  return (frame: Frame) => {
    const pattern = closure(frame);
    return storeOf(frame, global)
      .entries()
      .some((entry) => matches(entry.key, pattern));
  };
}

export function compileDelete(
  statement: Extract<Statement, { readonly kind: "delete" }>,
  compiler: ClosureCompiler,
): StatementClosure {
  const { global, key, span } = statement;
  const remove = compileRemoval(global, key, compiler);
  return (frame) => {
    try {
      remove(frame);
    } catch (error) {
      rethrowAt(error, span);
    }
    return NORMAL;
  };
}

function compileRemoval(
  global: GlobalVariable,
  key: readonly (Expression | null)[] | null,
  compiler: ClosureCompiler,
): (frame: Frame) => void {
  if (key === null) {
    return global.type.kind === "array"
      ? (frame) => storeOf(frame, global).clear()
      : (frame) => storeOf(frame, global).delete(SCALAR_KEY);
  }
  const exact = asKey(key);
  if (exact) {
    const closure = compileKey(exact, compiler);
    return (frame) => storeOf(frame, global).delete(closure(frame));
  }
  const closure = compilePattern(key, compiler);
  return (frame) => {
    const pattern = closure(frame);
    const store = storeOf(frame, global);
    for (const entry of store.entries()) if (matches(entry.key, pattern)) store.delete(entry.key);
  };
}
