import { readFileSync } from "node:fs";
import type { Environment } from "../compiler/closures/runtime.js";
import type { Native } from "./native.js";
import type { StackTable } from "./stack_table.js";

/** This process and its clocks, for tapset functions in user space. */
export function systemEnvironment(native: Native, targetPid: number, stacks: StackTable): Omit<Environment, "system"> {
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
    cpu: currentCpu,
    targetPid,
    symbols: {
      isStack: (text) => stacks.has(text),
      kernel: (address) => stacks.symbols.kernel(address),
      user: (address) => stacks.userPlace(address, targetPid),
    },
    // SystemTap, too, lets a whole session have the zone of its start.
    timeZone: native.localTimeZone(),
    realtime: () => started + native.monotonicNanoseconds() - startedMonotonic,
    monotonic: () => native.monotonicNanoseconds(),
  };
}

/** The 39th field of proc_pid_stat(5) is the processor; a program's name, the second, may hold blanks and brackets. */
function currentCpu(): number {
  const stat = readFileSync("/proc/thread-self/stat", "latin1");
  const fieldsFromThird = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fieldsFromThird[39 - 3]);
}
