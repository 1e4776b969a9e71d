/** Builds pieces of typed programs by hand, as the checker would make them, and runs them in a small runtime. */
import type { TapsetFunction } from "../../../kernel/compiler/catalogue.js";
import type {
  ArithmeticOperator,
  ComparisonOperator,
  Expression,
  Extractor,
  Foreach,
  GlobalType,
  GlobalVariable,
  Handler,
  Histogram,
  Local,
  Sort,
  Statement,
  StatisticParts,
  StatisticTarget,
  Target,
  UserFunction,
  ValueType,
} from "../../../kernel/compiler/check/program.js";
import { compileExpression, compileHandler } from "../../../kernel/compiler/closures/compile.js";
import { MemoryStore } from "../../../kernel/compiler/closures/memory_store.js";
import {
  NO_PARTS,
  type GlobalStore,
  type HistogramOutput,
  type Runtime,
  type RuntimeLimits,
  type Value,
} from "../../../kernel/compiler/closures/runtime.js";
import type { Source, Span } from "../../../kernel/compiler/source.js";
import { parseFormat } from "../../../kernel/compiler/text/format.js";

const SOURCE: Source = { name: "test", text: "" };

export function spanAt(start: number): Span {
  return { source: SOURCE, start, end: start + 1 };
}

const span = spanAt(0);

// Expressions

export const number = (value: bigint | number): Expression => ({
  kind: "number",
  type: "long",
  value: BigInt(value),
  span,
});
export const text = (value: string): Expression => ({ kind: "text", type: "string", value, span });

export const localOf = (index: number, name: string, type: ValueType = "long"): Local => ({
  index,
  name,
  type,
  isOfLoop: false,
});
export const local = (of: Local): Target => ({ kind: "local", type: of.type, local: of, span });

export function global(
  name: string,
  type: GlobalType,
  more: Partial<Pick<GlobalVariable, "size" | "wrap" | "initial" | "parts">> = {},
): GlobalVariable {
  return {
    name,
    type,
    size: null,
    wrap: false,
    initial: null,
    parts: NO_PARTS,
    declaredAt: span,
    read: true,
    written: true,
    ...more,
  };
}

export const LONG: GlobalType = { kind: "scalar", value: "long" };
export const STRING: GlobalType = { kind: "scalar", value: "string" };
export const STATISTIC: GlobalType = { kind: "statistic" };
export const arrayOf = (keys: readonly ValueType[], value: ValueType | "statistic"): GlobalType => ({
  kind: "array",
  keys,
  value,
});
export const ALL_PARTS: StatisticParts = { log: true, linear: [], variance: true };

const valueTypeOf = ({ type }: GlobalVariable): ValueType =>
  type.kind !== "statistic" && type.value === "string" ? "string" : "long";

export const scalar = (of: GlobalVariable): Target => ({ kind: "global", type: valueTypeOf(of), global: of, span });
export const element = (of: GlobalVariable, key: readonly Expression[], at = span): Target => ({
  kind: "element",
  type: valueTypeOf(of),
  global: of,
  key,
  span: at,
});
export const arithmetic = (
  left: Expression,
  operator: ArithmeticOperator,
  right: Expression,
  at = span,
): Expression => ({
  kind: "arithmetic",
  type: "long",
  operator,
  operatorSpan: at,
  left,
  right,
  span: at,
});
export const compare = (left: Expression, operator: ComparisonOperator, right: Expression): Expression => ({
  kind: "compare",
  type: "long",
  operator,
  left,
  right,
  span,
});
export const logical = (left: Expression, operator: "&&" | "||", right: Expression): Expression => ({
  kind: "logical",
  type: "long",
  operator,
  left,
  right,
  span,
});
export const unary = (operator: "-" | "!" | "~", operand: Expression): Expression => ({
  kind: "unary",
  type: "long",
  operator,
  operand,
  span,
});
export const conditional = (condition: Expression, then: Expression, otherwise: Expression): Expression => ({
  kind: "conditional",
  type: then.type,
  condition,
  then,
  otherwise,
  span,
});
export const concatenate = (left: Expression, right: Expression): Expression => ({
  kind: "concatenate",
  type: "string",
  left,
  right,
  span,
});
export const assign = (
  target: Target,
  value: Expression,
  operator: ArithmeticOperator | "." | null = null,
  at = span,
): Expression => ({
  kind: "assign",
  type: target.type,
  target,
  operator,
  operatorSpan: at,
  value,
  span: at,
});
export const increment = (target: Target, delta: 1 | -1 = 1, prefix = false): Expression => ({
  kind: "increment",
  type: "long",
  target,
  delta,
  prefix,
  span,
});
export const statisticOf = (of: GlobalVariable, key: readonly Expression[] | null = null): StatisticTarget => ({
  global: of,
  key,
});
export const record = (target: StatisticTarget, value: Expression): Expression => ({
  kind: "record",
  type: "long",
  target,
  value,
  span,
});
export const extract = (extractor: Extractor, target: StatisticTarget, at = span): Expression => ({
  kind: "extract",
  type: "long",
  extractor,
  target,
  span: at,
});
export const membership = (of: GlobalVariable, key: readonly (Expression | null)[]): Expression => ({
  kind: "membership",
  type: "long",
  global: of,
  key,
  span,
});
export const histogram = (target: StatisticTarget, scale: Histogram["scale"] = { kind: "log" }): Histogram => ({
  scale,
  target,
  span,
});
export const bucket = (of: Histogram, index: Expression): Expression => ({
  kind: "bucket",
  type: "long",
  histogram: of,
  index,
  span,
});
export const call = (of: UserFunction, args: readonly Expression[] = [], at = span): Expression => ({
  kind: "call",
  type: of.returns ?? "long",
  function: of,
  arguments: args,
  isVoid: of.returns === null,
  span: at,
});
export const tapset = (
  user: NonNullable<TapsetFunction["user"]>,
  returns: ValueType | null,
  args: readonly Expression[] = [],
  at = span,
): Expression => ({
  kind: "tapset",
  type: returns ?? "long",
  function: { name: "f", topic: "t", summary: "", parameters: [], returns, example: "", user },
  arguments: args,
  isVoid: returns === null,
  span: at,
});
export function format(template: string, args: readonly Expression[], toString = false): Expression {
  const parsed = parseFormat(template);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  return { kind: "format", type: toString ? "string" : "long", toString, pieces: parsed.pieces, arguments: args, span };
}
export const print = (...args: readonly Expression[]): Statement =>
  run(format(args.map(({ type }) => (type === "long" ? "%d" : "%s")).join(" ") + ";", args));

