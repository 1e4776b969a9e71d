import type { Environment } from "../compiler/closures/runtime.js";
import type { Native } from "./native.js";

/** This process and its clocks, for tapset functions in user space. */
export function systemEnvironment(native: Native, targetPid: number): Omit<Environment, "system"> {
  const started = BigInt(Date.now()) * 1_000_000n;
  const startedMonotonic = native.monotonicNanoseconds();
  return {
    pid: process.pid,
    parentPid: process.ppid,
    userId: process.getuid?.() ?? 0,
    groupId: process.getgid?.() ?? 0,
    effectiveUserId: process.geteuid?.() ?? 0,
    effectiveGroupId: process.getegid?.() ?? 0,
    processName: "tapbook",
    cpus: native.onlineCpus(),
    targetPid,
    realtime: () => started + native.monotonicNanoseconds() - startedMonotonic,
    monotonic: () => native.monotonicNanoseconds(),
  };
}
