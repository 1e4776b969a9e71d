/** The current process among others: its group, its parent, its names and numbers. */
import { counting, EVENT_ONLY, type WrittenFunction } from "./written.js";

const CURRENT = '@cast(task_current(), "task_struct")';

interface Current {
  readonly name: string;
  readonly summary: string;
  readonly returns?: "string";
  readonly topic?: string;
  readonly body: string;
}

function ofCurrent({ name, summary, returns, topic, body }: Current): WrittenFunction {
  return {
    name,
    topic: topic ?? "context",
    summary,
    parameters: [],
    returns: returns ?? "long",
    example: counting(`${name}()`),
    userRefusal: EVENT_ONLY,
    body: body.replaceAll("CURRENT", CURRENT),
  };
}

/** In the process-id namespace that the current thread lives in; `holder` has the numbers, one for each level. */
function inNamespace(name: string, summary: string, holder: string): WrittenFunction {
  return ofCurrent({
    name,
    summary,
    body: `__level = CURRENT->thread_pid->level
  __pid = ${holder}
  return __pid->level < __level ? 0 : __pid->numbers[__level]->nr`,
  });
}

const index = { name: "first", type: "long", meaning: "number of the first argument; 0 is the program" } as const;

export const processFunctions: readonly WrittenFunction[] = [
  ofCurrent({
    name: "pgrp",
    summary: "Number of the process group.",
    body: "return CURRENT->signal->pids[2]->numbers[0]->nr",
  }),
  ofCurrent({
    name: "sid",
    summary: "Number of the session that the process belongs to.",
    body: "return CURRENT->signal->pids[3]->numbers[0]->nr",
  }),
  ofCurrent({
    name: "pexecname",
    summary: "The name of the parent's program, at most 15 characters.",
    returns: "string",
    body: "return task_execname(task_parent(task_current()))",
  }),
  inNamespace("ns_pid", "Number of the process as its container knows it.", "CURRENT->signal->pids[1]"),
  inNamespace("ns_tid", "Number of the thread as its container knows it.", "CURRENT->thread_pid"),
  inNamespace(
    "ns_ppid",
    "Number of the parent process as the container knows it; 0 where the parent is outside.",
    "CURRENT->real_parent->signal->pids[1]",
  ),
  inNamespace(
    "ns_pgrp",
    "Number of the process group as the container knows it; 0 where it is from outside.",
    "CURRENT->signal->pids[2]",
  ),
  inNamespace(
    "ns_sid",
    "Number of the session as the container knows it; 0 where it is from outside.",
    "CURRENT->signal->pids[3]",
  ),
  ...["pid", "tid"].map((number) => ({
    name: `task_ns_${number}`,
    topic: "tasks",
    summary: `Number of the task's ${number === "pid" ? "process" : "thread"} as its own container knows it.`,
    parameters: [
      { name: "task", type: "long", meaning: "address of a task_struct, such as task_current() gives" } as const,
    ],
    returns: "long" as const,
    example: counting(`task_ns_${number}(task_current())`),
    userRefusal: EVENT_ONLY,
    body: `__pid = @cast(task, "task_struct")->${number === "pid" ? "group_leader->thread_pid" : "thread_pid"}
  return __pid->numbers[__pid->level]->nr`,
  })),
  {
    name: "cpuid",
    topic: "context",
    summary: "The older name of cpu().",
    parameters: [],
    returns: "long",
    example: counting("cpuid()"),
    body: "return cpu()",
  },
  {
    name: "is_return",
    topic: "context",
    summary: "1 where the probe point is the return of a function or a system call, else 0.",
    parameters: [],
    returns: "long",
    example:
      "global calls\nprobe syscall.read, syscall.read.return { calls[is_return()]++ }\nprobe timer.s(1) { exit() }",
    body: 'return isinstr(pp(), ".return")',
  },
  {
    name: "target_set_pid",
    topic: "context",
    summary:
      "1 where a process is the target, the one of -c or -x, or descends from it, 0 where not. It can be asked about the current process: others fail.",
    parameters: [{ name: "process", type: "long", meaning: "number of the process, as pid() gives it" }],
    returns: "long",
    example: "global calls\nprobe syscall.* { if (target_set_pid(pid())) calls[name]++ }\nprobe timer.s(1) { exit() }",
    userRefusal: EVENT_ONLY,
    body: `if (target() == 0) return 0
  if (process == target()) return 1
  if (process != pid()) error(sprintf("target_set_pid() knows the family of the current process only, which %d is not", process))
  __task = task_parent(task_current())
  for (__generation = 0; __generation < 64; __generation++) {
    __pid = task_pid(__task)
    if (__pid == target()) return 1
    if (__pid <= 1) return 0
    __task = task_parent(__task)
  }
  return 0`,
  },
  {
    name: "cmdline_args",
    topic: "context",
    summary: "Arguments of the process's command line, put together; the longest string is the limit.",
    parameters: [
      index,
      { name: "last", type: "long", meaning: "number of the last one; -1 for all that there are" },
      { name: "separator", type: "string", meaning: "what stands between two" },
    ],
    returns: "string",
    example: 'probe syscall.read { println(cmdline_args(1, -1, ",")); exit() }',
    userRefusal: EVENT_ONLY,
    body: `__space = ${CURRENT}->mm
  __text = ""
  if (__space == 0) return ""
  __place = __space->arg_start
  __end = __space->arg_end
  for (__number = 0; __place < __end && (last < 0 || __number <= last); __number++) {
    __word = user_string(__place, "")
    if (__number == first) __text = __word
    else if (__number > first) __text = __text . separator . __word
    __place += strlen(__word) + 1
  }
  return __text`,
  },
  {
    name: "cmdline_arg",
    topic: "context",
    summary: "One argument of the process's command line; empty where it has fewer.",
    parameters: [{ name: "number", type: "long", meaning: "0 is the program" }],
    returns: "string",
    example: "probe syscall.read { println(cmdline_arg(1)); exit() }",
    userRefusal: EVENT_ONLY,
    body: 'return cmdline_args(number, number, "")',
  },
  {
    name: "cmdline_str",
    topic: "context",
    summary: "The process's command line, its arguments separated by blanks; the longest string is the limit.",
    parameters: [],
    returns: "string",
    example: "probe syscall.read { println(cmdline_str()); exit() }",
    userRefusal: EVENT_ONLY,
    body: 'return cmdline_args(0, -1, " ")',
  },
  {
    name: "env_var",
    topic: "context",
    summary: "A variable of the environment that the process was started with; empty where it has none of that name.",
    parameters: [{ name: "variable", type: "string", meaning: "its name" }],
    returns: "string",
    example: 'probe syscall.read { println(env_var("HOME")); exit() }',
    userRefusal: EVENT_ONLY,
    body: `__space = ${CURRENT}->mm
  if (__space == 0) return ""
  __place = __space->env_start
  __end = __space->env_end
  __head = variable . "="
  while (__place < __end) {
    __word = user_string(__place, "")
    if (strpos(__word, __head) == 0) return substr(__word, strlen(__head), strlen(__word))
    __place += strlen(__word) + 1
  }
  return ""`,
  },
];
