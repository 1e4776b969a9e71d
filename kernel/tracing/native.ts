/**
 * The whole C++ surface, as TypeScript; the only importer of the addon. `native/addon` implements these
 * signatures and decides nothing: no parsing, no policy.
 *
 * Every function throws an EngineError where the kernel refuses. Every handle has `close()`, may be closed twice,
 * and is closed, newest first, when its environment (the process or a worker) ends. Collecting garbage closes nothing.
 * A closed handle's other methods throw an EngineError with EBADF; a wrong argument is a TypeError.
 */
import { createRequire } from "node:module";
import { types } from "node:util";
import type { TimeZone } from "../compiler/catalogue.js";
import type { DataTypes } from "../compiler/types/data_type.js";
import type { NativeElfReader } from "./native_elf.js";

export type * from "./native_elf.js";

/** The kernel refused: what was tried, with which answer. Thrown by every function here. */
export interface EngineError extends Error {
  readonly name: "EngineError";
  /** Such as 1. */
  readonly errno: number;
  /** Such as `EPERM`. */
  readonly code: string;
  /** What was tried, such as `load program "sys_enter"`. */
  readonly operation: string;
  /** What the verifier printed, where it did. */
  readonly verifierLog?: string;
}

export function isEngineError(error: unknown): error is EngineError {
  // Not `instanceof`: the addon's errors are of the main realm, and their catcher may live in another (as tests do).
  return types.isNativeError(error) && error.name === "EngineError";
}

/** The kernel's kinds of maps that we make. */
export type NativeMapType =
  | "hash"
  | "percpu_hash"
  | "lru_hash"
  | "array"
  | "percpu_array"
  | "ringbuf"
  | "stack_trace"
  /** Counters that programs read; keys and values of 4 bytes. */
  | "perf_event_array"
  /** No keys (size 0): `update` adds a value, `lookup` shows the next, `pop` takes it. */
  | "queue"
  | "stack";

/** A map to be made. */
export interface NativeMapOptions {
  /** At most 15 characters are kept by the kernel. */
  readonly name: string;
  readonly type: NativeMapType;
  /** Bytes; 0 for ring buffers. */
  readonly keySize: number;
  /** Bytes, for one CPU; 0 for ring buffers. */
  readonly valueSize: number;
  /** For a ring buffer: its size in bytes, a power of two and a multiple of the page size. */
  readonly maxEntries: number;
  /** Hash maps: allocate entries as they come. */
  readonly noPreallocate?: boolean;
  /** Plain arrays: let `readWord`, `writeWord` and `fetchAdd` work on shared memory, without system calls. */
  readonly mmapable?: boolean;
  /** Programs may only read it; needed for the format strings of `bpf_snprintf`, together with `freeze`. */
  readonly readOnlyForPrograms?: boolean;
}

/** Whether an entry may, must not or must be there already. */
export type UpdateMode = "any" | "noexist" | "exist";

/** Entries of a map, in no order. */
export interface NativeMapEntries {
  readonly count: number;
  /** `count` keys of `keySize` bytes, one behind the other. */
  readonly keys: Uint8Array;
  /** `count` values; of a per-CPU map each is `valueStride` bytes: one value a possible CPU, each rounded up to 8. */
  readonly values: Uint8Array;
  readonly valueStride: number;
}

/** A map of the kernel, open. Keys and values are the bytes that programs see. */
export interface NativeMap {
  /** The kernel's id, as `bpftool map` shows it. */
  readonly id: number;
  readonly name: string;
  /** Null where there is no such entry. Of a per-CPU map: the values of all possible CPUs, each rounded up to 8 bytes. */
  lookup(key: Uint8Array): Uint8Array | null;
  /** Returns false where `mode` forbids (the entry exists, or does not); throws E2BIG where the map is full. */
  update(key: Uint8Array, value: Uint8Array, mode: UpdateMode): boolean;
  /** Takes the next value out of a queue or a stack; null where it is empty. */
  pop(): Uint8Array | null;
  /**
   * Puts a counter into a `perf_event_array`, for `bpf_perf_event_read_value`. It counts on in there, closed or not, until it
   * is deleted or replaced or the map closed.
   */
  setCounter(index: number, counter: NativePerfCounter): void;
  /** Returns whether there was such an entry. */
  delete(key: Uint8Array): boolean;
  /** All entries, read in batches (single steps on maps without batched reads). */
  entries(): NativeMapEntries;
  /**
   * As `entries`, each entry removed in the same step it is read in, so that an entry added to later starts afresh. What
   * a program adds through a pointer that it had looked up just before is lost. Hash maps only.
   */
  takeEntries(): NativeMapEntries;
  /** Removes every entry of a hash map; sets every entry of an array to zero. */
  clear(): void;
  /** Makes the map read-only for user space, for good. */
  freeze(): void;
  /** A 64-bit word of an mmapable array, with its sign; `offset` in bytes, a multiple of 8. Words given may have none. */
  readWord(offset: number): bigint;
  writeWord(offset: number, value: bigint): void;
  /** Atomic; returns the value before. */
  fetchAdd(offset: number, delta: bigint): bigint;
  close(): void;
}

