/** Where the program whose code a probe is on lies in the process: what makes its addresses those of its variables there. */
import type { ProbedProgram, Target } from "../../compiler/catalogue.js";
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { readUserRegister } from "../../compiler/ir/user_registers.js";
import type { Operand, Register } from "../../compiler/ir/values.js";
import type { ProgramFile } from "../../compiler/program_file.js";
import { isRelease } from "../kernel_release.js";
import { readProgramBias, tellsProgramPlace } from "./executable.js";
import { readThreadPointer, tellsThreadPointer } from "./thread_pointer.js";

/** Where a probe stands in a program. */
export interface Standing {
  /** Virtual; null where it is at several places at once, or in no code. */
  readonly address: bigint | null;
  readonly isReturn: boolean;
  /** The file is a library of the program that runs. */
  readonly isLibrary: boolean;
  /** Of the function; null where nothing tells. */
  readonly sourceFile: string | null;
}

/** From here on a probe on a return knows which function returns. */
const RETURNS_KNOW_FUNCTION = [6, 6] as const;

export function probedProgram(file: ProgramFile, standing: Standing, target: Target): ProbedProgram {
  return {
    file,
    sourceFile: standing.sourceFile,
    bias: biasOf(file, standing, target),
    threadStorage: threadStorageOf(file, standing, target),
  };
}

function biasOf(file: ProgramFile, standing: Standing, target: Target): ProbedProgram["bias"] {
  const told = biasOfPlace(file, standing, target);
  if (typeof told === "function" || standing.isLibrary || !tellsProgramPlace(target)) return told;
  return (emit) => readProgramBias(emit, file);
}

/** The same as far as the processor's registers and the kernel tell without reading memory, which might fail. */
export function biasOfPlace(
  file: ProgramFile,
  { address, isReturn }: Pick<Standing, "address" | "isReturn">,
  target: Target,
): ProbedProgram["bias"] {
  if (!file.isPositionIndependent) return () => 0n;
  if (address === null) return { reason: "the probe is at several places at once" };
  const distance = (emit: Emitter, here: Register): Operand =>
    emit.alu("sub", here, emit.set(BigInt.asIntN(64, address)));
  if (!isReturn)
    return (emit) => distance(emit, readUserRegister(emit, target.architecture === "aarch64" ? "pc" : "rip"));
  if (!isRelease(target, RETURNS_KNOW_FUNCTION)) return { reason: "before Linux 6.6 a return does not tell of what" };
  return (emit) => distance(emit, emit.call(HELPER.get_func_ip, [emit.context()]));
}

/** An executable's lies at a distance from the thread pointer that its linker knew; a library's, where the dynamic loader chose. */
function threadStorageOf(file: ProgramFile, { isLibrary }: Standing, target: Target): ProbedProgram["threadStorage"] {
  const { threadStorageSize: size } = file;
  if (isLibrary) return { reason: "where each thread has a library's, only the dynamic loader knows" };
  if (target.architecture !== "x86_64")
    return { reason: "the kernel keeps where it lies for x86-64 threads only, while they run" };
  if (size === null) return { reason: "the program says nothing of its threads' memory" };
  if (!tellsThreadPointer(target) || !tellsProgramPlace(target))
    return { reason: "this kernel's types do not tell where a thread's own memory is" };
  return (emit) => {
    // Its check matters, not its answer: as another program's library, the file has its variables elsewhere.
    readProgramBias(emit, file);
    return emit.alu("sub", readThreadPointer(emit), emit.set(size));
  };
}
