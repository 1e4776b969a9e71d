/** Where a thread of the current process keeps what is its own: the base of its segment FS, on x86-64. */
import type { Target } from "../../compiler/catalogue.js";
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import type { Register } from "../../compiler/ir/values.js";
import { followMember, type MemberPath } from "./kernel_members.js";

/** As the kernel noted it when it was last set by a system call, or when the thread last made room for another. */
const THREAD_POINTER: MemberPath = ["task_struct", "thread", "fsbase"];

export function tellsThreadPointer(target: Target): boolean {
  const [structure, ...path] = THREAD_POINTER;
  return target.member(structure, path) !== null;
}

export function readThreadPointer(emit: Emitter): Register {
  return emit.temporaries(() =>
    followMember(emit, emit.allocate(8), emit.call(HELPER.get_current_task, []), THREAD_POINTER),
  );
}
