/**
 * Makes the IR of one handler: registers, labels, scratch memory, helper calls, loops. What a tapset function or a probe
 * family uses to say what it does in the kernel; strings, maps and printing build on it in the files beside it.
 */
import { HELPER } from "../bpf/helper_functions.js";
import {
  CONTROL_MAP,
  CONTROL_STATE,
  COUNTER_HITS,
  COUNTERS_SIZE,
  RECORD_ABORT,
  RECORD_EXIT,
  RING_MAP,
  SCRATCH_MAP,
  STATE_STOPPED,
  stateBit,
  type AttachPoint,
  type CallSite,
} from "../compiled.js";
import type { ContextVariable, Target } from "../catalogue.js";
import type { Limits } from "../limits.js";
import type { Span } from "../source.js";
import type { AluOperator, Base, CallArgument, Condition, Instruction, IrFunction, Size } from "./instructions.js";
import { CallGroups } from "./call_groups.js";
import type { Frames } from "./frames.js";
import type { LastMatch } from "./last_match.js";
import { refuseProcess } from "./process_helpers.js";
import { ScratchSpace } from "./scratch_space.js";
import type { ScriptTables } from "./tables.js";
import type { Operand, Register } from "./values.js";

/** Behind the counters: words that loops and printing share with their callbacks. */
const STATUS = COUNTERS_SIZE;
const ACTIONS = COUNTERS_SIZE + 8;
/** Bytes of output gathered so far, the record's head included. */
export const OUTPUT_LENGTH = COUNTERS_SIZE + 16;
/** Where a run of the handler has sent a part of its output: one more than its CPU, shifted behind a record's kind. */
export const OUTPUT_PART = COUNTERS_SIZE + 24;
const FIXED_SIZE = COUNTERS_SIZE + 32;

/** Above this many bytes a helper call copies faster than words one by one, and with less code. */
export const INLINE_COPY = 128;

/** A place that code may jump to, also out of the callbacks of loops. */
export interface Exit {
  readonly label: string;
  readonly id: bigint;
  readonly owner: IrFunction;
}

/** Which handler is being made, and for which machine. */
export interface EmitterOptions {
  /** Null for a program that is the same on every machine. */
  readonly target: Target | null;
  readonly tables: ScriptTables;
  /** Index of the handler's scratch entry. */
  readonly handler: number;
  readonly point: string;
  readonly limits: Limits;
  readonly hasWideScratch: boolean;
  /** What the probe brings, for tapset functions such as `returnval()`. */
  readonly variables: ReadonlyMap<string, ContextVariable>;
  /** What makes the kernel call the program. Null where it is run on demand. */
  readonly attach: AttachPoint | null;
  /** Receives callbacks; the index in it is how they are named. */
  readonly functions: IrFunction[];
}

/** The code of one handler while it is made. */
export class Emitter {
  private readonly machine: Target | null;
  readonly tables: ScriptTables;
  readonly limits: Limits;
  readonly handler: number;
  readonly point: string;
  readonly variables: ReadonlyMap<string, ContextVariable>;
  private readonly attachPoint: AttachPoint | null;
  private readonly hasWideScratch: boolean;
  private readonly functions: IrFunction[];
  private code: IrFunction;
  private labels = 0;
  private exits = 1n;
  private readonly scratch = new ScratchSpace(FIXED_SIZE);
  private scope: { offset: number; size: number }[] | null = null;
  private escapes = new Map<IrFunction, Set<Exit>>();
  private span: Span | null = null;
  private outputRegion: number | null = null;
  /** Where the innermost `try`, or the handler itself, wants errors to go. */
  errorExit: Exit | null = null;
  /** Where the handler ends without an error. */
  handlerExit: Exit | null = null;
  /** The calls of the script's functions that are being put in line, innermost first. */
  calls: readonly CallSite[] = [];
  /** Whether a `catch (text)` may read the message of an error raised here. */
  catchesText = false;
  /** Where an error's record is put together; null as long as nothing can fail. */
  errorRecord: number | null = null;
  readonly callGroups = new CallGroups();
  /** What functions that call themselves keep; null outside of such. */
  frames: Frames | null = null;
  /** How many calls an error's record may name; 0 where no function of the handler calls itself. */
  mostCalls = 0;
  /** Whether the handler may come to execute more statements than MAXACTION allows. */
  countsActions = false;
  /** How many walks over arrays what is being emitted stands in. */
  walks = 0;
  /** What the last match found; null where nothing in the handler asks. */
  lastMatch: LastMatch | null = null;