// Statements

export const run = (expression: Expression): Statement => ({ kind: "expression", expression, span });
export const block = (...statements: readonly Statement[]): Statement => ({ kind: "block", statements, span });
export const when = (condition: Expression, then: Statement, otherwise: Statement | null = null): Statement => ({
  kind: "if",
  condition,
  then,
  otherwise,
  span,
});
export const loop = (condition: Expression | null, step: Expression | null, body: Statement): Statement => ({
  kind: "loop",
  condition,
  step,
  body,
  span,
});
export const jump = (kind: "break" | "continue" | "next"): Statement => ({ kind, span });
export const giveBack = (value: Expression | null): Statement => ({ kind: "return", value, span });
export const remove = (of: GlobalVariable, key: readonly (Expression | null)[] | null = null): Statement => ({
  kind: "delete",
  global: of,
  key,
  span,
});
export const attempt = (body: Statement, variable: Local | null, handler: Statement): Statement => ({
  kind: "try",
  body,
  variable,
  handler,
  span,
});
export const foreach = (
  of: GlobalVariable,
  keys: readonly Local[],
  body: Statement,
  more: Partial<Pick<Foreach, "value" | "slice" | "sort" | "limit">> = {},
): Statement => ({
  kind: "foreach",
  keys,
  global: of,
  body,
  value: null,
  slice: null,
  sort: null,
  limit: null,
  span,
  ...more,
});
export const sortBy = (by: Sort["by"], descending = false): Sort => ({ by, descending });

export function userFunction(
  name: string,
  parameters: readonly Local[],
  body: Statement,
  more: Partial<Pick<UserFunction, "returns" | "locals" | "alternative">> = {},
): UserFunction {
  return { name, parameters, returns: "long", locals: parameters, body, span, alternative: null, ...more };
}

/** A function whose body may call it. */
export function recursive(
  name: string,
  parameters: readonly Local[],
  body: (self: UserFunction) => Statement,
): UserFunction {
  const self: { -readonly [Name in keyof UserFunction]: UserFunction[Name] } = userFunction(name, parameters, block());
  self.body = body(self);
  return self;
}

export function handlerOf(
  body: Statement,
  locals: readonly Local[] = [],
  condition: Expression | null = null,
): Handler {
  return {
    probe: { kind: "user", moment: { kind: "statements" }, variables: new Map() },
    point: "begin",
    condition,
    locals,
    body,
    span,
    isStatements: true,
  };
}

// Running

/** Remembers what a script prints and shows. */
export class TestRuntime implements Runtime {
  printed = "";
  readonly histograms: HistogramOutput[] = [];
  readonly probePoint = "begin";
  readonly limits: RuntimeLimits;
  interruptChecks = 0;
  readonly #stores = new Map<string, GlobalStore>();

  constructor(limits: Partial<RuntimeLimits> = {}) {
    this.limits = {
      maxAction: 10_000,
      maxStringLength: 512,
      maxNesting: 10,
      histogramElision: 2,
      histogramWidth: 50,
      ...limits,
    };
  }

  store(global: GlobalVariable): GlobalStore {
    const store = this.#stores.get(global.name) ?? new MemoryStore(global);
    this.#stores.set(global.name, store);
    return store;
  }

  print(text: string): void {
    this.printed += text;
  }

  printHistogram(output: HistogramOutput): void {
    this.histograms.push(output);
  }

  warn(): void {
    throw new Error("no script here warns");
  }

  exit(): void {
    throw new Error("no script here exits");
  }

  checkInterrupt(): void {
    this.interruptChecks++;
  }

  /** No text here is that of a stack, and nothing else is asked for. */
  readonly environment = { symbols: { isStack: () => false } } as unknown as Runtime["environment"];
}

/** What an expression gives. */
export function valueOf(expression: Expression, runtime: Runtime = new TestRuntime()): Value {
  return compileExpression(expression, [])(runtime);
}

/** What statements print. */
export function outputOf(body: Statement, locals: readonly Local[] = [], runtime = new TestRuntime()): string {
  compileHandler(handlerOf(body, locals))(runtime);
  return runtime.printed;
}
