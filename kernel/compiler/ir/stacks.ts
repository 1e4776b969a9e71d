/**
 * Stacks as values: the kernel unwinds into scratch memory, and the session's table gives equal stacks one number. The frames
 * themselves are the table's key, so that two stacks never share a number by an accident of hashing.
 */
import {
  COUNTER_MAP_FULL,
  RECORD_PROCESS,
  RING_MAP,
  STACK_ADDRESSES,
  STACK_COUNT_MAP,
  STACK_FRAMES,
  STACK_NUMBERS_MAP,
  STACK_PROGRAM,
  STACK_SIZE,
  STACK_THREAD,
  STACKS_MAP,
} from "../compiled.js";
import { HELPER } from "../bpf/helper_functions.js";
import type { StackForm, StackSpace } from "../text/symbols.js";
import { callersOf } from "./callers.js";
import type { Emitter } from "./emitter.js";
import type { Operand, Register, StringValue } from "./values.js";

const NOEXIST = 1n;
const USER_STACK = 1n << 8n;
const FRAMES_SIZE = STACK_FRAMES * 8;

/** Bytes from the start of a function to behind its call of a trampoline, whatever marks may stand before that. */
const TRAMPOLINE_CALL = 16n;

/** The eBPF program, what it is called through, and loops around the call: no more frames than these lie above the event. */
const MOST_HIDDEN = 12;

/** The stack where the event happened; its number is 0 where there is none, as in a thread of the kernel there is none of user space. */
export function takeStack(emit: Emitter, form: StackForm, frames?: Operand): StringValue {
  const number = emit.set(0n);
  emit.temporaries(() => {
    const stack = emit.allocate(STACK_SIZE);
    const none = emit.label("no_stack");
    unwind(emit, form.space, stack + STACK_ADDRESSES, none);
    if (frames !== undefined) keepFirst(emit, stack + STACK_ADDRESSES, frames);
    identify(emit, form.space, stack);
    emit.assign(number, intern(emit, form.space, stack));
    emit.place(none);
  });
  return { kind: "stack", form, operand: number };
}

/** One address as a stack: how an address of user space keeps the process that it means something in. */
export function stackOfAddress(emit: Emitter, form: StackForm, address: Operand): StringValue {
  const number = emit.set(0n);
  emit.temporaries(() => {
    const stack = emit.allocate(STACK_SIZE);
    emit.zero(stack, STACK_SIZE);
    emit.store("scratch", stack + STACK_ADDRESSES, address);
    identify(emit, form.space, stack);
    emit.assign(number, intern(emit, form.space, stack));
  });
  return { kind: "stack", form, operand: number };
}

/** Address number `depth` of the stack, 0 where it is not that deep. */
export function frameAddress(emit: Emitter, space: StackSpace, depth: Operand): Register {
  const address = emit.set(0n);
  emit.temporaries(() => {
    const frames = emit.allocate(FRAMES_SIZE);
    const none = emit.label("no_frame");
    emit.branch("uge", depth, BigInt(STACK_FRAMES), none);
    unwind(emit, space, frames, none);
    const place = emit.alu("add", emit.scratchAddress(frames), emit.alu("lsh", depth, 3n));
    emit.assign(address, emit.load(place, 0));
    emit.place(none);
  });
  return address;
}

/** Frames into scratch memory, innermost first, zeros behind them. */
function unwind(emit: Emitter, space: StackSpace, frames: number, none: string): void {
  if (space === "user") {
    const length = emit.call(HELPER.get_stack, [emit.context(), { scratch: frames }, BigInt(FRAMES_SIZE), USER_STACK]);
    return emit.branch("sle", length, 0n, none);
  }
  const raw = emit.allocate(FRAMES_SIZE + MOST_HIDDEN * 8);
  const length = emit.call(HELPER.get_stack, [emit.context(), { scratch: raw }, BigInt(FRAMES_SIZE), 0n]);
  emit.branch("sle", length, 0n, none);
  emit.zero(raw + FRAMES_SIZE, MOST_HIDDEN * 8);
  const from = emit.alu("add", emit.scratchAddress(raw), hiddenBytes(emit, raw));
  emit.call(HELPER.probe_read_kernel, [{ scratch: frames }, BigInt(FRAMES_SIZE), from]);
}

/**
 * Bytes of the frames above the event: those of this program and of the kernel's code that calls it. Where the kernel does not tell
 * where that code lies, they stay.
 */
function hiddenBytes(emit: Emitter, raw: number): Register {
  const hidden = emit.allocate(8);
  emit.store("scratch", hidden, 0n);
  if (emit.attach.kind === "fentry" || emit.attach.kind === "fexit") hideTrampoline(emit, raw, hidden);
  const groups = callersOf(emit.attach);
  if (groups.length > 0) {
    const ranges = emit.mapValue(emit.tables.codeRanges(groups));
    groups.forEach((_, group) => {
      const start = emit.load(ranges, group * 16);
      const size = emit.load(ranges, group * 16 + 8);
      for (let frame = 0; frame < MOST_HIDDEN; frame++) {
        const offset = emit.alu("sub", emit.load("scratch", raw + frame * 8), start);
        const other = emit.label("other");
        emit.branch("uge", offset, size, other);
        const above = BigInt((frame + 1) * 8);
        emit.when("ult", emit.load("scratch", hidden), above, () => emit.store("scratch", hidden, above));
        emit.place(other);
      }
    });
  }
  // Never above 96, but the verifier has to see a bound.
  return emit.alu("and", emit.load("scratch", hidden), 127n);
}

