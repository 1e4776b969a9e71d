/** Whether this machine can have an attachment, found out by making one that touches nothing of the user's, once for each kind. */
import { fileURLToPath } from "node:url";
import { types } from "node:util";
import type { Trial } from "../compiler/catalogue.js";
import { encode, exit, moveImmediate } from "../compiler/bpf/encode.js";
import { mountRefusal } from "./script_files/fuse_mount.js";
import {
  isEngineError,
  type EngineError,
  type Native,
  type NativeAttachOptions,
  type NativeProgramOptions,
} from "./native.js";

/** Functions that only the kernel's own tests of eBPF call. */
const QUIET_FUNCTION = "bpf_fentry_test1";

/** So rarely that it will not come while the trial lasts. */
const RARELY = { kind: "period", events: 1_000_000_000_000 } as const;

interface Attempt {
  readonly program: Pick<NativeProgramOptions, "type" | "attachTo">;
  readonly attach: NativeAttachOptions;
  /** What the program returns. */
  readonly result: number;
}

export class Trials {
  private readonly answers = new Map<string, string | null>();

  constructor(private readonly native: Native) {}

  /** The kernel's answer where it refuses; null where it does not. */
  refusal(trial: Trial): string | null {
    const key = JSON.stringify(trial, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    let answer = this.answers.get(key);
    if (answer === undefined)
      this.answers.set(key, (answer = trial.kind === "files" ? mountRefusal() : this.attempt(attemptOf(trial))));
    return answer;
  }

  private attempt({ program, attach, result }: Attempt): string | null {
    let step: "loading" | "attaching" = "loading";
    try {
      const instructions = encode([moveImmediate(0, result), exit()]);
      const loaded = this.native.loadProgram({ name: "tapbook_trial", ...program, instructions, relocations: [] });
      try {
        step = "attaching";
        loaded.attach(attach).close();
      } finally {
        loaded.close();
      }
      return null;
    } catch (error) {
      if (isEngineError(error)) return answerOf(step, error);
      // An addon of an older build does not know the mechanism's name.
      if (types.isNativeError(error) && error.name === "TypeError")
        return "the native engine is older than its callers: run `npm run build:native`";
      throw error;
    }
  }
}

/** What the kernel said, without the names of what it was tried with; what the engine knows of the reason stands in parentheses. */
function answerOf(step: "loading" | "attaching", { operation, message, code }: EngineError): string {
  const reason = /\((?<reason>[^()]*)\)$/.exec(operation)?.groups?.["reason"];
  const answer = message.slice(Math.max(0, message.lastIndexOf(code)));
  return `${step} is refused: ${reason === undefined ? "" : `${reason}: `}${answer}`;
}

/** NFPROTO_IPV4, NF_INET_LOCAL_IN, and a priority that nothing else has. */
const QUIET_HOOK = { protocolFamily: 2, hook: 1, priority: -2_000_000_000 } as const;

/** A file that no process runs: breakpoints go into mapped code only. */
const quietFile = (): string => fileURLToPath(import.meta.url);

function attemptOf(trial: Exclude<Trial, { kind: "files" }>): Attempt {
  switch (trial.kind) {
    case "fentry":
    case "fexit":
      return {
        program: { type: trial.kind, attachTo: QUIET_FUNCTION },
        attach: { mechanism: trial.kind },
        result: 0,
      };
    case "kprobe":
    case "kretprobe": {
      const isReturn = trial.kind === "kretprobe";
      return {
        program: { type: "kprobe" },
        attach: { mechanism: "kprobe", function: QUIET_FUNCTION, offset: 0n, isReturn, cookie: 1n },
        result: 0,
      };
    }
    case "kprobe_multi":
      return {
        program: { type: "kprobe_multi" },
        attach: { mechanism: "kprobe_multi", functions: [QUIET_FUNCTION], isReturn: false, cookies: [1n] },
        result: 0,
      };
    case "uprobe":
      return {
        program: { type: "kprobe" },
        attach: { mechanism: "uprobe", path: quietFile(), offset: 0n, isReturn: false, pid: process.pid, cookie: 1n },
        result: 0,
      };
    case "uprobe_multi": {
      const place = { path: quietFile(), offsets: [0n], cookies: [1n] };
      return {
        program: { type: "uprobe_multi" },
        attach: { mechanism: "uprobe_multi", ...place, isReturn: false, pid: process.pid },
        result: 0,
      };
    }
    case "netfilter":
      return { program: { type: "netfilter" }, attach: { mechanism: "netfilter", ...QUIET_HOOK }, result: 1 };
    case "lsm":
      return {
        program: { type: "lsm", attachTo: `bpf_lsm_${trial.hook}` },
        attach: { mechanism: "lsm" },
        result: 0,
      };
    case "perf":
      return {
        program: { type: "perf_event" },
        attach: { mechanism: "perf_event", type: trial.type, config: trial.config, sample: RARELY, cpu: 0, pid: -1 },
        result: 0,
      };
    case "breakpoint": {
      const { address, length, access } = trial;
      return {
        program: { type: "perf_event" },
        attach: { mechanism: "breakpoint", address, length, access, cpu: 0, pid: -1 },
        result: 0,
      };
    }
  }
}
