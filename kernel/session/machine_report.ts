/** What this machine supports, found out by trying: tiny programs are loaded, attached where that is possible, and closed. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { functionTypes } from "../compiler/bpf/btf.js";
import {
  aluImmediate,
  callHelper,
  encode,
  exit,
  loadWide,
  move,
  moveImmediate,
  PSEUDO,
  type Slot,
} from "../compiler/bpf/encode.js";
import { HELPER } from "../compiler/bpf/helper_functions.js";
import { lockdownMode } from "../tracing/machine/lockdown.js";
import { isEngineError, type Native, type NativeAttachOptions, type NativeProgramType } from "../tracing/native.js";
import { mountRefusal } from "../tracing/script_files/fuse_mount.js";
import { missingCapabilities } from "./failures.js";
import { FULL_SUPPORT } from "./old_kernel.js";

/** One line of the report. */
export interface Finding {
  readonly subject: string;
  /** `absent`: missing, and Tapbook has another way or does without. `bad`: scripts with probes cannot run. */
  readonly state: "good" | "absent" | "bad";
  /** What was found; where it is not good, the reason, with the kernel's own answer. */
  readonly detail: string;
}

/** Every trial is independent of the others: one refusal hides nothing. */
export function examineMachine(native: Native): readonly Finding[] {
  const tracepoint = tryTracepoint(native);
  const raw = tryRawTracepoint(native, tracepoint.state === "good");
  return [
    kernelRelease(),
    capabilities(native),
    lockdown(),
    typesOfKernel(native),
    tracepoint,
    raw,
    tryRingBuffer(native),
    tryPerfEvent(native),
    tryLoopHelper(native),
    tryReadingMemory(native),
    tryKernelProbe(native),
    functionTracing(),
    servedFiles(),
    traceFileSystem(),
    lockedMemory(),
  ];
}

const LEAST = [5, 8] as const;

function kernelRelease(): Finding {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  const atLeast = ([wantedMajor, wantedMinor]: readonly [number, number]): boolean =>
    major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  if (atLeast(FULL_SUPPORT)) return { subject: "kernel", state: "good", detail: release() };
  return atLeast(LEAST)
    ? { subject: "kernel", state: "absent", detail: `${release()}: supported in full from ${FULL_SUPPORT.join(".")}` }
    : {
        subject: "kernel",
        state: "bad",
        detail: `${release()} has no ring buffer for eBPF: ${LEAST.join(".")} or newer is needed`,
      };
}

function capabilities(native: Native): Finding {
  const subject = "capabilities";
  const missing = missingCapabilities(native);
  if (missing.length === 0)
    return { subject, state: "good", detail: "CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, are there" };
  const advice = "run as root, or let root do `setcap cap_bpf,cap_perfmon=ep` on the node binary";
  return { subject, state: "bad", detail: `${missing.join(" and ")} missing: ${advice}` };
}

function lockdown(): Finding {
  const subject = "lockdown";
  const mode = lockdownMode();
  if (mode === null)
    return { subject, state: "good", detail: "not told by this kernel (no securityfs); what is refused shows below" };
  if (mode === "none") return { subject, state: "good", detail: "none" };
  return {
    subject,
    state: "absent",
    detail: `${mode}: the kernel may refuse to read its memory; Tapbook respects that`,
  };
}

function typesOfKernel(native: Native): Finding {
  return trial("BTF", "bad", () => {
    const tracepoints = native.kernelTypes().names("typedef", "btf_trace_").length;
    return `types of this kernel, ${tracepoints} tracepoints among them`;
  });
}

/** Returns 0. */
const NOTHING: readonly Slot[] = [moveImmediate(0, 0), exit()];

function tryTracepoint(native: Native): Finding {
  return trial("tp_btf", "absent", () => {
    tryProgram(native, "tp_btf", { mechanism: "tp_btf" }, NOTHING);
    return "typed tracepoints attach";
  });
}

function tryRawTracepoint(native: Native, hasTyped: boolean): Finding {
  return trial("raw tracepoint", hasTyped ? "absent" : "bad", () => {
    tryProgram(native, "raw_tracepoint", { mechanism: "raw_tracepoint", tracepoint: "sys_enter" }, NOTHING);
    return "raw tracepoints attach";
  });
}

function tryRingBuffer(native: Native): Finding {
  return trial("ring buffer", "bad", () => {
    native.createMap({ name: "doctor", type: "ringbuf", keySize: 0, valueSize: 0, maxEntries: 64 << 10 }).close();
    return "can be made";
  });
}

/** PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK */
const CPU_CLOCK = { type: 1, config: 0n } as const;

function tryPerfEvent(native: Native): Finding {
  return trial("perf_event", "absent", () => {
    const sample = { kind: "frequency", hertz: 1 } as const;
    tryProgram(native, "perf_event", { mechanism: "perf_event", ...CPU_CLOCK, sample, cpu: 0, pid: -1 }, NOTHING);
    return "sampling for timer.profile attaches";
  });
}

