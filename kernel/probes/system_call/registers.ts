/**
 * Where a system call's number and arguments lie in the registers that the kernel saved, for both architectures. The
 * arguments are still there when the call returns, but for calls that replace the process's registers (execve, rt_sigreturn).
 */
import type { Target } from "../../compiler/catalogue.js";
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import type { AttachPoint } from "../../compiler/compiled.js";
import type { Size } from "../../compiler/ir/instructions.js";
import type { Register } from "../../compiler/ir/values.js";

interface SavedRegister {
  readonly offset: number;
  readonly size: Size;
}

interface Layout {
  readonly number: SavedRegister;
  readonly arguments: readonly number[];
  /** Emits a jump to `skip` for a caller in 32-bit mode, whose calls have other numbers. */
  readonly skip32Bit: (emit: Emitter, skip: string) => void;
}

const LAYOUTS: Readonly<Record<Target["architecture"], Layout>> = {
  // struct pt_regs: orig_ax; di, si, dx, r10, r8, r9; cs, whose 16 bits newer kernels declare as such.
  x86_64: {
    number: { offset: 120, size: 8 },
    arguments: [112, 104, 96, 56, 72, 64],
    skip32Bit: (emit, skip) => emit.branch("eq", readRegister(emit, { offset: 136, size: 2 }), 0x23n, skip),
  },
  // syscallno; orig_x0, then x1 to x5; the mode bit of pstate.
  aarch64: {
    number: { offset: 280, size: 4 },
    arguments: [272, 8, 16, 24, 32, 40],
    skip32Bit: (emit, skip) => emit.branch("any", readRegister(emit, { offset: 264, size: 8 }), 0x10n, skip),
  },
};

/** The record of a classic tracepoint: a word that no program may read, the number, and the arguments or the result. */
const RECORD = { number: 8, arguments: 16, result: 16 } as const;

/** Whether saved registers can be read before the handler has scratch memory. */
export function readsRegistersDirectly(target: Target): boolean {
  return target.prefersClassicTracepoints || target.tracepointProgram === "tp_btf";
}

export function systemCallPoint(isReturn: boolean, target: Target): AttachPoint {
  const name = isReturn ? "sys_exit" : "sys_enter";
  return target.prefersClassicTracepoints
    ? { kind: "classic_tracepoint", group: "raw_syscalls", name }
    : { kind: "tracepoint", name };
}

export function readArgument(emit: Emitter, index: number): Register {
  const offset = LAYOUTS[emit.target.architecture].arguments[index];
  if (offset === undefined) throw new RangeError(`a system call has no argument ${index + 1}`);
  // The record of a return has none.
  if (isClassic(emit, "sys_enter")) return emit.load(emit.context(), RECORD.arguments + index * 8);
  return readRegister(emit, { offset, size: 8 });
}

/** What the call returned, at the return. */
export function readResult(emit: Emitter): Register {
  return emit.load(emit.context(), isClassic(emit) ? RECORD.result : 8);
}

/** At the entry the tracepoint passes the number; at the return it is still in its register. */
export function readNumber(emit: Emitter, isReturn: boolean): Register {
  if (isClassic(emit)) return emit.load(emit.context(), RECORD.number);
  return isReturn ? readRegister(emit, LAYOUTS[emit.target.architecture].number) : emit.load(emit.context(), 8);
}

export function skip32Bit(emit: Emitter, skip: string): void {
  LAYOUTS[emit.target.architecture].skip32Bit(emit, skip);
}

function readRegister(emit: Emitter, { offset, size }: SavedRegister): Register {
  if (isClassic(emit)) {
    const task = emit.call(HELPER.get_current_task_btf, []);
    return emit.load(emit.call(HELPER.task_pt_regs, [task]), offset, size);
  }
  const registers = emit.load(emit.context(), 0);
  if (readsRegistersDirectly(emit.target)) return emit.load(registers, offset, size);
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, 0n);
    const address = emit.alu("add", registers, BigInt(offset));
    emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, BigInt(size), address]);
    return emit.load("scratch", memory);
  });
}

function isClassic({ attach }: Emitter, name?: "sys_enter" | "sys_exit"): boolean {
  return attach.kind === "classic_tracepoint" && (name === undefined || attach.name === name);
}
