/** The processor's registers when the event happened, where the kernel hands them to the program. */
import { HELPER } from "../bpf/helper_functions.js";
import type { AttachPoint } from "../compiled.js";
import type { Emitter } from "./emitter.js";
import type { Operand, Register } from "./values.js";

interface RegisterOffsets {
  /** Of the instruction pointer in `pt_regs`. */
  readonly instruction: number;
  /** Of the word that tells user space from the kernel, and how. */
  readonly mode: number;
  readonly modeMask: bigint;
  readonly userMode: bigint;
}

const OFFSETS: Record<"x86_64" | "aarch64", RegisterOffsets> = {
  // The lowest bits of the code segment are the privilege level, 3 for user space.
  x86_64: { instruction: 128, mode: 136, modeMask: 3n, userMode: 3n },
  // The lowest bits of PSTATE are the exception level, 0 for user space.
  aarch64: { instruction: 256, mode: 264, modeMask: 15n, userMode: 0n },
};

/** Whether the context starts with `pt_regs`. */
export function hasRegisters(emit: Emitter): boolean {
  return WITH_REGISTERS.has(emit.attach.kind);
}

const WITH_REGISTERS: ReadonlySet<AttachPoint["kind"]> = new Set([
  "perf",
  "breakpoint",
  "kprobe",
  "kprobe_multi",
  "uprobe",
  "uprobe_multi",
]);

export function instructionPointer(emit: Emitter): Operand {
  // A probe on a function knows where it is without registers.
  const known = emit.variables.get("$probeaddr")?.kernel?.(emit);
  if (known?.kind === "long") return known.operand;
  return hasRegisters(emit) ? emit.load(emit.context(), OFFSETS[emit.target.architecture].instruction) : 0n;
}

/** 1 where the event happened in user space. */
export function isUserMode(emit: Emitter): Operand {
  if (!hasRegisters(emit)) return 0n;
  const { mode, modeMask, userMode } = OFFSETS[emit.target.architecture];
  const result = emit.set(0n);
  const bits = emit.alu("and", emit.load(emit.context(), mode), modeMask);
  emit.when("eq", bits, userMode, () => emit.assign(result, 1n));
  return result;
}

/** Where the thread is, or was when it entered the kernel; 0 for a thread of the kernel itself. */
export function userInstructionPointer(emit: Emitter): Register {
  return readUserWord(emit, OFFSETS[emit.target.architecture].instruction, () => instructionPointer(emit));
}

/** A register of user space, by its place in `pt_regs`, of where the thread is or was when it entered the kernel; 0 for a thread of the kernel itself. */
export function savedUserRegister(emit: Emitter, offset: number): Register {
  return readUserWord(emit, offset, () => emit.load(emit.context(), offset));
}

/** `atEvent` is what it is where the event happened in user space. */
function readUserWord(emit: Emitter, offset: number, atEvent: () => Operand): Register {
  const word = emit.set(0n);
  const done = emit.label("no_user_space");
  if (hasRegisters(emit)) {
    emit.when("ne", isUserMode(emit), 0n, () => {
      emit.assign(word, atEvent());
      emit.jump(done);
    });
  }
  const memory = emit.allocate(8);
  const space = emit.target.member("task_struct", ["mm"]);
  const read = (from: Operand): Register => {
    emit.store("scratch", memory, 0n);
    emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, 8n, from]);
    return emit.load("scratch", memory);
  };
  if (space) {
    const task = emit.call(HELPER.get_current_task, []);
    emit.branch("eq", read(emit.alu("add", task, BigInt(space.offset))), 0n, done);
  }
  const registers = emit.call(HELPER.task_pt_regs, [emit.call(HELPER.get_current_task_btf, [])]);
  // Stored and loaded again, the address is a plain number.
  emit.store("scratch", memory, registers);
  const plain = emit.load("scratch", memory);
  emit.assign(word, read(emit.alu("add", plain, BigInt(offset))));
  emit.place(done);
  return word;
}
