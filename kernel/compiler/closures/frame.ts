/** What closures work on while they run, and what they are: the vocabulary of this back end. */
import type { Expression, Local, Statement, UserFunction, ValueType } from "../check/program.js";
import type { MatchedGroups, Regex } from "../regex/index.js";
import type { Span } from "../source.js";
import { ScriptError, type Runtime, type Value } from "./runtime.js";

/** How a statement ended. Small codes, since an exception for each `break` would cost a thousand times more. */
export type Signal = 0 | 1 | 2 | 3 | 4;
export const NORMAL = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export const NEXT = 3;
export const RETURN = 4;

/** One run of a handler or of a function. */
export interface Frame {
  readonly locals: Value[];
  readonly execution: Execution;
  /** What `return` gave; the type's empty value until then. */
  returned: Value;
}

export type ValueClosure = (frame: Frame) => Value;
export type LongClosure = (frame: Frame) => bigint;
export type TextClosure = (frame: Frame) => string;
export type StatementClosure = (frame: Frame) => Signal;

/** What the files of this back end ask of each other, so that none needs to import the others. */
export interface ClosureCompiler {
  value(expression: Expression): ValueClosure;
  long(expression: Expression): LongClosure;
  text(expression: Expression): TextClosure;
  /** Like `value`, with a string cut to what a variable can hold. */
  stored(expression: Expression): ValueClosure;
  statement(statement: Statement): StatementClosure;
  /** Compiled once, however often it is called and even if it calls itself. */
  function(declaration: UserFunction): FunctionBody;
}

/** A user function; the body is there once the function is compiled, which recursion does not wait for. */
export interface FunctionBody {
  readonly declaration: UserFunction;
  readonly alternative: FunctionBody | null;
  readonly initialLocals: readonly Value[];
  run: StatementClosure;
}

/** Actions between two looks at whether the user wants to interrupt. */
const ACTIONS_PER_CHECK = 4096;

/** One run of a handler with everything it calls: counts what the limits bound. */
export class Execution {
  readonly runtime: Runtime;
  /** Function calls under way. */
  depth = 0;
  /** The last `=~` that held; its groups are looked for when they are asked for. */
  lastMatch: { readonly text: string; readonly regex: Regex; groups: MatchedGroups | null } | null = null;
  #actions = 0;
  #checkAt: number;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
    this.#checkAt = Math.min(runtime.limits.maxAction, ACTIONS_PER_CHECK);
  }

  /**
   * Every statement and every turn of a loop is an action. Once the budget is spent each further one fails too, so
   * that a `try` cannot go on for ever.
   */
  countActions(actions: number, span: Span): void {
    this.#actions += actions;
    if (this.#actions > this.#checkAt) this.#check(span);
  }

  /** Cuts a string to what a variable can hold beside its terminator. */
  bound(text: string): string {
    const length = this.runtime.limits.maxStringLength - 1;
    if (text.length <= length) return text;
    // A stack is kept by its number, and as long as it is: cut, it would be another one.
    return this.runtime.environment.symbols.isStack(text) ? text : text.slice(0, length);
  }

  #check(span: Span): void {
    const { maxAction } = this.runtime.limits;
    if (this.#actions > maxAction) throw new ScriptError("MAXACTION exceeded", span);
    this.runtime.checkInterrupt();
    this.#checkAt = Math.min(maxAction, this.#actions + ACTIONS_PER_CHECK);
  }
}

/** What a variable, a missing element or a missing `return` reads as. */
export function emptyValue(type: ValueType): Value {
  return type === "long" ? 0n : "";
}

/** The frame of a run before its first statement. */
export function initialLocals(locals: readonly Local[]): readonly Value[] {
  const values: Value[] = [];
  for (const local of locals) values[local.index] = emptyValue(local.type);
  return values;
}

/** Passes an error on, with its place if none is known yet. */
export function rethrowAt(error: unknown, span: Span): never {
  if (error instanceof ScriptError) error.locate(span);
  throw error;
}

/** A break in the promise between checker and back end; never the script's fault. */
export function unsupported(what: string): Error {
  return new Error(`the checker let through what user space cannot run: ${what}`);
}
