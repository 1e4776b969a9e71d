/** Who and where: the process, thread, user and CPU that an event belongs to, and the probe point itself. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { ContextVariable, TapsetFunction } from "../compiler/catalogue.js";
import type { Environment } from "../compiler/closures/runtime.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { KernelCannot } from "../compiler/ir/kernel_cannot.js";
import { long, type KernelValue, type LongValue, type Operand } from "../compiler/ir/values.js";
import { readCurrentTask } from "./task.js";

/** The kernel's TASK_COMM_LEN. */
const COMMAND_SIZE = 16;

interface NumberOfContext {
  readonly name: string;
  readonly summary: string;
  readonly kernel: (emit: Emitter) => Operand;
  readonly user: (environment: Environment) => number;
}

const NUMBERS: readonly NumberOfContext[] = [
  {
    name: "pid",
    summary: "Number of the process, which all its threads share.",
    kernel: (emit) => emit.alu("rsh", emit.call(HELPER.get_current_pid_tgid, []), 32n),
    user: ({ pid }) => pid,
  },
  {
    name: "tid",
    summary: "Number of the thread.",
    kernel: (emit) => low32(emit, emit.call(HELPER.get_current_pid_tgid, [])),
    user: ({ pid }) => pid,
  },
  {
    name: "ppid",
    summary: "Number of the parent process.",
    kernel: (emit) => readCurrentTask(emit, ["real_parent", "tgid"]),
    user: ({ parentPid }) => parentPid,
  },
  {
    name: "uid",
    summary: "Number of the user that the process belongs to.",
    kernel: (emit) => low32(emit, emit.call(HELPER.get_current_uid_gid, [])),
    user: ({ userId }) => userId,
  },
  {
    name: "gid",
    summary: "Number of the group that the process belongs to.",
    kernel: (emit) => emit.alu("rsh", emit.call(HELPER.get_current_uid_gid, []), 32n),
    user: ({ groupId }) => groupId,
  },
  {
    name: "euid",
    summary: "Number of the user whose rights the process has.",
    kernel: (emit) => readCurrentTask(emit, ["cred", "euid"]),
    user: ({ effectiveUserId }) => effectiveUserId,
  },
  {
    name: "egid",
    summary: "Number of the group whose rights the process has.",
    kernel: (emit) => readCurrentTask(emit, ["cred", "egid"]),
    user: ({ effectiveGroupId }) => effectiveGroupId,
  },
  {
    name: "target",
    summary: "Number of the process given by -c or -x; 0 without one.",
    kernel: (emit) => BigInt(emit.target.targetPid),
    user: ({ targetPid }) => targetPid,
  },
];

function low32(emit: Emitter, value: Operand): Operand {
  return emit.alu("and", value, 0xffff_ffffn);
}

function numberFunction({ name, summary, kernel, user }: NumberOfContext): TapsetFunction {
  return {
    name,
    topic: "context",
    summary,
    parameters: [],
    returns: "long",
    example: `global calls\nprobe syscall.read { calls[${name}()]++ }\nprobe timer.s(1) { exit() }`,
    kernel: (emit) => long(kernel(emit)),
    user: ({ environment }) => BigInt(user(environment)),
  };
}

function probeFunction(name: "probefunc" | "ppfunc"): TapsetFunction {
  return {
    name,
    topic: "context",
    summary: 'The kernel\'s function that the probe is on, such as "__x64_sys_read".',
    parameters: [],
    returns: "string",
    example: `global calls\nprobe syscall.*read* { calls[${name}()]++ }\nprobe timer.s(1) { exit() }`,
    kernel: (emit) => variable(emit, "$probefunc", `${name}() is known only for system calls`),
    user: () => "",
  };
}

function variable(emit: Emitter, name: ContextVariable["name"], otherwise: string): KernelValue {
  const value = emit.variables.get(name)?.kernel?.(emit);
  if (!value) throw new KernelCannot(otherwise);
  return value;
}

function pointFunction(name: "pp" | "pn"): TapsetFunction {
  return {
    name,
    topic: "context",
    summary: "The probe point, as the script writes it or as its pattern was resolved.",
    parameters: [],
    returns: "string",
    example: `probe timer.ms(200), timer.ms(500) { println(${name}()) }\nprobe timer.s(1) { exit() }`,
    kernel: (emit) => ({ kind: "literal", text: emit.point }),
    user: (runtime) => runtime.probePoint,
  };
}

export const contextFunctions: readonly TapsetFunction[] = [
  {
    name: "execname",
    topic: "context",
    summary: "The name of the process's program, at most 15 characters.",
    parameters: [],
    returns: "string",
    shape: { kind: "bytes", size: COMMAND_SIZE },
    example: "global calls\nprobe syscall.* { calls[execname()]++ }\nprobe timer.s(1) { exit() }",
    kernel: (emit) => {
      const offset = emit.allocate(COMMAND_SIZE);
      // Linux 6.1 leaves the bytes behind a short name as they were.
      emit.zero(offset, COMMAND_SIZE);
      emit.call(HELPER.get_current_comm, [{ scratch: offset }, BigInt(COMMAND_SIZE)]);
      return { kind: "bytes", offset, size: COMMAND_SIZE };
    },
    user: ({ environment }) => environment.processName,
  },
  ...NUMBERS.map(numberFunction),
  {
    name: "cpu",
    topic: "context",
    summary:
      "Number of the CPU, from 0; outside of the probes of events, of the one that Tapbook runs on at that moment.",
    parameters: [],
    returns: "long",
    example: 'global switches\nprobe kernel.trace("sched_switch") { switches[cpu()]++ }\nprobe timer.s(1) { exit() }',
    kernel: (emit): LongValue => long(emit.call(HELPER.get_smp_processor_id, [])),
    user: ({ environment }) => BigInt(environment.cpu()),
  },
  probeFunction("probefunc"),
  probeFunction("ppfunc"),
  pointFunction("pp"),
  pointFunction("pn"),
];
