/** Tasks by the address of their task_struct. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { TapsetFunction } from "../compiler/catalogue.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { readString } from "../compiler/ir/strings.js";
import { long } from "../compiler/ir/values.js";
import { operand } from "./arguments.js";
import { memberOf, readMembers } from "./task.js";

const EVENT_ONLY = "tasks are read in the kernel; ask in the probe of an event";

const COMMAND_SIZE = 16;

/** What the address of a task leads to: `->` goes on from it. */
const TASK = "struct task_struct *";

const task = { name: "task", type: "long", meaning: "address of a task_struct, such as task_current() gives" } as const;

interface TaskMember {
  readonly name: string;
  readonly summary: string;
  readonly chain: readonly string[];
  /** The type of the kernel that it has. */
  readonly data?: string;
}

const MEMBERS: readonly TaskMember[] = [
  { name: "task_pid", summary: "Number of the task's process.", chain: ["tgid"] },
  { name: "task_tid", summary: "Number of the task's thread.", chain: ["pid"] },
  { name: "task_parent", summary: "Address of the parent's task_struct.", chain: ["real_parent"], data: TASK },
  { name: "task_prio", summary: "Priority as the scheduler counts, lower first.", chain: ["prio"] },
  { name: "task_uid", summary: "Number of the user that the task belongs to.", chain: ["cred", "uid"] },
  { name: "task_gid", summary: "Number of the group that the task belongs to.", chain: ["cred", "gid"] },
  { name: "task_euid", summary: "Number of the user whose rights the task has.", chain: ["cred", "euid"] },
  { name: "task_egid", summary: "Number of the group whose rights the task has.", chain: ["cred", "egid"] },
];

function example(name: string): string {
  return `global seen\nprobe syscall.read { seen[${name}(task_current())]++ }\nprobe timer.s(1) { exit() }`;
}

function memberFunction({ name, summary, chain, data }: TaskMember): TapsetFunction {
  return {
    name,
    topic: "tasks",
    summary,
    parameters: [task],
    returns: "long",
    ...(data === undefined ? {} : { data }),
    example: example(name),
    kernel: (emit, args) => long(readMembers(emit, emit.set(operand(args, 0)), chain)),
    userRefusal: EVENT_ONLY,
  };
}

export const taskFunctions: readonly TapsetFunction[] = [
  {
    name: "task_current",
    topic: "tasks",
    summary: "Address of the current thread's task_struct.",
    parameters: [],
    returns: "long",
    data: TASK,
    example: "global seen\nprobe syscall.read { seen[task_execname(task_current())]++ }\nprobe timer.s(1) { exit() }",
    kernel: (emit: Emitter) => long(emit.call(HELPER.get_current_task, [])),
    userRefusal: EVENT_ONLY,
  },
  ...MEMBERS.map(memberFunction),
  {
    name: "task_execname",
    topic: "tasks",
    summary: "The name of the task's program, at most 15 characters.",
    parameters: [task],
    returns: "string",
    shape: { kind: "bytes", size: COMMAND_SIZE },
    example: example("task_execname"),
    kernel: (emit, args) => {
      const { offset } = memberOf(emit, "task_struct", "comm");
      const address = emit.alu("add", operand(args, 0), BigInt(offset));
      return readString(emit, "kernel", address, COMMAND_SIZE, (_code, text) => emit.store("scratch", text, 0n));
    },
    userRefusal: EVENT_ONLY,
  },
];
