/** Members of a task, read where this kernel keeps them. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { StructMember } from "../compiler/catalogue.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { KernelCannot } from "../compiler/ir/kernel_cannot.js";
import type { Register } from "../compiler/ir/values.js";

/** Which struct a pointer leads to. */
const POINTS_TO: Readonly<Record<string, string>> = { real_parent: "task_struct", cred: "cred" };

/** A number behind a chain of members from the current task; each but the last is a pointer. */
export function readCurrentTask(emit: Emitter, chain: readonly string[]): Register {
  return readMembers(emit, emit.call(HELPER.get_current_task, []), chain);
}

/** The same from any task_struct. */
export function readMembers(emit: Emitter, task: Register, chain: readonly string[]): Register {
  let structure = "task_struct";
  let value = task;
  for (const name of chain) {
    value = readMember(emit, value, memberOf(emit, structure, name));
    structure = POINTS_TO[name] ?? structure;
  }
  return value;
}

export function memberOf(emit: Emitter, structure: string, name: string): StructMember {
  const member = emit.target.member(structure, [name]);
  if (!member) throw new KernelCannot(`this kernel's struct ${structure} has no member ${name}`);
  return member;
}

function readMember(emit: Emitter, base: Register, member: StructMember): Register {
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, 0n);
    // uid_t and pid_t are 32 bits; a pointer's type has no size of its own in every BTF.
    const size = BigInt(member.size === 4 ? 4 : 8);
    emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, size, emit.alu("add", base, BigInt(member.offset))]);
    return emit.load("scratch", memory);
  });
}