  constructor(options: EmitterOptions, main: IrFunction) {
    this.machine = options.target;
    this.tables = options.tables;
    this.handler = options.handler;
    this.point = options.point;
    this.variables = options.variables;
    this.attachPoint = options.attach;
    this.limits = options.limits;
    this.hasWideScratch = options.hasWideScratch;
    this.functions = options.functions;
    this.code = main;
  }

  /** Bytes of the longest string, its terminator included. */
  get maxStringLength(): number {
    return this.limits.maxStringLength;
  }

  get target(): Target {
    if (!this.machine) throw new Error("this program is the same on every machine");
    return this.machine;
  }

  get attach(): AttachPoint {
    if (!this.attachPoint) throw new Error("this program is run on demand");
    return this.attachPoint;
  }

  // Registers and plain instructions

  register(): Register {
    return this.code.registers++;
  }

  push(instruction: Instruction): void {
    this.code.instructions.push(instruction);
  }

  /** What follows comes from here in the script. */
  at(span: Span): void {
    if (this.span === span) return;
    this.span = span;
    this.push({ op: "line", span });
  }

  get currentSpan(): Span {
    if (!this.span) throw new Error("no place in the script is known yet");
    return this.span;
  }

  set(value: Operand): Register {
    const to = this.register();
    this.push({ op: "set", to, value });
    return to;
  }

  assign(to: Register, value: Operand): void {
    this.push({ op: "set", to, value });
  }

  alu(operator: AluOperator, left: Operand, right: Operand): Register {
    const to = this.register();
    this.push({ op: "alu", operator, to, left, right });
    return to;
  }

  swap(value: Operand): Register {
    const to = this.register();
    this.push({ op: "swap", to, value });
    return to;
  }

  load(base: Base, offset: number, size: Size = 8): Register {
    const to = this.register();
    this.push({ op: "load", to, base, offset, size });
    return to;
  }

  store(base: Base, offset: number, value: Operand, size: Size = 8): void {
    this.push({ op: "store", base, offset, size, value });
  }

  atomicAdd(base: Base, offset: number, value: Operand): void {
    this.push({ op: "atomic", operator: "add", base, offset, value, fetch: null });
  }

  fetch(operator: "add" | "and" | "or" | "xor", base: Base, offset: number, value: Operand): Register {
    const fetch = this.register();
    this.push({ op: "atomic", operator, base, offset, value, fetch });
    return fetch;
  }

  map(name: string): Register {
    const to = this.register();
    this.tables.useMap(name);
    this.push({ op: "map", to, map: name });
    return to;
  }

  /** The address of an array map's first value. */
  mapValue(name: string, offset = 0): Register {
    const to = this.register();
    this.tables.useMap(name);
    this.push({ op: "mapValue", to, map: name, offset });
    return to;
  }

  scratchAddress(offset: number): Register {
    const to = this.register();
    this.push({ op: "scratchAddress", to, offset });
    return to;
  }

  /** Pointer to the program's context. */
  context(): Register {
    const to = this.register();
    this.push({ op: "context", to });
    return to;
  }

  call(helper: number, args: readonly CallArgument[]): Register {
    if (this.attachPoint?.kind === "netfilter") refuseProcess(helper);
    const to = this.register();
    this.push({ op: "call", helper, arguments: args, to });
    return to;
  }

  // Jumps

  label(hint: string): string {
    return `${hint}${this.labels++}_${this.handler}`;
  }

  place(label: string): void {
    this.push({ op: "label", label });
  }

  jump(label: string): void {
    this.push({ op: "jump", label });
  }

  branch(condition: Condition, left: Operand, right: Operand, label: string): void {
    this.push({ op: "branch", condition, left, right, label });
  }

