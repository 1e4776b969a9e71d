/** Members of the current task, read where this kernel keeps them. */
import { HELPER } from "../compiler/bpf/helpers.js";
import type { StructMember } from "../compiler/catalogue.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { KernelCannot } from "../compiler/ir/kernel_cannot.js";
import type { Register } from "../compiler/ir/values.js";

/** Which struct a pointer leads to. */
const POINTS_TO: Readonly<Record<string, string>> = { real_parent: "task_struct", cred: "cred" };

/** A number behind a chain of members from the current task; each but the last is a pointer. */
export function readTask(emit: Emitter, chain: readonly (readonly string[])[]): Register {
  let structure = "task_struct";
  let value = emit.call(HELPER.get_current_task, []);
  for (const path of chain) {
    value = readMember(emit, value, memberOf(emit, structure, path));
    structure = POINTS_TO[path.at(-1) ?? ""] ?? structure;
  }
  return value;
}

function memberOf(emit: Emitter, structure: string, path: readonly string[]): StructMember {
  const member = emit.target.member(structure, path);
  if (!member) throw new KernelCannot(`this kernel's struct ${structure} has no member ${path.join(".")}`);
  return member;
}

function readMember(emit: Emitter, base: Register, member: StructMember): Register {
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, 0n);
    const size = BigInt(Math.min(8, member.size));
    emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, size, emit.alu("add", base, BigInt(member.offset))]);
    return emit.load("scratch", memory);
  });
}
