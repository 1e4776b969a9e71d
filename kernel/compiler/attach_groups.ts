/** Which handlers share a program, and what kind of program an attach point takes. */
import type { ResolvedProbe, Target } from "./catalogue.js";
import type { TypedProgram } from "./check/program.js";
import type { AttachPoint, ProgramSpec } from "./compiled.js";

/** Handlers that share one program. */
export interface Group {
  readonly attach: AttachPoint;
  /** Indices of the program's handlers. */
  readonly handlers: number[];
  /** As in ProgramSpec; null where a point names it outright. */
  pattern: string | null;
}

/** One program for all handlers of a point: `syscall.*` is two programs, however many calls are named. */
export function groupByAttachPoint(program: TypedProgram): Group[] {
  const groups = new Map<string, Group>();
  program.handlers.forEach((handler, index) => {
    const probe: ResolvedProbe = handler.probe;
    if (probe.kind !== "kernel") return;
    const key = JSON.stringify(probe.attach, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    const group = groups.get(key);
    const pattern = probe.pattern ?? null;
    if (group) {
      group.handlers.push(index);
      if (pattern === null) group.pattern = null;
    } else groups.set(key, { attach: probe.attach, handlers: [index], pattern });
  });
  return [...groups.values()];
}

/** What the program is called: what it is attached to, or the first of many. */
export function attachName(attach: AttachPoint): string {
  switch (attach.kind) {
    case "tracepoint":
    case "classic_tracepoint":
      return attach.name;
    case "fentry":
    case "fexit":
      return attach.function;
    case "kprobe":
    case "kprobe_multi":
      return attach.functions[0] ?? attach.kind;
    case "uprobe":
    case "uprobe_multi":
      return attach.path.replace(/^.*\//, "");
    case "lsm":
      return attach.hook;
    case "perf":
      return "sample";
    default:
      return attach.kind;
  }
}

/** What kind of program the kernel wants at an attach point. */
export function programType(attach: AttachPoint, target: Target): ProgramSpec["type"] {
  switch (attach.kind) {
    case "tracepoint":
      return target.tracepointProgram;
    case "classic_tracepoint":
      return "tracepoint";
    case "perf":
    case "breakpoint":
      return "perf_event";
    case "uprobe":
      return "kprobe";
    default:
      return attach.kind;
  }
}

/** The verdict of a netfilter program that changes nothing. */
const NF_ACCEPT = 1n;

/** What a program returns, so that the kernel does what it would have done without it. */
export function programResult(attach: AttachPoint): bigint {
  return attach.kind === "netfilter" ? NF_ACCEPT : 0n;
}