  /** `then` runs where the condition holds. */
  when(condition: Condition, left: Operand, right: Operand, then: () => void, otherwise?: () => void): void {
    const yes = this.label("yes");
    const end = this.label("end");
    this.branch(condition, left, right, yes);
    otherwise?.();
    this.jump(end);
    this.place(yes);
    then();
    this.place(end);
  }

  /** A place in the function being emitted; put it down with `placeExit`. */
  exit(hint: string): Exit {
    return { label: this.label(hint), id: this.exits++, owner: this.code };
  }

  placeExit(exit: Exit): void {
    if (exit.owner !== this.code) throw new Error("an exit is placed in the function that made it");
    this.place(exit.label);
  }

  /** Jumps, out of loops where needed: a callback leaves the exit's number behind and ends. */
  leave(exit: Exit): void {
    if (exit.owner === this.code) return this.jump(exit.label);
    this.store("scratch", STATUS, exit.id);
    let escapes = this.escapes.get(this.code);
    if (!escapes) this.escapes.set(this.code, (escapes = new Set()));
    escapes.add(exit);
    this.push({ op: "return", value: 1n });
  }

  // Scratch memory

  /** Bytes of scratch memory the handler needs. */
  get scratchSize(): number {
    return this.scratch.size;
  }

  /** Memory until the innermost `temporaries` ends, or for the whole handler outside of it. Contents are undefined. */
  allocate(size: number): number {
    const block = this.scratch.take(size);
    this.scope?.push(block);
    return block.offset;
  }

  /** Memory that was never and is never given to anything else. */
  allocatePermanent(size: number): number {
    return this.scratch.takeUnused(size).offset;
  }

  /** Gives back what `body` allocates when it is done. */
  temporaries<Result>(body: () => Result): Result {
    const outer = this.scope;
    this.scope = [];
    try {
      return body();
    } finally {
      for (const block of this.scope) this.scratch.release(block);
      this.scope = outer;
    }
  }

  zero(offset: number, size: number): void {
    if (size > INLINE_COPY) {
      this.call(HELPER.probe_read_kernel, [{ scratch: offset }, BigInt(size), this.mapValue(this.tables.zeros(size))]);
      return;
    }
    for (let word = 0; word < size; word += 8) this.store("scratch", offset + word, 0n);
  }

  /** Where the handler's output is gathered; null as long as it has printed nothing. */
  get output(): number | null {
    return this.outputRegion;
  }

  set output(offset: number | null) {
    this.outputRegion = offset;
  }

  // The frame of a handler

  /** Finds the handler's scratch entry and counts the hit; nothing happens while the trace, or this handler, is held. */
  enter(skip: string): void {
    const control = this.mapValue(CONTROL_MAP, CONTROL_STATE);
    const bit = BigInt.asIntN(64, stateBit(this.handler));
    this.branch("eq", this.alu("and", this.load(control, 0, 8), bit), 0n, skip);
    const key = this.hasWideScratch ? this.scratchKeyOfCpu(skip) : this.scratchKey();
    const entry = this.call(HELPER.map_lookup_elem, [this.map(SCRATCH_MAP), key]);
    this.branch("eq", entry, 0n, skip);
    this.push({ op: "useScratch", from: entry });
    this.store("scratch", COUNTER_HITS, this.alu("add", this.load("scratch", COUNTER_HITS), 1n));
    this.store("scratch", STATUS, 0n);
    this.store("scratch", ACTIONS, 0n);
    this.store("scratch", OUTPUT_LENGTH, 8n);
    this.store("scratch", OUTPUT_PART, 0n);
  }

  /** The key must lie in memory before there is scratch: it stands in a map of numbers. */
  private scratchKey(): Register {
    return this.mapValue(
      this.tables.numbers(BigInt(this.handler)).map,
      this.tables.numbers(BigInt(this.handler)).offset,
    );
  }

  /** In wide scratch a handler has neighbouring entries, one a CPU. */
  private scratchKeyOfCpu(skip: string): Register {
    const cpus = this.target.possibleCpus;
    const keys = BigInt64Array.from({ length: cpus }, (_, cpu) => BigInt(this.handler * cpus + cpu));
    const cpu = this.call(HELPER.get_smp_processor_id, []);
    this.branch("uge", cpu, BigInt(cpus), skip);
    const map = this.tables.constant(`scratch keys of ${this.handler}`, new Uint8Array(keys.buffer));
    return this.alu("add", this.mapValue(map, 0), this.alu("lsh", cpu, 3n));
  }

