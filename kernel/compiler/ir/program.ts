/** All handlers of one attach point, one behind the other, as the IR of one eBPF program. */
import { mostActions, statementsOf, withCounts } from "../actions.js";
import type { Target } from "../catalogue.js";
import { COUNTER_HITS } from "../compiled.js";
import type { Handler, Statement } from "../check/program.js";
import type { Limits } from "../limits.js";
import { Emitter, type Exit } from "./emitter.js";
import { reportError } from "./errors.js";
import { branchIfFalse } from "./expressions.js";
import { removeDeadCode } from "./dead_code.js";
import type { IrFunction } from "./instructions.js";
import { KernelCannot } from "./kernel_cannot.js";
import { LastMatch } from "./last_match.js";
import { flushOutput } from "./print.js";
import { visitReached } from "./reached.js";
import { Scope } from "./scope.js";
import type { Shapes } from "./shapes.js";
import { lowerStatement } from "./statements.js";
import type { ScriptTables } from "./tables.js";

/** The kernel's limit for one CPU's value of a per-CPU map (PCPU_MIN_UNIT_SIZE). */
const MOST_PER_CPU = 32_768;
/** In a plain array, as far as instructions reach with their signed 16-bit offsets. */
const MOST_SCRATCH = 65_536;

export interface LoweringOptions {
  readonly target: Target;
  readonly tables: ScriptTables;
  readonly shapes: Shapes;
  readonly limits: Limits;
  /** Scratch lies in a plain array with an entry for each handler on each CPU, which may be larger than a per-CPU map's. */
  readonly hasWideScratch: boolean;
  /** What the program returns to the kernel, whatever its handlers do. */
  readonly result: bigint;
}

export interface LoweredProgram {
  readonly functions: readonly IrFunction[];
  /** Bytes of a scratch entry. */
  readonly scratchSize: number;
  readonly hasWideScratch: boolean;
}

/** Per-CPU memory is too small for a handler: the script has to be lowered again with wide scratch. */
export class NeedsWideScratch extends Error {}

/** `handlers` with the index of each one's scratch entry. Throws KernelCannot and NeedsWideScratch. */
export function lowerProgram(
  handlers: readonly { readonly handler: Handler; readonly scratch: number }[],
  options: LoweringOptions,
): LoweredProgram {
  const main: IrFunction = { name: "handle", kind: "main", instructions: [], registers: 0 };
  const functions = [main];
  let scratchSize = 0;
  const refusals: KernelCannot[] = [];
  for (const { handler, scratch } of handlers) {
    try {
      scratchSize = Math.max(scratchSize, lowerHandler(handler, scratch, main, functions, options));
    } catch (error) {
      if (!(error instanceof KernelCannot)) throw error;
      refusals.push(error.at(handler.span));
    }
  }
  const [first, ...others] = refusals;
  if (first) throw first.with(others);
  main.instructions.push({ op: "return", value: options.result });
  if (scratchSize > MOST_PER_CPU && !options.hasWideScratch) throw new NeedsWideScratch();
  return { functions: removeDeadCode(functions), scratchSize, hasWideScratch: options.hasWideScratch };
}

/** Goes on behind a statement that cannot run in the kernel, so that all of those are told; throws KernelCannot. */
function lowerBody(scope: Scope, body: Statement, failed: Exit): void {
  const { emit } = scope;
  const refusals: KernelCannot[] = [];
  for (const statement of statementsOf(body)) {
    try {
      lowerStatement(scope, statement);
    } catch (error) {
      if (!(error instanceof KernelCannot)) throw error;
      refusals.push(error);
      // As at the start of a statement; what has been emitted is thrown away in the end.
      emit.errorExit = failed;
      emit.catchesText = false;
      emit.calls = [];
      scope.loop = null;
    }
  }
  const [first, ...others] = refusals;
  if (first) throw first.with(others);
}

function callsInCircles(emit: Emitter, handler: Handler): boolean {
  let found = false;
  visitReached([handler], {
    expression(expression) {
      if (expression.kind === "call") found ||= emit.callGroups.groupOf(expression.function) !== null;
    },
  });
  return found;
}

function lowerHandler(
  handler: Handler,
  scratch: number,
  main: IrFunction,
  functions: IrFunction[],
  options: LoweringOptions,
): number {
  const { probe } = handler;
  if (probe.kind !== "kernel") throw new Error(`${handler.point} does not run in the kernel`);
  const emit = new Emitter(
    {
      ...options,
      handler: scratch,
      point: handler.point,
      functions,
      variables: probe.variables,
      attach: probe.attach,
    },
    main,
  );
  const skip = emit.label("skip");
  emit.at(handler.span);
  probe.guard?.(emit, skip);
  emit.enter(skip);
  const foreign = emit.label("foreign");
  probe.lateGuard?.(emit, foreign);
  const end = emit.exit("handled");
  const failed = emit.exit("failed");
  emit.errorExit = failed;
  emit.handlerExit = end;
  emit.lastMatch = LastMatch.of(emit, handler);
  if (callsInCircles(emit, handler)) emit.mostCalls = options.limits.maxNesting + 1;
  emit.countsActions = emit.mostCalls > 0 || (mostActions(handler.body) ?? Infinity) > options.limits.maxAction;
  const scope = new Scope(emit, options.shapes, null, end, end, []);
  if (handler.condition) branchIfFalse(scope, handler.condition, end.label);
  scope.declare(handler.locals);
  lowerBody(scope, withCounts(handler.body), failed);
  emit.placeExit(end);
  flushOutput(emit);
  emit.jump(skip);
  emit.placeExit(failed);
  if (emit.errorRecord !== null) {
    flushOutput(emit);
    reportError(emit);
  }
  if (probe.lateGuard) {
    emit.jump(skip);
    emit.place(foreign);
    emit.store("scratch", COUNTER_HITS, emit.alu("sub", emit.load("scratch", COUNTER_HITS), 1n));
  }
  emit.place(skip);
  if (emit.scratchSize > MOST_SCRATCH) {
    throw new KernelCannot(
      `the strings of ${handler.point} need ${emit.scratchSize} bytes at once, and the kernel gives ${MOST_SCRATCH}`,
      "print in several statements, use shorter strings, or allow less for each with -DMAXSTRINGLEN",
    );
  }
  return emit.scratchSize;
}
