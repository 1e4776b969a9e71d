/** Where the registers that a program was interrupted with lie in what the kernel hands over (struct pt_regs), by their names. */
import { HELPER } from "../bpf/helper_functions.js";
import type { Target } from "../catalogue.js";
import type { Emitter } from "./emitter.js";
import type { Register } from "./values.js";

/** In their order there, eight bytes each; the one that is `-` holds the number of a system call. */
const INTEL = "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi - rip cs eflags rsp".split(" ");
const ARM = [...Array.from({ length: 31 }, (_, number) => `x${number}`), "sp", "pc"];

/** In the order of DWARF's numbers. */
const DWARF_INTEL = "rax rdx rcx rbx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split(" ");

/** The name of a register by its number in debug information; null where it is none of those that are saved. */
export function dwarfRegister(architecture: Target["architecture"], number: number): string | null {
  return (architecture === "x86_64" ? DWARF_INTEL : ARM)[number] ?? null;
}

const ORDER: Readonly<Record<Target["architecture"], readonly string[]>> = { x86_64: INTEL, aarch64: ARM };

/** Bytes from the start of `pt_regs`; null where the machine has no register of that name. */
export function registerOffset(architecture: Target["architecture"], name: string): number | null {
  const index = ORDER[architecture].indexOf(name);
  return index < 0 || name === "-" ? null : index * 8;
}

/** Names of the registers, by which registerOffset() knows them. */
export function registerNames(architecture: Target["architecture"]): readonly string[] {
  return ORDER[architecture].filter((name) => name !== "-");
}

/** By the name of all its bits: `rax`, `x0`, `sp`. */
export function readUserRegister(emit: Emitter, name: string): Register {
  const index = ORDER[emit.target.architecture].indexOf(name);
  if (index < 0) throw new Error(`${emit.target.architecture} has no register ${name}`);
  return emit.load(emit.context(), index * 8);
}

/** Where a thread's own variables lie, as `fs` or `gs` counts from; null where the kernel's types do not tell. */
export function readSegmentBase(emit: Emitter, segment: "fs" | "gs"): Register | null {
  const member = segmentBase(emit.target, segment);
  if (!member) return null;
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, 0n);
    const task = emit.call(HELPER.get_current_task, []);
    emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, 8n, emit.alu("add", task, BigInt(member.offset))]);
    return emit.load("scratch", memory);
  });
}

export function segmentBase(target: Target, segment: "fs" | "gs"): { readonly offset: number } | null {
  return target.member("task_struct", ["thread", `${segment}base`]);
}
