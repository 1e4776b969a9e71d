/** Where a call returns to, as seen by a probe on the function that was called. */
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { readUserRegister } from "../../compiler/ir/user_registers.js";
import type { Operand, Register } from "../../compiler/ir/values.js";
import { entryOf } from "./described_variables.js";
import type { FoundFunction } from "./found_functions.js";
import type { SubjectFile } from "./function_probe.js";
import { followMember, type MemberPath } from "./kernel_members.js";
import { emitComputed, readLocation } from "./location.js";

export interface CalledFunction {
  readonly callee: FoundFunction;
  readonly file: SubjectFile["file"];
  /** The probe is on its return. */
  readonly isReturn: boolean;
}

/** `bias` is how far the file was moved. Goes on at `skip` where nothing can be read. */
export function returnAddress(
  emit: Emitter,
  { callee, file, isReturn }: CalledFunction,
  bias: (emit: Emitter) => Operand,
  skip: string,
): Operand {
  const { architecture } = emit.target;
  // At the return itself the program stands there.
  if (isReturn) return readUserRegister(emit, architecture === "aarch64" ? "pc" : "rip");
  const here = callee.described ? entryOf(callee.described).address : callee.address;
  const address = emit.set(
    architecture === "aarch64" ? readUserRegister(emit, "x30") : onStack(emit, callee, file, here, skip),
  );
  // Behind the very entry, a probe on the function's return has put an address of its own there.
  if (here !== callee.address)
    replaceByOriginal(emit, address, emit.alu("add", emit.set(bias(emit)), emit.set(callee.address)));
  return address;
}

function onStack(
  emit: Emitter,
  callee: FoundFunction,
  { debug }: SubjectFile["file"],
  here: bigint,
  skip: string,
): Register {
  const { architecture } = emit.target;
  const around = { architecture, frameBase: [], callFrame: [], isAtEntry: here === callee.address };
  const frame = readLocation(debug?.callFrameAt(here) ?? [], around);
  const bottom =
    frame.kind === "memory" && here !== callee.address
      ? emit.alu("sub", emit.set(emitComputed(emit, frame.address, here)), 8n)
      : readUserRegister(emit, "rsp");
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, 0n);
    // What cannot be read was called by nobody who is known.
    emit.branch("ne", emit.call(HELPER.probe_read_user, [{ scratch: memory }, 8n, bottom]), 0n, skip);
    return emit.load("scratch", memory);
  });
}

const PROBED_TASK: MemberPath = ["task_struct", "utask"];
const LAST_RETURN: MemberPath = ["uprobe_task", "return_instances"];
const FUNCTION: MemberPath = ["return_instance", "func"];
const ORIGINAL: MemberPath = ["return_instance", "orig_ret_vaddr"];

/** The kernel keeps what it replaced, the last call first. */
function replaceByOriginal(emit: Emitter, address: Register, entry: Register): void {
  const isKnown = [PROBED_TASK, LAST_RETURN, FUNCTION, ORIGINAL].every(
    ([structure, ...path]) => emit.target.member(structure, path) !== null,
  );
  if (!isKnown) return;
  const isOther = emit.label("not_replaced");
  emit.temporaries(() => {
    const memory = emit.allocate(8);
    const follow = (from: Operand, path: MemberPath): Register => followMember(emit, memory, from, path);
    const last = follow(follow(emit.call(HELPER.get_current_task, []), PROBED_TASK), LAST_RETURN);
    emit.branch("ne", follow(last, FUNCTION), entry, isOther);
    emit.assign(address, follow(last, ORIGINAL));
  });
  emit.place(isOther);
}
