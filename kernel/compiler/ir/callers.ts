/** Through which of the kernel's functions a program is called: a stack that it takes starts below them. */
import type { AttachPoint } from "../compiled.js";

/** One for each number of arguments that a tracepoint can have. */
const RUN_FUNCTIONS = Array.from({ length: 12 }, (_, index) => `bpf_trace_run${index + 1}`);

/** Groups of functions that lie close together; empty where the registers of the event itself start the stack. */
export function callersOf(attach: AttachPoint): readonly (readonly string[])[] {
  switch (attach.kind) {
    case "tracepoint":
      return [RUN_FUNCTIONS, [`__bpf_trace_${attach.name}`], [`__traceiter_${attach.name}`]];
    case "classic_tracepoint":
      return [[`perf_trace_${attach.name}`], [`__traceiter_${attach.name}`]];
    default:
      return [];
  }
}
