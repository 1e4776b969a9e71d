/** Whether this machine can have an attachment, found out by making one that touches nothing of the user's, once for each kind. */
import { fileURLToPath } from "node:url";
import { types } from "node:util";
import type { Trial } from "../../compiler/catalogue.js";
import {
  aluImmediate,
  callHelper,
  encode,
  exit,
  move,
  moveImmediate,
  storeImmediate,
  type Slot,
} from "../../compiler/bpf/encode.js";
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import { lockdownMode } from "./lockdown.js";
import { mountRefusal } from "../script_files/fuse_mount.js";
import {
  isEngineError,
  type EngineError,
  type Native,
  type NativeAttachOptions,
  type NativeProgram,
  type NativeProgramOptions,
} from "../native.js";

/** Functions that only the kernel's own tests of eBPF call. */
const QUIET_FUNCTION = "bpf_fentry_test1";

/** So rarely that it will not come while the trial lasts. */
const RARELY = { kind: "period", events: 1_000_000_000_000 } as const;

/** r10 */
const FRAME = 10;

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
    if (answer === undefined) this.answers.set(key, (answer = this.find(trial)));
    return answer;
  }

  private find(trial: Trial): string | null {
    if (trial.kind === "files") return mountRefusal();
    if (trial.kind === "write_user") return this.writeRefusal();
    return this.attempt(attemptOf(trial));
  }

  /** Where lockdown forbids it, the verifier only says that the program calls what there is not. */
  private writeRefusal(): string | null {
    const answer = this.loading({ type: "kprobe" }, WRITE_NOTHING, () => {});
    return answer?.code === "EINVAL"
      ? `it is locked down (${lockdownMode() ?? "integrity"})`
      : (answer?.message ?? null);
  }

  private attempt({ program, attach, result }: Attempt): string | null {
    const code = [moveImmediate(0, result), exit()];
    return this.loading(program, code, (loaded) => loaded.attach(attach).close())?.message ?? null;
  }

  /** What the kernel says where it refuses the program, or what is done with it. */
  private loading(
    program: Attempt["program"],
    code: readonly Slot[],
    then: (loaded: NativeProgram) => void,
  ): Pick<EngineError, "message" | "code"> | null {
    let step: "loading" | "attaching" = "loading";
    try {
      const instructions = encode(code);
      const loaded = this.native.loadProgram({ name: "tapbook_trial", ...program, instructions, relocations: [] });
      try {
        step = "attaching";
        then(loaded);
      } finally {
        loaded.close();
      }
      return null;
    } catch (error) {
      if (isEngineError(error)) return { code: error.code, message: answerOf(step, error) };
      // An addon of an older build does not know the mechanism's name.
      if (types.isNativeError(error) && error.name === "TypeError")
        return { code: "", message: "the native engine is older than its callers: run `npm run build:native`" };
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

/** Eight zero bytes to where nothing is; it never runs. */
const WRITE_NOTHING: readonly Slot[] = [
  storeImmediate(8, FRAME, -8, 0),
  moveImmediate(1, 0),
  move(2, FRAME),
  aluImmediate("add", 2, -8),
  moveImmediate(3, 8),
  callHelper(HELPER.probe_write_user),
  moveImmediate(0, 0),
  exit(),
];

function attemptOf(trial: Exclude<Trial, { kind: "files" | "write_user" }>): Attempt {
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
