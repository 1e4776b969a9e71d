/** How a compiled program is loaded for its attach point, and with which options it is attached there. */
import type { AttachPoint, ProgramSpec } from "../compiler/compiled.js";
import { threadsOf } from "./perf_counters.js";
import type { NativeAttachOptions, NativeProgramOptions } from "./native.js";

/** What a program must be told about its attach point when it is loaded. */
export function loadOptions({ type, attach }: ProgramSpec): Pick<NativeProgramOptions, "attachTo" | "attachModule"> {
  switch (attach.kind) {
    case "tracepoint":
      if (type !== "tp_btf") return {};
      return { attachTo: attach.name, ...(attach.module === undefined ? {} : { attachModule: attach.module }) };
    case "fentry":
    case "fexit":
      return { attachTo: attach.function, ...(attach.module === null ? {} : { attachModule: attach.module }) };
    case "lsm":
      return { attachTo: `bpf_lsm_${attach.hook}` };
    default:
      return {};
  }
}

/** A program's attachments, where `cpus` are online: one for most, one a CPU for counters, one a function for breakpoints in code. */
export function attachOptions({ type, attach }: ProgramSpec, cpus: readonly number[]): NativeAttachOptions[] {
  switch (attach.kind) {
    case "tracepoint":
      return [type === "tp_btf" ? { mechanism: "tp_btf" } : { mechanism: "raw_tracepoint", tracepoint: attach.name }];
    case "classic_tracepoint":
      return [{ mechanism: "tracepoint", group: attach.group, name: attach.name }];
    case "fentry":
    case "fexit":
    case "lsm":
      return [{ mechanism: attach.kind }];
    case "kprobe_multi": {
      const { functions, isReturn } = attach;
      return [{ mechanism: "kprobe_multi", functions, isReturn, cookies: functions.map((_, index) => BigInt(index)) }];
    }
    case "kprobe": {
      const { functions, isReturn, offset, maxActive } = attach;
      const common = { mechanism: "kprobe", isReturn, offset, ...(maxActive === null ? {} : { maxActive }) } as const;
      return functions.map((name, index) => ({ ...common, function: name, cookie: BigInt(index) }));
    }
    case "uprobe":
      return attach.offsets.map((offset, index) => ({
        mechanism: "uprobe",
        path: attach.path,
        offset,
        isReturn: attach.isReturn,
        pid: attach.pid ?? -1,
        referenceCounterOffset: attach.semaphores[index] ?? 0n,
        cookie: BigInt(index),
      }));
    case "uprobe_multi": {
      const { path, offsets, isReturn, pid, semaphores } = attach;
      const common = { mechanism: "uprobe_multi", path, offsets, isReturn, pid: pid ?? -1 } as const;
      return [{ ...common, referenceCounterOffsets: semaphores, cookies: offsets.map((_, index) => BigInt(index)) }];
    }
    case "perf": {
      const event = { mechanism: "perf_event", ...perfEvent(attach) } as const;
      if (attach.pid === null) return cpus.map((cpu) => ({ ...event, cpu, pid: -1 }));
      return threadsOf(attach.pid).map((thread) => ({ ...event, cpu: -1, pid: thread, inherited: true }));
    }
    case "breakpoint": {
      const { address, length, access } = attach;
      const watch = { mechanism: "breakpoint", address, length, access } as const;
      if (attach.pid === null) return cpus.map((cpu) => ({ ...watch, cpu, pid: -1 }));
      return threadsOf(attach.pid).map((thread) => ({ ...watch, cpu: -1, pid: thread, inherited: true }));
    }
    case "netfilter": {
      const { protocolFamily, hook, priority } = attach;
      return [{ mechanism: "netfilter", protocolFamily, hook, priority }];
    }
  }
}

function perfEvent({ type, config, sampling }: Extract<AttachPoint, { kind: "perf" }>) {
  const sample =
    sampling.kind === "frequency" ? sampling : ({ kind: "period", events: Number(sampling.events) } as const);
  return { type, config, sample };
}

/** PERF_TYPE_SOFTWARE and PERF_COUNT_SW_CPU_CLOCK. */
const isClock = ({ type, config }: Extract<AttachPoint, { kind: "perf" }>): boolean => type === 1 && config === 0n;

/** How a program is attached, in few words, for whoever reads the results later. */
export function describeMechanism({ type, attach }: ProgramSpec): string {
  switch (attach.kind) {
    case "tracepoint":
      return `${type} ${attach.name}`;
    case "classic_tracepoint":
      return `tracepoint ${attach.group}:${attach.name}`;
    case "fentry":
    case "fexit":
      return `${attach.kind} ${attach.module === null ? "" : `${attach.module}:`}${attach.function}`;
    case "kprobe":
    case "kprobe_multi": {
      const [first = "", ...others] = attach.functions;
      const place = attach.kind === "kprobe" && attach.offset > 0n ? `${first}+${attach.offset}` : first;
      const count = others.length > 0 ? ` and ${others.length} more` : "";
      return `${attach.isReturn ? attach.kind.replace("kprobe", "kretprobe") : attach.kind} ${place}${count}`;
    }
    case "uprobe":
    case "uprobe_multi": {
      const { path, offsets, isReturn, pid } = attach;
      const places = offsets.length === 1 ? `+0x${offsets[0]?.toString(16)}` : ` in ${offsets.length} places`;
      const of = pid === null ? "" : ` of process ${pid}`;
      return `${isReturn ? attach.kind.replace("uprobe", "uretprobe") : attach.kind} ${path}${places}${of}`;
    }
    case "perf":
      return isClock(attach) ? "perf_event cpu-clock" : `perf_event type ${attach.type} config ${attach.config}`;
    case "breakpoint":
      return `hardware watchpoint at 0x${attach.address.toString(16)}`;
    case "netfilter":
      return `netfilter family ${attach.protocolFamily} hook ${attach.hook}`;
    case "lsm":
      return `lsm ${attach.hook}`;
  }
}
