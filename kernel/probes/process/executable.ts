/** Whether the current process runs a certain program, told by the file that it was started from. */
import type { Target } from "../../compiler/catalogue.js";
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import { raise } from "../../compiler/ir/errors.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { bufferSize, type Operand, type Register } from "../../compiler/ir/values.js";
import { followMember, type MemberPath } from "./kernel_members.js";
import type { FileIdentity, ProgramFile } from "../../compiler/program_file.js";

/** Whether this kernel's types tell where a process has its program. */
export function tellsProgramPlace(target: Target): boolean {
  return target.member("mm_struct", ["start_code"]) !== null && tellsExecutables(target);
}

/**
 * How far a program's addresses were moved in the current process, by where the kernel says that its code begins. An error where the
 * process runs another program, such as one that has the file as a library.
 */
export function readProgramBias(emit: Emitter, { identity, codeAddress, path }: ProgramFile): Operand {
  const bias = emit.set(0n);
  const isOther = emit.label("other_program");
  const isKnown = emit.label("known");
  emit.temporaries(() => {
    const memory = emit.allocate(8);
    const follow = (from: Operand, step: MemberPath): Register => followMember(emit, memory, from, step);
    const space = follow(emit.call(HELPER.get_current_task, []), EXECUTABLE[0]);
    emit.branch("eq", space, 0n, isOther);
    const start = follow(space, START_OF_CODE);
    emit.assign(bias, emit.alu("sub", start, constant(emit, codeAddress)));
    const file = follow(space, EXECUTABLE[1]);
    emit.branch("eq", file, 0n, isOther);
    emit.branch("ne", follow(follow(file, INODE), NUMBER), constant(emit, identity.inode), isOther);
  });
  emit.jump(isKnown);
  emit.place(isOther);
  raise(emit, `the process runs another program than ${path}`);
  emit.place(isKnown);
  return bias;
}

const EXECUTABLE: readonly [MemberPath, MemberPath] = [
  ["task_struct", "mm"],
  ["mm_struct", "exe_file"],
];
const START_OF_CODE: MemberPath = ["mm_struct", "start_code"];
const INODE: MemberPath = ["file", "f_inode"];
const NUMBER: MemberPath = ["inode", "i_ino"];
const ENTRY: MemberPath = ["file", "f_path", "dentry"];
const NAME: MemberPath = ["dentry", "d_name", "name"];

/** Whether this kernel's types tell what is needed for it. */
export function tellsExecutables(target: Target): boolean {
  return [...EXECUTABLE, INODE, NUMBER, ENTRY, NAME].every(
    ([structure, ...path]) => target.member(structure, path) !== null,
  );
}

/**
 * Jumps to `skip` unless the process's program is that file: the same inode under the same name. The device is left out, since the one
 * that a file system shows to programs is not always the one that the kernel works with.
 */
export function skipUnlessExecutable(emit: Emitter, { identity }: Pick<ProgramFile, "identity">, skip: string): void {
  emit.temporaries(() => {
    const memory = emit.allocate(8);
    const follow = (from: Operand, step: MemberPath): Operand => followMember(emit, memory, from, step);
    let file: Operand = emit.call(HELPER.get_current_task, []);
    for (const step of EXECUTABLE) {
      file = follow(file, step);
      // A thread of the kernel's own, or one that is ending, has no program.
      emit.branch("eq", file, 0n, skip);
    }
    emit.branch("ne", follow(follow(file, INODE), NUMBER), constant(emit, identity.inode), skip);
    skipUnlessNamed(emit, follow(follow(file, ENTRY), NAME), identity, skip);
  });
}

function constant(emit: Emitter, value: bigint): Operand {
  return emit.set(BigInt.asIntN(64, value));
}

function skipUnlessNamed(emit: Emitter, address: Operand, { name }: FileIdentity, skip: string): void {
  const bytes = new TextEncoder().encode(name);
  const size = bufferSize(bytes.length);
  const wanted = new DataView(new ArrayBuffer(size));
  bytes.forEach((byte, index) => wanted.setUint8(index, byte));
  const text = emit.allocate(size);
  emit.zero(text, size);
  emit.call(HELPER.probe_read_kernel_str, [{ scratch: text }, BigInt(bytes.length + 1), address]);
  for (let word = 0; word < size; word += 8) {
    emit.branch("ne", emit.load("scratch", text + word), constant(emit, wanted.getBigInt64(word, true)), skip);
  }
}