/** A trampoline is called from the first instructions of the function: what lies above those is not the event's. */
function hideTrampoline(emit: Emitter, raw: number, hidden: number): void {
  const start = emit.call(HELPER.get_func_ip, [emit.context()]);
  for (let frame = 1; frame < MOST_HIDDEN; frame++) {
    const offset = emit.alu("sub", emit.load("scratch", raw + frame * 8), start);
    const other = emit.label("other");
    emit.branch("ugt", offset, TRAMPOLINE_CALL, other);
    emit.when("eq", emit.load("scratch", hidden), 0n, () => emit.store("scratch", hidden, BigInt(frame * 8)));
    emit.place(other);
  }
}

function keepFirst(emit: Emitter, frames: number, count: Operand): void {
  for (let frame = 0; frame < STACK_FRAMES; frame++) {
    const kept = emit.label("kept");
    emit.branch("ugt", count, BigInt(frame), kept);
    emit.store("scratch", frames + frame * 8, 0n);
    emit.place(kept);
  }
}

/** Who, and for a stack of user space which program: the same addresses mean something else in another one. */
function identify(emit: Emitter, space: StackSpace, stack: number): void {
  emit.store("scratch", stack + STACK_THREAD, emit.call(HELPER.get_current_pid_tgid, []));
  emit.store("scratch", stack + STACK_PROGRAM, space === "kernel" ? 0n : programFile(emit));
}

/** The inode of the file that is executed; forks of a process share it. */
function programFile(emit: Emitter): Operand {
  const chain = [
    ["task_struct", "mm"],
    ["mm_struct", "exe_file"],
    ["file", "f_inode"],
  ] as const;
  const members = chain.map(([structure, name]) => emit.target.member(structure, [name]));
  const memory = emit.allocate(8);
  let pointer = emit.call(HELPER.get_current_task, []);
  for (const member of members) {
    if (!member) return 1n;
    emit.store("scratch", memory, 1n);
    emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, 8n, emit.alu("add", pointer, BigInt(member.offset))]);
    pointer = emit.load("scratch", memory);
  }
  return pointer;
}

/** The number of a stack, a new one where it was never seen; 0, and counted as lost, where the table is full. */
function intern(emit: Emitter, space: StackSpace, stack: number): Register {
  const number = emit.set(0n);
  const known = emit.label("known");
  const done = emit.label("interned");
  const key = { scratch: stack + STACK_PROGRAM };
  const find = (): Register => emit.call(HELPER.map_lookup_elem, [emit.map(STACK_NUMBERS_MAP), key]);
  const found = find();
  emit.branch("ne", found, 0n, known);
  const fresh = emit.alu("add", emit.fetch("add", emit.mapValue(STACK_COUNT_MAP), 0, 1n), 1n);
  const memory = emit.allocate(8);
  emit.store("scratch", memory, fresh);
  // First what the number stands for: whoever reads the number finds it there.
  const added = emit.call(HELPER.map_update_elem, [
    emit.map(STACKS_MAP),
    { scratch: memory },
    { scratch: stack },
    NOEXIST,
  ]);
  emit.when("eq", added, 0n, () => {
    const named = emit.call(HELPER.map_update_elem, [emit.map(STACK_NUMBERS_MAP), key, { scratch: memory }, NOEXIST]);
    emit.when(
      "eq",
      named,
      0n,
      () => {
        emit.assign(number, emit.load("scratch", memory));
        if (space === "user") announceProcess(emit, stack);
        emit.jump(done);
      },
      () => {
        emit.call(HELPER.map_delete_elem, [emit.map(STACKS_MAP), { scratch: memory }]);
      },
    );
  });
  // Another CPU may have been first.
  const second = find();
  emit.when(
    "ne",
    second,
    0n,
    () => emit.assign(number, emit.load(second, 0)),
    () => emit.count(COUNTER_MAP_FULL),
  );
  emit.jump(done);
  emit.place(known);
  emit.assign(number, emit.load(found, 0));
  emit.place(done);
  return number;
}

/** User space reads the process's mappings while there are any. */
function announceProcess(emit: Emitter, stack: number): void {
  emit.tables.takesUserStacks = true;
  const record = emit.allocate(16);
  emit.store("scratch", record, BigInt(RECORD_PROCESS) | (BigInt(emit.handler) << 32n));
  emit.store("scratch", record + 8, emit.alu("rsh", emit.load("scratch", stack + STACK_THREAD), 32n));
  // 2 wakes the reader at once.
  emit.call(HELPER.ringbuf_output, [emit.map(RING_MAP), { scratch: record }, 16n, 2n]);
}