function tryLoopHelper(native: Native): Finding {
  return trial("bpf_loop", "absent", () => {
    // bpf_loop(0, body, NULL, 0); an address in the program counts from the slot behind the load.
    const main = [
      moveImmediate(1, 0),
      ...loadWide(2, PSEUDO.function, 6, 0),
      moveImmediate(3, 0),
      moveImmediate(4, 0),
      callHelper(HELPER.loop),
      ...NOTHING,
    ];
    const functions = [
      { name: "main", kind: "main", start: 0 },
      { name: "body", kind: "loop", start: main.length },
    ] as const;
    tryProgram(native, "raw_tracepoint", null, [...main, ...NOTHING], functionTypes(functions));
    return "loops in probes load";
  });
}

/** What lockdown in its confidentiality mode takes away: the verifier then knows no such helper. */
function tryReadingMemory(native: Native): Finding {
  return trial("kernel memory", "absent", () => {
    // bpf_probe_read_kernel(stack - 8, 8, NULL)
    const call = [
      move(1, FRAME),
      aluImmediate("add", 1, -8),
      moveImmediate(2, 8),
      moveImmediate(3, 0),
      callHelper(HELPER.probe_read_kernel),
    ];
    tryProgram(native, "raw_tracepoint", null, [...call, ...NOTHING]);
    return "programs may read it (bpf_probe_read_kernel)";
  });
}

/** The register that holds the stack's end. */
const FRAME = 10;

function servedFiles(): Finding {
  const refusal = mountRefusal();
  return refusal === null
    ? { subject: "files", state: "good", detail: "a file system for procfs(…) can be mounted" }
    : { subject: "files", state: "absent", detail: refusal };
}

const KPROBE_EVENTS = "/sys/bus/event_source/devices/kprobe/type";

function tryKernelProbe(native: Native): Finding {
  return trial("kprobe", "absent", () => {
    tryProgram(native, "kprobe", null, NOTHING);
    if (!existsSync(KPROBE_EVENTS))
      throw new Refusal(`programs load, but the kernel has no kprobe events (no ${KPROBE_EVENTS})`);
    return "the kernel has kprobe events";
  });
}

/** Functions that ftrace can reach are those that fentry can. */
function functionTracing(): Finding {
  return trial("fentry", "absent", () => {
    const list = TRACE_FILE_SYSTEMS.map((folder) => `${folder}/available_filter_functions`).find(existsSync);
    if (list === undefined)
      throw new Refusal("no function of the kernel can be traced (tracefs has no available_filter_functions)");
    return `functions can be traced (${list})`;
  });
}

const TRACE_FILE_SYSTEMS = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

function traceFileSystem(): Finding {
  return trial("tracefs", "absent", () => {
    const [folder = ""] = TRACE_FILE_SYSTEMS.filter((candidate) => existsSync(`${candidate}/events`));
    if (folder === "")
      throw new Refusal(`not mounted at ${TRACE_FILE_SYSTEMS.join(" or ")}; it is needed for classic tracepoints only`);
    return `${folder}, ${readdirSync(`${folder}/events`).length} entries in events`;
  });
}

function lockedMemory(): Finding {
  const limit = /^Max locked memory\s+(\S+)/m.exec(tryReading("/proc/self/limits") ?? "")?.[1] ?? "unknown";
  // Since 5.11 maps are charged to the memory cgroup instead.
  return {
    subject: "RLIMIT_MEMLOCK",
    state: "good",
    detail: limit === "unlimited" ? limit : `${limit} bytes; it counts before Linux 5.11 only`,
  };
}

/** What a trial finds out by itself, without an answer of the kernel. */
class Refusal extends Error {
  override readonly name = "Refusal";
}

function trial(subject: string, otherwise: "absent" | "bad", attempt: () => string): Finding {
  try {
    return { subject, state: "good", detail: attempt() };
  } catch (error) {
    if (isEngineError(error)) return { subject, state: otherwise, detail: verdict(error.message, error.verifierLog) };
    if (error instanceof Refusal) return { subject, state: otherwise, detail: error.message };
    if (isSystemError(error)) return { subject, state: otherwise, detail: error.message };
    throw error;
  }
}

function verdict(message: string, log: string | undefined): string {
  const [first] = (log ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("processed"));
  return first === undefined ? message : `${message} (${first})`;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function tryProgram(
  native: Native,
  type: NativeProgramType,
  attach: NativeAttachOptions | null,
  slots: readonly Slot[],
  types: Partial<ReturnType<typeof functionTypes>> = {},
): void {
  const attachTo = type === "tp_btf" ? { attachTo: "sys_enter" } : {};
  const code = { instructions: encode(slots), relocations: [], ...types };
  const program = native.loadProgram({ name: "doctor", type, ...attachTo, ...code });
  try {
    if (attach) program.attach(attach).close();
  } finally {
    program.close();
  }
}

/** Null where the file is not there or not for us. */
function tryReading(path: string): string | null {
  try {
    const descriptor = openSync(path, "r");
    try {
      return readFileSync(descriptor, "utf8");
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
