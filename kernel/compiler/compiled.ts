/** What the compiler makes: inert descriptions that `tracing/` turns into maps, programs and links. */
import type { GlobalVariable, Handler, Histogram, StatisticParts, TypedProgram } from "./check/program.js";
import type { Span } from "./source.js";
import type { FormatPiece } from "./text/format.js";
import type { StackForm } from "./text/symbols.js";

/** A fixed set of names that travel as numbers inside the kernel: system calls, for one. */
export interface NameSet {
  readonly id: string;
  /** The text of a number; undefined where the set has none. */
  readonly names: ReadonlyMap<number, string>;
}

/** Addresses of a stack that a handler in the kernel took: they travel as the stack's number in the session's table. */
export interface StackShape {
  readonly kind: "stack";
  readonly form: StackForm;
}

/** How a string is kept in the kernel. */
export type StringShape =
  | {
      readonly kind: "bytes";
      /** A multiple of 8, terminator included. */
      readonly size: number;
      /** The text is a list of addresses, to be shown like this. */
      readonly shownAs?: StackForm;
    }
  | { readonly kind: "names"; readonly set: NameSet }
  | StackShape;

export type FieldShape = { readonly kind: "long" } | StringShape;

export type ValueShape = FieldShape | { readonly kind: "statistic"; readonly parts: StatisticParts };

/**
 * How a global lies in its map. Scalars: an array map of one value. Arrays: a hash map whose values start with a 64-bit
 * time of insertion (CLOCK_MONOTONIC), which gives the order of `foreach`. Statistics: per CPU.
 */
export interface GlobalLayout {
  readonly keys: readonly FieldShape[];
  readonly value: ValueShape;
  readonly entries: number;
}

/** A global of the script, with the map that it needs. */
export interface CompiledGlobal {
  readonly variable: GlobalVariable;
  /** Null while no kernel program uses it: then it may live in memory. */
  readonly layout: GlobalLayout | null;
}

/** A map of the script itself, besides its globals. */
export interface MapSpec {
  readonly name: string;
  readonly type: "array" | "percpu_array" | "hash" | "ringbuf" | "perf_event_array";
  readonly keySize: number;
  readonly valueSize: number;
  /** 0 where only the machine knows. */
  readonly maxEntries: number;
  /** Contents written once before programs load; the map is frozen then. */
  readonly contents?: Uint8Array;
  /**
   * Contents that only the machine knows: for each group of the kernel's functions, which lie close together, the address of the first
   * and the bytes up to the end of the last, as two 64-bit words; zeros where the kernel does not tell.
   */
  readonly codeRanges?: readonly (readonly string[])[];
  readonly mmapable?: boolean;
  /** `counters`: one for each CPU, or for each thread of the process. `threads`: from a thread of it to its counter's index there. */
  readonly perf?: { readonly counter: CounterSpec; readonly holds: "counters" | "threads" };
}

/** A counter of `perf_event_open` that programs read when they want. */
export interface CounterSpec {
  /** PERF_TYPE_* and its configuration. */
  readonly type: number;
  readonly config: bigint;
  /** Counts for each thread of this process on its own; null: for each CPU, whatever runs there. */
  readonly pid: number | null;
}

/** How often a program runs on a counter: so many times a second, or once every so many events (of a clock: nanoseconds). */
export type Sampling =
  { readonly kind: "frequency"; readonly hertz: number } | { readonly kind: "period"; readonly events: bigint };

