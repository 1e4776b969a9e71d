/** Runs a script on the kernel against the workload program, of which it is known exactly what it does. */
import type { Target } from "../../kernel/compiler/catalogue.js";
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { WaitingWorkload } from "../native/workload.js";

export type TracepointProgram = Target["tracepointProgram"];

class SessionFor extends Session {
  constructor(private readonly program: TracepointProgram) {
    super({ native: loadNative(), catalogue, mode: "script" });
  }

  override target(targetPid: number): Target {
    return { ...super.target(targetPid), tracepointProgram: this.program };
  }
}

export interface Traced {
  readonly printed: string;
  readonly failures: readonly string[];
  readonly pid: number;
  readonly events: bigint;
}

/** The script sees the workload's process as target(). */
export async function trace(script: string, words: string, program: TracepointProgram = "tp_btf"): Promise<Traced> {
  const session = new SessionFor(program);
  const workload = await WaitingWorkload.start(...words.split(" "));
  let hasRun = false;
  try {
    const compiled = session.compile(script, { name: "test.stp", targetPid: workload.pid });
    if (!compiled.script) throw new Error(compiled.diagnostics.map(formatDiagnostic).join("\n"));
    let printed = "";
    const failures: string[] = [];
    const sink = {
      print: (text: string) => (printed += text),
      warn: (text: string) => (printed += text),
      histogram: () => {},
      failure: ({ message }: { message: string }) => failures.push(message),
    };
    const traced = session.prepare({ ...compiled, script: compiled.script }, sink, async () => {}, {
      targetPid: workload.pid,
    });
    traced.start();
    hasRun = true;
    await workload.run();
    traced.stop();
    const { fidelity } = await traced.finished;
    return { printed, failures, pid: workload.pid, events: fidelity.events };
  } finally {
    if (!hasRun) await workload.run();
    session.close();
  }
}
