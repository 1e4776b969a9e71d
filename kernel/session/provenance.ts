import { createHash } from "node:crypto";
import { release } from "node:os";
import type { CompiledScript } from "../compiler/compiled.js";
import { describeMechanism } from "../tracing/attachments.js";
import { machineName } from "../tracing/machine/machine.js";
import { fidelityFigures } from "../render/index.js";
import type { FidelityResult, Provenance } from "../tracing/result.js";
import type { Session } from "./session.js";
import { VERSION } from "./version.js";

/** What a reader of the saved notebook needs to judge a result. */
export function provenanceOf(
  session: Session,
  text: string,
  { programs, handlers }: CompiledScript,
  time: { readonly start: Date; readonly end: Date },
  fidelity: FidelityResult | undefined,
): Provenance {
  return {
    ...(fidelity ? { fidelity: fidelityFigures(fidelity) } : {}),
    kernelRelease: release(),
    architecture: process.arch,
    machine: machineName(),
    cpus: session.native.onlineCpus(),
    scriptHash: createHash("sha256").update(text).digest("hex"),
    tapbookVersion: VERSION,
    probes: programs.flatMap((program) =>
      program.handlers.map((index) => ({
        point: handlers[index]?.handler.point ?? "",
        mechanism: describeMechanism(program),
      })),
    ),
    start: time.start.toISOString(),
    end: time.end.toISOString(),
  };
}