/** The kernel's kinds of programs that we load. */
export type NativeProgramType =
  | "tp_btf"
  | "raw_tracepoint"
  | "tracepoint"
  | "perf_event"
  | "fentry"
  | "fexit"
  | "lsm"
  /** Of the mechanisms `kprobe` and `uprobe`, returns included. */
  | "kprobe"
  | "kprobe_multi"
  | "uprobe_multi"
  | "netfilter"
  | "syscall"
  | "socket_filter";

/** A place in a program that refers to a map. */
export interface NativeRelocation {
  /** Index of the first slot of a 16-byte `lddw` instruction. */
  readonly instruction: number;
  readonly map: NativeMap;
  /** `map`: the map's pointer. `value`: the address of its first value plus the second slot's immediate (arrays only). */
  readonly kind: "map" | "value";
}

/** A program to be loaded. */
export interface NativeProgramOptions {
  /** At most 15 characters are kept by the kernel. */
  readonly name: string;
  readonly type: NativeProgramType;
  /**
   * What a `tp_btf`, `fentry`, `fexit` or `lsm` program is for: the tracepoint (`sys_enter`), or the kernel function, whose
   * name for an LSM hook starts with `bpf_lsm_`. Throws ENOENT where the types have no such thing.
   */
  readonly attachTo?: string;
  /** The kernel module that `attachTo` is in. */
  readonly attachModule?: string;
  /** Eight bytes an instruction, in the machine's byte order. */
  readonly instructions: Uint8Array;
  readonly relocations: readonly NativeRelocation[];
  /** A BTF blob that names the functions, with `struct bpf_func_info` and `struct bpf_line_info` records for it. */
  readonly btf?: Uint8Array;
  readonly functionInfo?: Uint8Array;
  readonly lineInfo?: Uint8Array;
  /** Asks for the verifier's log of an accepted program, too. */
  readonly wantLog?: boolean;
}

/** What the kernel tells of a loaded program. */
export interface NativeProgramStatistics {
  /** Counted only while statistics are enabled. */
  readonly runCount: bigint;
  readonly runTimeNanoseconds: bigint;
  readonly recursionMisses: bigint;
  readonly verifiedInstructions: number;
  /** Bytes. */
  readonly translatedSize: number;
  readonly jitedSize: number;
}

/** What a test run gives the program. */
export interface NativeTestRun {
  /** The program's context: for `raw_tracepoint` and `syscall`, its arguments as 64-bit words. */
  readonly context?: Uint8Array;
  /** Packet data for `socket_filter`. */
  readonly data?: Uint8Array;
  readonly repeat?: number;
  /** Run on this CPU (`raw_tracepoint` only). */
  readonly cpu?: number;
}

/** A program that the verifier has accepted. */
export interface NativeProgram {
  /** The kernel's id, as `bpftool prog` shows it. */
  readonly id: number;
  readonly name: string;
  /** Empty where none was asked for. */
  readonly verifierLog: string;
  /** As they are now. */
  statistics(): NativeProgramStatistics;
  /** BPF_PROG_TEST_RUN. */
  testRun(options: NativeTestRun): { readonly returnValue: number; readonly durationNanoseconds: number };
  /** It runs from now until the link is closed. */
  attach(options: NativeAttachOptions): NativeLink;
  close(): void;
}

