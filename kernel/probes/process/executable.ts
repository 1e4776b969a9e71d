/** Whether the current process runs a certain program, told by the file that it was started from. */
import type { Target } from "../../compiler/catalogue.js";
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { bufferSize, type Operand } from "../../compiler/ir/values.js";
import type { FileIdentity, ProgramFile } from "../../compiler/program_file.js";

type Step = readonly [structure: string, ...path: string[]];

const EXECUTABLE: readonly Step[] = [
  ["task_struct", "mm"],
  ["mm_struct", "exe_file"],
];
const INODE: Step = ["file", "f_inode"];
const NUMBER: Step = ["inode", "i_ino"];
const ENTRY: Step = ["file", "f_path", "dentry"];
const NAME: Step = ["dentry", "d_name", "name"];

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
    const follow = (from: Operand, [structure, ...path]: Step): Operand => {
      const member = emit.target.member(structure, path);
      emit.store("scratch", memory, 0n);
      const address = emit.alu("add", from, BigInt(member?.offset ?? 0));
      emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, 8n, address]);
      return emit.load("scratch", memory);
    };
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
