/** A runtime for tapset functions in user space that remembers what they did. */
import type { Environment, Runtime, Value } from "../../kernel/compiler/closures/runtime.js";
import { functions } from "../../kernel/tapset/index.js";

export interface Recorder {
  readonly printed: string[];
  readonly warned: string[];
  readonly commands: string[];
  exits: number;
}

export function recorder(): Recorder {
  return { printed: [], warned: [], commands: [], exits: 0 };
}

function runtime(record: Recorder = recorder()): Runtime {
  const environment: Environment = {
    pid: 100,
    parentPid: 99,
    userId: 1000,
    groupId: 1001,
    effectiveUserId: 0,
    effectiveGroupId: 1,
    processName: "tapbook",
    cpus: 2,
    cpu: () => 1,
    targetPid: 4321,
    symbols: {
      isStack: () => false,
      // One function in each.
      kernel: (address) =>
        address >= 0xffff_ffff_8100_0100n && address < 0xffff_ffff_8100_0140n
          ? { name: "vfs_read", offset: address - 0xffff_ffff_8100_0100n, size: 0x40n, module: "kernel" }
          : null,
      user: (address) =>
        address >= 0x40_1000n && address < 0x40_1020n
          ? { name: "main", offset: address - 0x40_1000n, size: null, module: "/bin/workload" }
          : address >= 0x40_0000n && address < 0x40_1000n
            ? { name: null, offset: address - 0x40_0000n, size: null, module: "/bin/workload" }
            : null,
    },
    timeZone: { secondsWestOfUtc: -3600n, name: "CET" },
    realtime: () => 1_234_567_890_123_456_789n,
    monotonic: () => 5_000_000_001n,
    system: (command) => record.commands.push(command),
  };
  return {
    limits: { maxAction: 1000, maxStringLength: 512, maxNesting: 10, histogramElision: 2, histogramWidth: 50 },
    store: () => {
      throw new Error("tapset functions keep nothing in globals");
    },
    print: (text) => record.printed.push(text),
    printHistogram: () => {},
    warn: (text) => record.warned.push(text),
    exit: () => {
      record.exits++;
    },
    checkInterrupt: () => {},
    probePoint: "timer.s(1)",
    environment,
  };
}

/** Calls the function of that name that takes so many arguments. */
export function call(name: string, args: readonly Value[] = [], record?: Recorder): Value | null {
  const found = functions.find((entry) => entry.name === name && entry.parameters.length === args.length);
  if (!found?.user) throw new Error(`${name}/${args.length} does not run in user space`);
  return found.user(runtime(record), args);
}