/** Where a program is attached. `cookie`: what `bpf_get_attach_cookie` answers, where the kernel has it for the mechanism; 0 without. */
export type NativeAttachOptions =
  | { readonly mechanism: "tp_btf" | "fentry" | "fexit" | "lsm"; readonly cookie?: bigint }
  | { readonly mechanism: "raw_tracepoint"; readonly tracepoint: string; readonly cookie?: bigint }
  /** Needs tracefs to know the tracepoint's number; the engine finds it where it is mounted, or opens one of its own. */
  | { readonly mechanism: "tracepoint"; readonly group: string; readonly name: string; readonly cookie?: bigint }
  | {
      readonly mechanism: "kprobe";
      /** Its name, `module:name`, or an address written with `0x`. */
      readonly function: string;
      /** Bytes into the function. */
      readonly offset: bigint;
      readonly isReturn: boolean;
      readonly cookie?: bigint;
      /** How many calls may be waited for at a time, at a return; defined through tracefs, which must be writable. */
      readonly maxActive?: number;
    }
  | {
      readonly mechanism: "kprobe_multi";
      /** All names, or all addresses written with `0x`. One link: the kernel takes all of them or none. */
      readonly functions: readonly string[];
      readonly isReturn: boolean;
      /** One for each function. */
      readonly cookies?: readonly bigint[];
    }
  | {
      readonly mechanism: "uprobe";
      readonly path: string;
      /** In the file. */
      readonly offset: bigint;
      readonly isReturn: boolean;
      /** -1 for all processes. Before Linux 6.12 returns may come from others too, where another tracer watches them. */
      readonly pid: number;
      /** Where in the file a USDT mark's semaphore is. */
      readonly referenceCounterOffset?: bigint;
      readonly cookie?: bigint;
    }
  | {
      readonly mechanism: "uprobe_multi";
      readonly path: string;
      /** In the file. One link: the kernel takes all of them or none. */
      readonly offsets: readonly bigint[];
      readonly isReturn: boolean;
      /** -1 for all processes. */
      readonly pid: number;
      /** One for each offset, 0n where it has none. */
      readonly referenceCounterOffsets?: readonly bigint[];
      /** One for each offset. */
      readonly cookies?: readonly bigint[];
    }
  | {
      readonly mechanism: "perf_event";
      /** PERF_TYPE_* and its configuration: software clock is 1 and 0. */
      readonly type: number;
      readonly config: bigint;
      readonly config1?: bigint;
      readonly config2?: bigint;
      readonly sample:
        { readonly kind: "frequency"; readonly hertz: number } | { readonly kind: "period"; readonly events: number };
      /** -1 for all CPUs with a process, else the CPU. */
      readonly cpu: number;
      /** -1 for all processes; else a thread. */
      readonly pid: number;
      /** Threads and processes that this one starts from now on are counted as well. */
      readonly inherited?: boolean;
    }
  /** A hardware watchpoint, for a `perf_event` program. `cpu`, `pid` and `inherited` as above. */
  | {
      readonly mechanism: "breakpoint";
      readonly address: bigint;
      readonly length: 1 | 2 | 4 | 8;
      readonly access: "write" | "read_write" | "execute";
      readonly cpu: number;
      readonly pid: number;
      readonly inherited?: boolean;
    }
  /** In the network namespace of this process. NFPROTO_* and NF_INET_*: IPv4 is 2, local input 1. */
  | {
      readonly mechanism: "netfilter";
      readonly protocolFamily: number;
      readonly hook: number;
      readonly priority: number;
    };

/** Keeps a program attached, or the kernel doing something, until it is closed. */
export interface NativeLink {
  close(): void;
}

/** One of many to be attached. */
export interface NativeAttachment {
  readonly program: NativeProgram;
  readonly options: NativeAttachOptions;
}

/** Attaching under way. */
export interface NativeAttaching {
  /**
   * For each attachment its link, or why the kernel refused. Rejected with ECANCELED after `cancel`, when all that had been
   * attached is closed again.
   */
  readonly done: Promise<readonly (NativeLink | EngineError)[]>;
  cancel(): void;
}

/** Counts an event from when it is opened. */
export interface NativePerfCounter {
  /** Throws EBUSY where the processor has no counter left for it; its counters are never shared out in turns. */
  read(): bigint;
  close(): void;
}

/** What a process and all that it starts map, fork and execute, from when it is opened. */
export interface NativeMappingRecords {
  /**
   * Takes what has come: PERF_RECORD_MMAP2, COMM, FORK, EXIT and LOST, as the kernel lays them out. Those of a CPU are in order;
   * all but LOST end with the 64-bit time of their event.
   */
  take(): Uint8Array;
  close(): void;
}

