/**
 * What it costs to reach an empty program, by mechanism. The kernel's run-time statistics measure a program's body alone, so that
 * this part is to be added. From the kernel's own benchmarks (`tools/testing/selftests/bpf/benchs`, x86-64, 2025); machines differ
 * by a factor of two or three, mechanisms by a hundred.
 */
import type { AttachPoint } from "../compiler/compiled.js";

/** Nanoseconds a hit. */
export function dispatchNanoseconds(attach: AttachPoint): number {
  switch (attach.kind) {
    // As measured (docs/benchmarks.md): with them, the kernel takes its slow way through every system call.
    case "tracepoint":
      return attach.name === "sys_enter" || attach.name === "sys_exit" ? 25 : 5;
    case "classic_tracepoint":
      return 13;
    case "fentry":
    case "lsm":
      return 8;
    case "netfilter":
      return 10;
    case "fexit":
      return 15;
    case "kprobe":
      return attach.isReturn ? 45 : 18;
    case "kprobe_multi":
      return attach.isReturn ? 35 : 18;
    case "uprobe":
    case "uprobe_multi":
      return attach.isReturn ? 480 : 320;
    // An interrupt.
    case "perf":
    case "breakpoint":
      return 1000;
  }
}