export type AttachPoint =
  /** Without a module, one of the kernel's own. */
  | { readonly kind: "tracepoint"; readonly name: string; readonly module?: string }
  /** By an event of perf, whose record the program gets in place of the arguments. */
  | { readonly kind: "classic_tracepoint"; readonly group: string; readonly name: string }
  /** A trampoline at the entry or the return of one function, whose parameters the verifier knows. */
  | { readonly kind: "fentry" | "fexit"; readonly module: string | null; readonly function: string }
  /** One program for many functions, of the kernel and its modules; its cookie is a function's index here. */
  | { readonly kind: "kprobe_multi"; readonly functions: readonly string[]; readonly isReturn: boolean }
  /** Breakpoints, one for each function; the cookie as above. */
  | {
      readonly kind: "kprobe";
      readonly functions: readonly string[];
      /** Bytes from the start of each function. */
      readonly offset: bigint;
      readonly isReturn: boolean;
      /** How many calls may be going on at once before returns are missed; null for the kernel's own choice. */
      readonly maxActive: number | null;
    }
  /** Breakpoints in a program's code (`uprobe`), or one link for all of them (`uprobe_multi`); the cookie is a place's index here. */
  | {
      readonly kind: "uprobe" | "uprobe_multi";
      readonly path: string;
      /** In the file. */
      readonly offsets: readonly bigint[];
      /** For each place where in the file the counter is that tells the program that somebody listens; 0 for none. */
      readonly semaphores: readonly bigint[];
      readonly isReturn: boolean;
      /** Only in this process; null for all. */
      readonly pid: number | null;
    }
  /** A counter of `perf_event_open` on every CPU. */
  | {
      readonly kind: "perf";
      /** PERF_TYPE_* and its configuration. */
      readonly type: number;
      readonly config: bigint;
      readonly sampling: Sampling;
      /** Counts for each thread of this process, and for those that it starts later; null: on every CPU. */
      readonly pid: number | null;
    }
  /** A hardware watchpoint on memory, of the kernel or of a process. */
  | {
      readonly kind: "breakpoint";
      readonly address: bigint;
      readonly length: 1 | 2 | 4 | 8;
      readonly access: "write" | "read_write";
      /** Watches each thread of this process, and those that it starts later; null: every CPU, whatever runs there. */
      readonly pid: number | null;
    }
  | { readonly kind: "netfilter"; readonly protocolFamily: number; readonly hook: number; readonly priority: number }
  /** A security hook, observed only. */
  | { readonly kind: "lsm"; readonly hook: string };

/** Names of maps in relocations: `global:NAME` for a global's, `session:…` for those of stacks, else a MapSpec's name. */
export interface Relocation {
  readonly instruction: number;
  readonly map: string;
  readonly kind: "map" | "value";
}

/** An eBPF program: its instructions, what they refer to, and where it is attached. */
export interface ProgramSpec {
  readonly name: string;
  readonly type:
    | "tp_btf"
    | "raw_tracepoint"
    | "tracepoint"
    | "perf_event"
    | "syscall"
    | "fentry"
    | "fexit"
    | "kprobe"
    | "kprobe_multi"
    | "uprobe_multi"
    | "netfilter"
    | "lsm";
  readonly attach: AttachPoint;
  /** The point as written whose pattern named this one among others: where the kernel refuses it, those go on without it. */
  readonly pattern?: string;
  readonly instructions: Uint8Array;
  readonly relocations: readonly Relocation[];
  readonly btf: Uint8Array;
  readonly functionInfo: Uint8Array;
  /** Where in the script an instruction comes from; ascending, each valid until the next. */
  readonly lines: readonly { readonly instruction: number; readonly span: Span }[];
  /** Indices into `handlers`. */
  readonly handlers: readonly number[];
}

/** How an argument travels; memory as its length and a buffer of that size, zero bytes among it. */
export type PrintedShape = FieldShape | { readonly kind: "memory"; readonly size: number };

/** How to make text of an output record of the kernel. */
export type PrintSite =
  | {
      readonly kind: "format";
      readonly pieces: readonly FormatPiece[];
      readonly arguments: readonly PrintedShape[];
      readonly stream: "stdout" | "stderr";
    }
  | {
      readonly kind: "histogram";
      readonly label: string;
      readonly scale: Histogram["scale"];
      readonly buckets: number;
    };

/** A place where a kernel handler can fail. */
export interface ErrorSite {
  /** `%d` stands for the number that the record carries. A null message means that the text comes with the record. */
  readonly message: string | null;
  readonly span: Span;
  readonly point: string;
  /** The calls of the script's functions that it stands in, innermost first. */
  readonly calls: readonly CallSite[];
}

/** A call of a function of the script. */
export interface CallSite {
  readonly function: string;
  readonly span: Span;
}

/** A handler of the script, on whichever side it runs. */
export interface CompiledHandler {
  readonly handler: Handler;
  /** Index of its per-CPU scratch entry; null for user-space handlers. */
  readonly scratch: number | null;
}

/** All that it takes to run a script: for the kernel bytes and numbers, for user space the typed program. */
export interface CompiledScript {
  readonly program: TypedProgram;
  readonly globals: readonly CompiledGlobal[];
  readonly maps: readonly MapSpec[];
  readonly programs: readonly ProgramSpec[];
  readonly handlers: readonly CompiledHandler[];
  readonly printSites: readonly PrintSite[];
  readonly errorSites: readonly ErrorSite[];
  /** Calls, innermost first, that records of errors name by number: of functions that call themselves. */
  readonly callChains: readonly (readonly CallSite[])[];
  /** Programs take stacks or addresses of processes, which may end before anybody asks for names. */
  readonly takesUserStacks: boolean;
}

