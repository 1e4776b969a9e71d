/** What functions that read memory have in common: whose memory it is, and what happens where it cannot be read. */
import type { Emitter } from "../compiler/ir/emitter.js";
import { raiseText } from "../compiler/ir/errors.js";
import { emitPrint } from "../compiler/ir/print.js";
import { StringBuilder } from "../compiler/ir/string_builder.js";
import { long, type Operand } from "../compiler/ir/values.js";
import type { FormatPiece } from "../compiler/text/pieces.js";

export type Space = "user" | "kernel";

export const SPACES: readonly Space[] = ["user", "kernel"];

export const EVENT_ONLY = "only the probe of an event has memory to read; a handler in user space runs elsewhere";

export const address = { name: "address", type: "long", meaning: "where it lies" } as const;

export function place(space: Space): string {
  return space === "user" ? "the process's" : "the kernel's";
}

/** A cell that shows a call, `%` standing for an address. */
export function example(space: Space, call: string, directive = "%s"): string {
  return space === "user"
    ? `probe syscall.write { printf("${directive}\\n", ${call.replace("%", "buf_uaddr")}) }\nprobe timer.s(1) { exit() }`
    : `probe kernel.trace("sched_process_exec") { printf("${directive}\\n", ${call.replace("%", "$bprm->filename")}) }\nprobe timer.s(1) { exit() }`;
}

/** Fails as SystemTap does: `user string copy fault -14 at 0x7ffc…`. */
export function raiseFault(emit: Emitter, what: string, code: Operand, at: Operand): void {
  const builder = new StringBuilder(emit, Math.min(emit.maxStringLength, 96), 40);
  builder.append({ kind: "literal", text: `${what} copy fault ` });
  builder.appendNumber("%lld", code);
  builder.appendNumber(" at 0x%llx", at);
  raiseText(emit, builder.finish());
}

/** Says the same as a warning, and goes on. */
export function warnOfFault(emit: Emitter, what: string, code: Operand, at: Operand): void {
  const number: FormatPiece = { kind: "conversion", conversion: "d", flag: null, width: null, precision: null };
  const hexadecimal: FormatPiece = { ...number, conversion: "x", flag: "#" };
  const literal = (text: string): FormatPiece => ({ kind: "literal", text });
  const pieces = [literal(`WARNING: ${what} copy fault `), number, literal(" at "), hexadecimal, literal("\n")];
  emitPrint(emit, pieces, [long(code), long(at)], "stderr");
}
