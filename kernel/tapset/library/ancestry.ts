/** Whose child a process is, and whose that. */
import { EVENT_ONLY, type WrittenFunction } from "./written.js";

const task = { name: "task", type: "long", meaning: "address of a task_struct, such as task_current() gives" } as const;

/** The process, not the thread of it that has made the child. */
const PARENT = '@cast(task_parent(__task), "task_struct")->group_leader';

const GENERATIONS = 64;

export const ancestryFunctions: readonly WrittenFunction[] = [
  {
    name: "pstrace",
    topic: "tasks",
    summary:
      "A task and its ancestors by name and number, up to the one that the first process has started: `cat(12) sh(11) sshd(9)`.",
    parameters: [task],
    returns: "string",
    example: "probe syscall.read { println(pstrace(task_current())); exit() }",
    userRefusal: EVENT_ONLY,
    body: `__task = task
  __text = ""
  for (__generation = 0; __generation < ${GENERATIONS}; __generation++) {
    if (task_pid(__task) <= 1) break
    if (__text != "") __text .= " "
    __text .= sprintf("%s(%d)", task_execname(__task), task_pid(__task))
    __task = ${PARENT}
  }
  return __text`,
  },
  {
    name: "task_ancestry",
    topic: "tasks",
    summary: "A task's ancestors and itself by name, the oldest first: `systemd=>sshd=>sh=>cat`.",
    parameters: [
      task,
      {
        name: "with_time",
        type: "long",
        meaning: "1 to add how long after the start of the machine each has begun, in seconds",
      },
    ],
    returns: "string",
    example: "probe syscall.read { println(task_ancestry(task_current(), 0)); exit() }",
    userRefusal: EVENT_ONLY,
    body: `__task = task
  __text = ""
  for (__generation = 0; __generation < ${GENERATIONS}; __generation++) {
    __pid = task_pid(__task)
    __name = task_execname(__task)
    if (with_time) {
      __started = @cast(__task, "task_struct")->start_boottime
      __name .= sprintf("(%d.%03ds)", __started / 1000000000, __started / 1000000 % 1000)
    }
    __text = __text == "" ? __name : __name . "=>" . __text
    if (__pid <= 1) break
    __task = ${PARENT}
  }
  return __text`,
  },
];
