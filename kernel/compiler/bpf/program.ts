/** A lowered program as what the engine loads. */
import type { AttachPoint, ProgramSpec } from "../compiled.js";
import type { LoweredProgram } from "../ir/program.js";
import { assembleProgram } from "./assemble.js";
import { functionTypes } from "./btf.js";

export function buildProgram(
  lowered: LoweredProgram,
  about: {
    readonly name: string;
    readonly type: ProgramSpec["type"];
    readonly attach: AttachPoint;
    readonly handlers: readonly number[];
  },
): ProgramSpec {
  const assembled = assembleProgram(lowered.functions, lowered.hasWideScratch);
  return {
    ...about,
    instructions: assembled.instructions,
    relocations: assembled.relocations,
    lines: assembled.lines,
    ...functionTypes(assembled.functions),
  };
}
