/** Machines to resolve probe points for. */
import type { Target } from "../../kernel/compiler/catalogue.js";

const TRACEPOINTS = ["sched_switch", "sched_wakeup", "sched_wakeup_new", "sys_enter", "sys_exit", "block_rq_issue"];

/** A machine that has none. */
export const NO_PROGRAMS: Target["programs"] = {
  find: (name) => ({ reason: `no program ${name} in the test` }),
  ofProcess: (pid) => ({ reason: `no process ${pid} in the test` }),
  displacement: () => 0n,
  libraries: () => [],
  mapped: () => [],
  library: (name) => ({ reason: `no library ${name} in the test` }),
};

export function target(changes: Partial<Target> = {}): Target {
  return {
    kernelRelease: "6.1.0",
    architecture: "x86_64",
    possibleCpus: 2,
    tracepointProgram: "tp_btf",
    prefersClassicTracepoints: false,
    targetPid: 0,
    hasTracepoint: (name) => TRACEPOINTS.includes(name),
    tracepoints: () => TRACEPOINTS,
    member: () => null,
    dataTypes: () => null,
    functions: { names: () => [], isTraceable: () => true, modules: () => [] },
    programs: NO_PROGRAMS,
    refusal: () => null,
    jiffiesPerSecond: 250,
    timeZone: { secondsWestOfUtc: 0n, name: "UTC" },
    tracepointGroups: () => new Map(),
    kernelSymbol: () => null,
    ...changes,
  };
}