/** Names of the maps that every script with kernel programs has. */
export const SCRATCH_MAP = "scratch";
export const CONTROL_MAP = "control";
export const RING_MAP = "ring";

/**
 * The session's table of stacks, two hash maps and a counter. `STACK_NUMBERS_MAP`: from a stack's frames, with a word before them that
 * tells programs apart, to its number. `STACKS_MAP`: from the number to the thread that was first seen with it, that word, and the frames.
 */
export const STACK_NUMBERS_MAP = "session:stack_numbers";
export const STACKS_MAP = "session:stacks";
export const STACK_COUNT_MAP = "session:stack_count";

/** What `perf_event_max_stack` allows unless an administrator changes it. */
export const STACK_FRAMES = 127;
export const STACK_THREAD = 0;
export const STACK_PROGRAM = 8;
export const STACK_ADDRESSES = 16;
export const STACK_SIZE = STACK_ADDRESSES + STACK_FRAMES * 8;
/** From `STACK_PROGRAM` on. */
export const STACK_KEY_SIZE = STACK_SIZE - STACK_PROGRAM;
/** Different ones in a session; a kilobyte each, taken as they come. */
export const MOST_STACKS = 16_384;

/** Words of the control map. */
export const CONTROL_STATE = 0;
export const CONTROL_ERRORS = 8;
/** Nanoseconds from CLOCK_MONOTONIC to the time since 1970; written by whoever starts the script. */
export const CONTROL_REALTIME_OFFSET = 16;
export const CONTROL_SIZE = 64;

/** Values of the control map's state word: a handler runs only while its bit is set. Signed, as words of maps are. */
export const STATE_RUNNING = -1n;
export const STATE_STOPPED = 0n;

/** The last bit stands for all further handlers. */
const STATE_BITS = 64;

/** By the index of the handler's scratch entry. */
export function stateBit(scratch: number): bigint {
  return 1n << BigInt(Math.min(scratch, STATE_BITS - 1));
}

/** Whether a handler can be held while all others run. */
export function hasOwnStateBit(scratch: number, scratchEntries: number): boolean {
  return scratch < STATE_BITS - 1 || scratchEntries <= STATE_BITS;
}

/** 64-bit counters at the head of each handler's scratch entry, by byte offset. */
export const COUNTER_HITS = 0;
export const COUNTER_LOST = 8;
export const COUNTER_MAP_FULL = 16;
export const COUNTER_ERRORS = 24;
export const COUNTERS_SIZE = 32;

/** Bytes of output that a handler gathers before it sends them. */
export const OUTPUT_SIZE = 8192;

/** Texts whose buffer has at most so many bytes are sent whole. */
export const FIXED_TEXT = 32;

/**
 * A ring-buffer record: 32-bit kind, 32-bit handler, then by kind. `output`: entries, each a 32-bit print site, 32-bit
 * length of its data, and the data: longs and name numbers as 8 bytes; texts with buffers up to FIXED_TEXT as that buffer; longer
 * ones as a 64-bit length without terminator and the bytes with a terminator, padded to 8; memory as a 64-bit length and the whole
 * buffer; of a histogram count, sum, maximum,
 * minimum and counts of its buckets as 64-bit words. `error`: 64-bit error site, 64-bit number, then zero-terminated text (may
 * be empty). `exit`: nothing. `process`: the 64-bit number of a process of which a stack was seen for the first time.
 */
/** The lowest byte of a record's first word; above it stands in output one more than the CPU, where parts came before. */
export const RECORD_KIND_BITS = 8;
export const RECORD_OUTPUT = 1;
export const RECORD_ERROR = 2;
export const RECORD_EXIT = 3;
export const RECORD_ABORT = 4;
export const RECORD_PROCESS = 5;
/** Output that more of the same run of the handler follows. */
export const RECORD_OUTPUT_PART = 6;
/**
 * An error in functions that call themselves: as `error`, and behind the text, as 64-bit words, a number of call chains, those that
 * led there, innermost first, room for more, and how many there is room for.
 */
export const RECORD_NESTED_ERROR = 7;