/** What to count, and where. */
export interface NativePerfCounterOptions {
  /** PERF_TYPE_* and its configuration. */
  readonly type: number;
  readonly config: bigint;
  /** -1 for all CPUs with a process, else the CPU. */
  readonly cpu: number;
  /** -1 for all processes. */
  readonly pid: number;
}

/** The consumer of a ring buffer. */
export interface NativeRingBuffer {
  /** Hands over at once, synchronously, every record that is in the buffer now. */
  drain(): void;
  close(): void;
}

/** What the addon exports. */
export interface Native extends NativeElfReader {
  /** CPUs that a per-CPU map has a value for. */
  possibleCpus(): number;
  /** How many are online. */
  onlineCpus(): number;
  /** Which they are: those between them may be offline. */
  onlineCpuNumbers(): readonly number[];
  /** CLOCK_MONOTONIC, as `bpf_ktime_get_ns` counts. */
  monotonicNanoseconds(): bigint;
  /** Of this process at this moment, with the name that `date +%Z` says. */
  localTimeZone(): TimeZone;
  /** Names and sizes are checked by the kernel. */
  createMap(options: NativeMapOptions): NativeMap;
  /** Throws with the verifier's log where it refuses. */
  loadProgram(options: NativeProgramOptions): NativeProgram;
  /**
   * Consumes a ring buffer on a thread of its own. Records come in batches, each record as a 32-bit length, 4 bytes of
   * padding, the data, and padding to a multiple of 8. While JavaScript is busy at most 1 MiB waits outside the ring; then the ring
   * fills, and the programs that write to it count what they lose. Records that wake nobody (BPF_RB_NO_WAKEUP) arrive
   * within 50 ms. An open ring buffer does not keep the process alive. What the callback throws becomes a process warning
   * (out of `drain` it is thrown, when all is handed over); later batches come all the same.
   */
  openRingBuffer(map: NativeMap, onBatch: (records: Uint8Array) => void): NativeRingBuffer;
  /**
   * Attaches one after the other on a thread of its own, so that thousands of places hold nobody up; `onProgress` hears
   * how many are done. The programs may be closed meanwhile. What ends the environment ends this, too.
   */
  attachMany(attachments: readonly NativeAttachment[], onProgress?: (tried: number) => void): NativeAttaching;
  /**
   * Closes links on a thread of its own, the last first: the kernel takes up to a tenth of a second for each event that perf
   * serves (tracepoints, kprobes, uprobes). The links count as closed at once; they are when the promise is fulfilled.
   */
  closeMany(links: readonly NativeLink[], onProgress?: (closed: number) => void): Promise<void>;
  /** A counter of perf_event_open, for us to read or for programs (`setCounter`). */
  openPerfCounter(options: NativePerfCounterOptions): NativePerfCounter;
  /** Of a process and all that it starts, or of every process. Records are made at once: they tell of processes that have ended, too. */
  recordMappings(pid?: number): NativeMappingRecords;
  /** A symbol's name as the C++ source has it; null where it is not that of a C++ symbol. */
  demangled(symbol: string): string | null;
  /** Every classic tracepoint, in order; from tracefs, as for the mechanism `tracepoint`. */
  tracepointGroups(): readonly { readonly group: string; readonly name: string }[];
  /** Makes the kernel measure program run times until closed. */
  enableStatistics(): NativeLink;
  /**
   * The types of the running kernel or of one of its modules, with their ids in BTF; parsed on first use, throws ENOENT where there are
   * none. A module's types refer to the kernel's by number; `find` gives its own first, `names` only its own.
   */
  kernelTypes(module?: string): DataTypes;
  /** The loaded modules that have types. */
  kernelModules(): readonly string[];
  /** Effective capabilities of this process by name, such as `CAP_BPF`. */
  capabilities(): readonly string[];
  /** How many handles are open, for tests. */
  openHandles(): number;
}

/** Loads the addon; call once and hand the result on. */
export function loadNative(): Native {
  const require = createRequire(import.meta.url);
  for (const path of ["../../native/build/Release/tapbook.node", "../../../native/build/Release/tapbook.node"]) {
    try {
      return require(path) as Native;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new Error("the native engine is not built: run `npm run build:native`");
}
