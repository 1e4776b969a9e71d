/** Machines to resolve probe points for. */
import type { Target } from "../../kernel/compiler/catalogue.js";

const TRACEPOINTS = ["sched_switch", "sched_wakeup", "sched_wakeup_new", "sys_enter", "sys_exit", "block_rq_issue"];

export function target(changes: Partial<Target> = {}): Target {
  return {
    kernelRelease: "6.1.0",
    architecture: "x86_64",
    possibleCpus: 2,
    tracepointProgram: "tp_btf",
    targetPid: 0,
    hasTracepoint: (name) => TRACEPOINTS.includes(name),
    tracepoints: () => TRACEPOINTS,
    member: () => null,
    dataTypes: () => null,
    functions: { names: () => [], isTraceable: () => true, modules: () => [] },
    refusal: () => null,
    jiffiesPerSecond: 250,
    kernelSymbol: () => null,
    ...changes,
  };
}
