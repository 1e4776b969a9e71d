/** What the closures of user-space handlers need of their surroundings. Strings are byte strings. */
import type { TimeZone } from "../catalogue.js";
import type { FormatPiece } from "../text/pieces.js";
import type { GlobalVariable, LinearScale, MemorySpace, StatisticParts } from "../check/program.js";
import type { CallSite } from "../compiled.js";
import type { PercentileCounts } from "../percentiles.js";
import type { Span } from "../source.js";
import type { SymbolPlace } from "../text/symbols.js";

export type Value = bigint | string;

/** A statistic merged over all CPUs. */
export interface Statistic {
  readonly count: bigint;
  /** Wrapped to 64 bits. */
  readonly sum: bigint;
  /** Meaningless while count is 0. */
  readonly min: bigint;
  readonly max: bigint;
  /** Exact, beyond 64 bits; null where the global does not keep it. */
  readonly sumOfSquares: bigint | null;
  /** 128 counts, or null where not kept. */
  readonly log: readonly bigint[] | null;
  readonly linear: readonly { readonly scale: LinearScale; readonly counts: readonly bigint[] }[];
  /** Absent where not kept. */
  readonly percentiles?: PercentileCounts;
}

/** One global's contents, in memory or in a map of the kernel. A scalar has the empty key. */
export interface GlobalStore {
  /** Undefined where there is no such element. Scalars always have a value (0 or ""). */
  get(key: readonly Value[]): Value | undefined;
  /** Throws ScriptError where the array is full. */
  set(key: readonly Value[], value: Value): void;
  /** Adds and returns the value before; a missing element counts as 0. */
  add(key: readonly Value[], delta: bigint): bigint;
  /** Whether there is such an element; cheaper than merging a statistic just to learn that. */
  has(key: readonly Value[]): boolean;
  /** Undefined where there is no such element. A scalar statistic always is one, if empty. */
  getStatistic(key: readonly Value[]): Statistic | undefined;
  record(key: readonly Value[], value: bigint): void;
  /** Returns whether there was such an element; resets a scalar. */
  delete(key: readonly Value[]): boolean;
  clear(): void;
  /** Every element in order of insertion. */
  entries(): readonly StoreEntry[];
}

/** An element of an array. */
export interface StoreEntry {
  readonly key: readonly Value[];
  /** Empty for statistics. */
  readonly value: Value;
  readonly statistic: Statistic | null;
}

/** A run-time error of the script: soft, and catchable by `try`. The message is SystemTap's. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
  #span: Span | undefined;
  readonly #calls: CallSite[] = [];

  constructor(message: string, span?: Span) {
    super(message);
    this.#span = span;
  }

  /** The expression that failed; undefined while only a store or a tapset function knows of the error. */
  get span(): Span | undefined {
    return this.#span;
  }

  /** The calls that led there, innermost first. */
  get calls(): readonly CallSite[] {
    return this.#calls;
  }

  /** Keeps the innermost place: the first that is told. */
  locate(span: Span): void {
    this.#span ??= span;
  }

  /** Told by each call that the error leaves. */
  addCall(call: CallSite): void {
    this.#calls.push(call);
  }
}

/** Ends the handler and the session at once: `abort()`, or the second interrupt. */
export class ScriptAbort extends Error {
  override readonly name = "ScriptAbort";
}

/** A histogram that a script prints. */
export interface HistogramOutput {
  readonly label: string;
  readonly scale: { readonly kind: "log" } | ({ readonly kind: "linear" } & LinearScale);
  readonly statistic: Statistic;
  /** One count a bucket, out-of-range buckets included. */
  readonly counts: readonly bigint[];
  /** SystemTap's drawing. */
  readonly text: string;
}

/** What a run of a handler in user space may take. */
export interface RuntimeLimits {
  /** Statements that one run of a handler may execute. */
  readonly maxAction: number;
  /** Bytes of a string, its terminator included. */
  readonly maxStringLength: number;
  readonly maxNesting: number;
  /** How histograms are drawn: as in Limits. */
  readonly histogramElision: number;
  readonly histogramWidth: number;
}

/** What handlers in user space reach beyond their own variables: globals, output, the machine. */
export interface Runtime {
  readonly limits: RuntimeLimits;
  store(global: GlobalVariable): GlobalStore;
  /** With the format and its arguments where it comes from one, for whoever makes more of it than text. */
  print(text: string, pieces?: readonly FormatPiece[], values?: readonly Value[]): void;
  printHistogram(output: HistogramOutput): void;
  /** Goes to stderr. */
  warn(text: string): void;
  /** What is printed from here on goes to the next of the files that it is put into; absent where it goes to none. */
  readonly switchFile?: () => void;
  /** The running handler finishes, then the session ends. */
  exit(): void;
  /** Throws ScriptAbort once the user insists; closures call it in loops. */
  checkInterrupt(): void;
  /** The probe point being handled, such as `timer.s(1)`. */
  readonly probePoint: string;
  readonly environment: Environment;
  /** What was written to the file or typed that the handler is run for. */
  readonly input?: string;
  /**
   * Bytes of the kernel's or the process's memory, null where they cannot be read. A session has none for handlers in user space, and the checker
   * refuses them there; what replays a recording has those that were recorded.
   */
  readonly memory?: (space: MemorySpace, address: bigint, bytes: number) => Uint8Array | null;
}

/** What is known of addresses that handlers in the kernel have seen. */
export interface Symbols {
  kernel(address: bigint): SymbolPlace | null;
  /** Whether a text, longer than strings of the language are, is that of a stack. */
  isStack(text: string): boolean;
  /** In a process that a stack was taken of, or in the target process. */
  user(address: bigint): SymbolPlace | null;
}

/** Facts of this process and machine for tapset functions in user space. */
export interface Environment {
  readonly pid: number;
  readonly parentPid: number;
  readonly userId: number;
  readonly groupId: number;
  readonly effectiveUserId: number;
  readonly effectiveGroupId: number;
  readonly processName: string;
  readonly cpus: number;
  /** Number of the CPU that this thread runs on now. */
  cpu(): number;
  /** Process given by `-c` or `-x`; 0 without. */
  readonly targetPid: number;
  readonly symbols: Symbols;
  readonly timeZone: TimeZone;
  /** Nanoseconds since 1970. */
  realtime(): bigint;
  /** CLOCK_MONOTONIC in nanoseconds. */
  monotonic(): bigint;
  /** Runs a shell command after the handler returns. */
  system(command: string): void;
}

export const NO_PARTS: StatisticParts = { log: false, linear: [], variance: false };
