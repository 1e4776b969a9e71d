/** Where the program whose code a probe is on lies in the process: what makes its addresses those of its variables there. */
import type { ProbedProgram, Target } from "../../compiler/catalogue.js";
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { raise } from "../../compiler/ir/errors.js";
import { readUserRegister } from "../../compiler/ir/user_registers.js";
import type { ProgramFile } from "../../compiler/program_file.js";
import { isRelease } from "../kernel_release.js";
import { readProgramBias, tellsProgramPlace } from "./executable.js";

/** Where a probe stands in a program. */
export interface Standing {
  /** Virtual; null where it is at several places at once, or in no code. */
  readonly address: bigint | null;
  readonly isReturn: boolean;
  /** Of the function; null where nothing tells. */
  readonly sourceFile: string | null;
}

/** From here on a probe on a return knows which function returns. */
const RETURNS_KNOW_FUNCTION = [6, 6] as const;

export function probedProgram(file: ProgramFile, standing: Standing, target: Target): ProbedProgram {
  return { file, sourceFile: standing.sourceFile, bias: biasOf(file, standing, target) };
}

function biasOf(file: ProgramFile, { address, isReturn }: Standing, target: Target): ProbedProgram["bias"] {
  if (!file.isPositionIndependent) return () => 0n;
  if (address !== null && !isReturn)
    return (emit) => distance(emit, readUserRegister(emit, target.architecture === "aarch64" ? "pc" : "rip"), address);
  if (address !== null && isRelease(target, RETURNS_KNOW_FUNCTION)) return (emit) => functionBias(emit, address);
  if (tellsProgramPlace(target)) return (emit) => readProgramBias(emit, file);
  return { reason: "this kernel's types do not tell where a process has its program" };
}

function distance(emit: Emitter, here: ReturnType<Emitter["alu"]>, address: bigint): ReturnType<Emitter["alu"]> {
  return emit.alu("sub", here, emit.set(BigInt.asIntN(64, address)));
}

function functionBias(emit: Emitter, address: bigint): ReturnType<Emitter["alu"]> {
  const start = emit.call(HELPER.get_func_ip, [emit.context()]);
  emit.when("eq", start, 0n, () => raise(emit, "the kernel does not tell which function returns"));
  return distance(emit, start, address);
}
