/** Runs a script on the kernel against the workload program, of which it is known exactly what it does. */
import type { Target, Trial } from "../../kernel/compiler/catalogue.js";
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";
import type { Trace } from "../../kernel/tracing/trace.js";
import { WaitingWorkload } from "../native/workload.js";
import { KeptOutput } from "../tracing/kept_output.js";

/** How system calls are traced: by typed, raw or classic tracepoints. */
export type TracepointProgram = Target["tracepointProgram"] | "tracepoint";

/** Those of which exact counts can be asked: where the kernel preempts the programs of the others, classic ones alone. */
export function exactPrograms(): readonly TracepointProgram[] {
  return thisTarget().prefersClassicTracepoints ? ["tracepoint"] : ["tp_btf", "raw_tracepoint", "tracepoint"];
}

function targetWith(program: TracepointProgram): Partial<Target> {
  return program === "tracepoint"
    ? { prefersClassicTracepoints: true }
    : { tracepointProgram: program, prefersClassicTracepoints: false };
}

/** A session on this machine, but for what a test wants otherwise. */
class SessionFor extends Session {
  constructor(
    private readonly changes: Partial<Target>,
    guru = false,
  ) {
    super({ native: loadNative(), catalogue, mode: "script", guru });
  }

  override target(targetPid: number): Target {
    // The target's own getters try things out on the machine: they are asked only where nothing stands in for them.
    return Object.create(super.target(targetPid), Object.getOwnPropertyDescriptors(this.changes)) as Target;
  }
}

/** Trials of these kinds alone go as they go; all others are refused. */
export function only(target: Target, ...kinds: readonly Trial["kind"][]): Pick<Target, "refusal"> {
  return { refusal: (trial) => (kinds.includes(trial.kind) ? target.refusal(trial) : "not in this test") };
}

/** What is done while a script runs, beside the workload. */
export type Also = (trace: Trace) => Promise<void>;

/** This machine. */
export function thisTarget(): Target {
  const session = new Session({ native: loadNative(), catalogue, mode: "script" });
  try {
    return session.target(0);
  } finally {
    session.close();
  }
}

export interface Traced {
  readonly printed: string;
  readonly failures: readonly string[];
  readonly pid: number;
  readonly events: bigint;
  /** How its probes were attached. */
  readonly mechanisms: readonly string[];
}

/** What the compiler says of a script on this machine, without running it. */
export function diagnosticsOf(script: string, changes: Partial<Target> = {}, guru = false): readonly string[] {
  const session = new SessionFor(changes, guru);
  try {
    return session.compile(script, { name: "test.stp" }).diagnostics.map(({ message }) => message);
  } finally {
    session.close();
  }
}

/** The script sees the workload's process as target(); `also` is done while it runs. */
export async function trace(
  script: string,
  words: string,
  program: TracepointProgram | Partial<Target> = {},
  also: Also = async () => {},
): Promise<Traced> {
  const changes = typeof program === "string" ? targetWith(program) : program;
  return traceProcess(script, await WaitingWorkload.start(...words.split(" ")), changes, also);
}

/** The same for another program that waits as the workload does. */
export async function traceProgram(
  script: string,
  [path, ...words]: readonly [string, ...string[]],
  changes: Partial<Target> = {},
  also: Also = async () => {},
  guru = false,
): Promise<Traced> {
  return traceProcess(script, await WaitingWorkload.startProgram(path, ...words), changes, also, guru);
}

async function traceProcess(
  script: string,
  workload: WaitingWorkload,
  changes: Partial<Target>,
  also: Also,
  guru = false,
): Promise<Traced> {
  const session = new SessionFor(changes, guru);
  let hasRun = false;
  try {
    const compiled = session.compile(script, { name: "test.stp", targetPid: workload.pid });
    if (!compiled.script) throw new Error(compiled.diagnostics.map(formatDiagnostic).join("\n"));
    const output = new KeptOutput();
    const traced = session.prepare({ ...compiled, script: compiled.script }, output, async () => {}, {
      targetPid: workload.pid,
    });
    traced.start();
    hasRun = true;
    await also(traced);
    await workload.run();
    traced.stop();
    const { fidelity, probes } = await traced.finished;
    const mechanisms = [...new Set(probes.map(({ mechanism }) => mechanism))];
    const { printed, failures } = output;
    return { printed, failures, pid: workload.pid, events: fidelity.events, mechanisms };
  } finally {
    if (!hasRun) await workload.run();
    session.close();
  }
}
