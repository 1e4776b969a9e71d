/** `process.begin`, `.end`, `.thread.begin`, `.thread.end`: when processes and their threads come and go. */
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { KernelProbe, Resolution, Target } from "../../compiler/catalogue.js";
import type { AttachPoint } from "../../compiler/compiled.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import type { Operand } from "../../compiler/ir/values.js";
import { probeOfFunction } from "../kernel_function/probes.js";
import { refused } from "../points.js";
import { systemCallProbe } from "../system_call/family.js";
import { readResult } from "../system_call/registers.js";
import { systemCallTable } from "../system_call/table.js";
import { argumentVariables } from "../tracepoint_arguments.js";
import { narrowed, type Processes } from "./narrowing.js";

export type Moment = "begin" | "end" | "thread.begin" | "thread.end";

export function lifeProbe(point: string, moment: Moment, processes: Processes, target: Target): Resolution {
  const base = moment.endsWith("begin") ? beginning(moment, target) : ending(moment, target);
  if (base.kind !== "kernel") return base;
  const probe = narrowed(base, processes, target);
  return { kind: "resolved", probes: [{ point, probe: { ...probe, variables: new Map() } }] };
}

function beginning(moment: Moment, target: Target): KernelProbe | Resolution {
  if (moment === "begin") {
    const name = "sched_process_exec";
    if (!target.hasTracepoint(name)) return refused(`process.begin: this kernel has no tracepoint ${name}`);
    // It is the current process that begins: no argument is needed.
    if (target.prefersClassicTracepoints) return onTracepoint({ kind: "classic_tracepoint", group: "sched", name });
    return onTracepoint({ kind: "tracepoint", name });
  }
  // A new thread comes into being out of the system call that its creator made: it returns 0 there.
  const table = systemCallTable(target.architecture);
  const calls = ["clone", "clone3"].flatMap((name) => table.byName.get(name) ?? []);
  const probe = systemCallProbe(calls, true, target);
  const isThread = (emit: Emitter, skip: string): void => {
    emit.branch("ne", readResult(emit), 0n, skip);
    skipUnlessThread(emit, skip);
  };
  return {
    ...probe,
    isReturn: false,
    guard: (emit, skip) => {
      isThread(emit, skip);
      probe.guard?.(emit, skip);
    },
  };
}

/** Where a thread ends while it still belongs to its program, and the kernel says whether it is the last of its process. */
const EXIT = { tracepoint: "sched_process_exit", function: "taskstats_exit", isLast: "$group_dead" } as const;

function ending(moment: Moment, target: Target): KernelProbe | Resolution {
  const isThread = moment === "thread.end";
  const isLast = argumentVariables(EXIT.tracepoint, target).find(({ name }) => name === EXIT.isLast);
  const inContext = (probe: KernelProbe, last = isLast): KernelProbe => ({
    ...probe,
    isReturn: false,
    guard: (emit, skip) => {
      if (isThread) skipUnlessThread(emit, skip);
      probe.guard?.(emit, skip);
    },
    lateGuard: (emit, skip) => {
      probe.lateGuard?.(emit, skip);
      skipKernelThread(emit, skip);
      if (isThread) return;
      const value = last?.kernel?.(emit);
      if (value?.kind === "long") emit.branch("eq", emit.alu("and", value.operand, 0xffn), 0n, skip);
    },
  });
  if (isLast && target.hasTracepoint(EXIT.tracepoint)) {
    return inContext(onTracepoint({ kind: "tracepoint", name: EXIT.tracepoint }));
  }
  // Before Linux 6.16 the tracepoint came when the program was already let go of.
  const found = { name: EXIT.function, module: null };
  const isKnown = target.functions.names(null, EXIT.function).includes(EXIT.function);
  const wanted = { isReturn: false, maxActive: null };
  const probe = isKnown ? probeOfFunction(found, wanted, ["trampoline", "multi", "breakpoint"], target) : null;
  const last = probe?.variables.get(EXIT.isLast);
  if (probe && last) return inContext(probe, last);
  return refused(
    `process.${moment}: before Linux 6.16 the end of a process is told by a function of the kernel's, ${EXIT.function}, and that cannot be probed on this machine`,
    'kernel.trace("sched_process_exit") tells of every thread that ends',
  );
}

type Tracepoint = Extract<AttachPoint, { kind: "tracepoint" | "classic_tracepoint" }>;

function onTracepoint(attach: Tracepoint): KernelProbe {
  return {
    kind: "kernel",
    attach,
    mechanism: `tracepoint ${attach.name}`,
    guard: null,
    variables: new Map(),
    isReturn: false,
  };
}

/** A process's first thread has its number. */
function skipUnlessThread(emit: Emitter, skip: string): void {
  const both = emit.call(HELPER.get_current_pid_tgid, []);
  emit.branch("eq", emit.alu("and", both, 0xffff_ffffn), emit.alu("rsh", both, 32n), skip);
}

/** PF_KTHREAD */
const KERNEL_THREAD = 0x0020_0000n;

/** The kernel's own threads are no processes. */
function skipKernelThread(emit: Emitter, skip: string): void {
  const flags = emit.target.member("task_struct", ["flags"]);
  if (!flags) return;
  emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, 0n);
    const task: Operand = emit.call(HELPER.get_current_task, []);
    emit.call(HELPER.probe_read_kernel, [{ scratch: memory }, 4n, emit.alu("add", task, BigInt(flags.offset))]);
    emit.branch("any", emit.load("scratch", memory), KERNEL_THREAD, skip);
  });
}