  count(counter: number): void {
    this.store("scratch", counter, this.alu("add", this.load("scratch", counter), 1n));
  }

  /** The trace ends: no handler starts from now on, on any CPU. */
  requestExit(): void {
    this.stopTrace(RECORD_EXIT);
  }

  /** As `requestExit`, and nothing more of this handler runs, nor any end probe. */
  requestAbort(): void {
    if (!this.handlerExit) throw new Error("there is no handler to leave");
    this.stopTrace(RECORD_ABORT);
    this.leave(this.handlerExit);
  }

  private stopTrace(kind: number): void {
    const control = this.mapValue(CONTROL_MAP, CONTROL_STATE);
    this.store(control, 0, STATE_STOPPED);
    const record = this.allocate(8);
    this.store("scratch", record, BigInt(kind) | (BigInt(this.handler) << 32n));
    this.call(HELPER.ringbuf_output, [this.map(RING_MAP), { scratch: record }, 8n, 2n]);
  }

  // Loops

  /**
   * Calls `body` up to `times` times in a function of its own. `body` may leave through exits of outer functions; to end
   * the loop early it returns by `leave(exit)` of an exit made before the loop. Scratch memory is shared, registers are not.
   */
  loop(times: Operand, body: (index: Register) => void): void {
    const callback = this.callback("loop", () => {
      const index = this.register();
      this.push({ op: "parameter", to: index, index: 0 });
      body(index);
    });
    this.call(HELPER.loop, [times, this.functionAddress(callback), "link", 0n]);
    this.resume(callback);
  }

  /** Calls `body` for each element of a hash map. Keys and values are pointers into the map. */
  each(map: string, body: (key: Register, value: Register) => void): void {
    const callback = this.callback("each", () => {
      const key = this.register();
      const value = this.register();
      this.push({ op: "parameter", to: key, index: 1 });
      this.push({ op: "parameter", to: value, index: 2 });
      body(key, value);
    });
    this.call(HELPER.for_each_map_elem, [this.map(map), this.functionAddress(callback), "link", 0n]);
    this.resume(callback);
  }

  /** Counts statements against MAXACTION; `exceeded` emits the error. */
  countActions(statements: number, exceeded: () => void): void {
    const actions = this.alu("add", this.load("scratch", ACTIONS), BigInt(statements));
    this.store("scratch", ACTIONS, actions);
    const within = this.label("within");
    this.branch("ule", actions, BigInt(this.limits.maxAction), within);
    exceeded();
    this.place(within);
  }

  private callback(kind: "loop" | "each", body: () => void): IrFunction {
    const parent = this.code;
    const parentSpan = this.span;
    const code: IrFunction = { name: `${kind}${this.functions.length}`, kind, instructions: [], registers: 0 };
    this.functions.push(code);
    this.code = code;
    try {
      body();
      this.push({ op: "return", value: 0n });
    } finally {
      this.code = parent;
      this.span = parentSpan;
    }
    return code;
  }

  private functionAddress(code: IrFunction): Register {
    const to = this.register();
    this.push({ op: "callback", to, function: this.functions.indexOf(code) });
    return to;
  }

  /** After a loop: goes on to wherever its callback wanted to leave to. */
  private resume(callback: IrFunction): void {
    const exits = this.escapes.get(callback);
    if (!exits) return;
    const status = this.load("scratch", STATUS);
    const done = this.label("done");
    this.branch("eq", status, 0n, done);
    for (const exit of exits) {
      if (exit.owner !== this.code) continue;
      const next = this.label("next");
      this.branch("ne", status, exit.id, next);
      this.store("scratch", STATUS, 0n);
      this.jump(exit.label);
      this.place(next);
    }
    const outer = [...exits].filter((exit) => exit.owner !== this.code);
    if (outer.length > 0) {
      let escapes = this.escapes.get(this.code);
      if (!escapes) this.escapes.set(this.code, (escapes = new Set()));
      for (const exit of outer) escapes.add(exit);
      this.push({ op: "return", value: 1n });
    }
    this.place(done);
  }
}
