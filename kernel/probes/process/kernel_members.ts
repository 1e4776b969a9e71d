/** Reads through the kernel's own structs while a guard runs, where an error has nowhere to go yet. */
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import type { Operand, Register } from "../../compiler/ir/values.js";

export type MemberPath = readonly [structure: string, ...path: string[]];

/** What a pointer's member of eight bytes holds; 0 where that cannot be read. `memory` is eight bytes of scratch for it. */
export function followMember(emit: Emitter, memory: number, from: Operand, [structure, ...path]: MemberPath): Register {
  const member = emit.target.member(structure, path);
  emit.store("scratch", memory, 0n);
  const address = emit.alu("add", from, BigInt(member?.offset ?? 0));
  emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, 8n, address]);
  return emit.load("scratch", memory);
}
