/** Where a function's arguments and its result lie in the registers that a breakpoint saves (struct pt_regs). */
import { HELPER } from "../bpf/helper_functions.js";
import type { Target } from "../catalogue.js";
import type { Emitter } from "./emitter.js";
import type { Register } from "./values.js";

interface Layout {
  readonly arguments: readonly number[];
  readonly result: number;
  readonly stackPointer: number;
  /** Bytes between the stack pointer at the entry and the first argument on the stack. */
  readonly firstOnStack: number;
}

const LAYOUTS: Readonly<Record<Target["architecture"], Layout>> = {
  // di, si, dx, cx, r8, r9; ax; sp, which points to the return address.
  x86_64: { arguments: [112, 104, 96, 88, 72, 64], result: 80, stackPointer: 152, firstOnStack: 8 },
  // x0 to x7; x0; sp.
  aarch64: { arguments: [0, 8, 16, 24, 32, 40, 48, 56], result: 0, stackPointer: 248, firstOnStack: 0 },
};

/** How many words of arguments travel in registers. */
export function argumentRegisters(architecture: Target["architecture"]): number {
  return LAYOUTS[architecture].arguments.length;
}

/** The argument in the nth word, at the entry of the function, whose stack may be a program's; 0 where that is not in memory. */
export function readArgumentWord(emit: Emitter, word: number, stackOf: "kernel" | "user" = "kernel"): Register {
  const layout = LAYOUTS[emit.target.architecture];
  const offset = layout.arguments[word];
  if (offset !== undefined) return emit.load(emit.context(), offset);
  const stack = emit.load(emit.context(), layout.stackPointer);
  const place = layout.firstOnStack + (word - layout.arguments.length) * 8;
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, 0n);
    emit.call(stackOf === "user" ? HELPER.probe_read_user : HELPER.probe_read_kernel, [
      { scratch: memory },
      8n,
      emit.alu("add", stack, BigInt(place)),
    ]);
    return emit.load("scratch", memory);
  });
}

export function readResultWord(emit: Emitter): Register {
  return emit.load(emit.context(), LAYOUTS[emit.target.architecture].result);
}
