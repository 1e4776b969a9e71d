import { createHash } from "node:crypto";
import { release } from "node:os";
import { machineName } from "../tracing/machine.js";
import type { Provenance } from "../tracing/result.js";
import type { TraceOutcome } from "../tracing/trace.js";
import type { Session } from "./session.js";
import { VERSION } from "./version.js";

/** What a reader of the saved notebook needs to judge a result. */
export function provenance(session: Session, script: string, outcome: TraceOutcome): Provenance {
  return {
    kernelRelease: release(),
    architecture: process.arch,
    machine: machineName(),
    cpus: session.native.onlineCpus(),
    scriptHash: createHash("sha256").update(script).digest("hex"),
    tapbookVersion: VERSION,
    probes: outcome.probes,
    start: outcome.start.toISOString(),
    end: outcome.end.toISOString(),
  };
}
