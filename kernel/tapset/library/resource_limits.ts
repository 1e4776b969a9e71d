/** What a process may have at most. */
import { counting, EVENT_ONLY, type WrittenFunction } from "./written.js";

/** asm-generic/resource.h, in the order of their numbers, from 0; x86 and arm64 agree. */
const LIMITS =
  "CPU FSIZE DATA STACK CORE RSS NPROC NOFILE MEMLOCK AS LOCKS SIGPENDING MSGQUEUE NICE RTPRIO RTTIME".split(" ");

export const resourceLimitFunctions: readonly WrittenFunction[] = [
  {
    name: "rlimit_from_str",
    topic: "tasks",
    summary: "The number of a limit by its name; -1 where there is none of that name.",
    parameters: [{ name: "name", type: "string", meaning: "such as `RLIMIT_NOFILE`" }],
    returns: "long",
    example: 'println(rlimit_from_str("RLIMIT_NOFILE"))',
    body: [...LIMITS.map((limit, number) => `if (name == "RLIMIT_${limit}") return ${number}`), "return -1"].join(
      "\n  ",
    ),
  },
  {
    name: "task_rlimit",
    topic: "tasks",
    summary: "What a task's process may have of something at the moment; -1 for any amount.",
    parameters: [
      { name: "task", type: "long", meaning: "address of a task_struct, such as task_current() gives" },
      { name: "resource", type: "long", meaning: "number of the limit, from rlimit_from_str()" },
    ],
    returns: "long",
    example: counting('task_rlimit(task_current(), rlimit_from_str("RLIMIT_STACK"))'),
    userRefusal: EVENT_ONLY,
    body: `if (resource < 0 || resource >= ${LIMITS.length}) return -1
  return @cast(task, "task_struct")->signal->rlim[resource]->rlim_cur`,
  },
  {
    name: "task_rlimit_nofile",
    topic: "tasks",
    summary: "How many files the task's process may have open.",
    parameters: [{ name: "task", type: "long", meaning: "address of a task_struct, such as task_current() gives" }],
    returns: "long",
    example: counting("task_rlimit_nofile(task_current())"),
    userRefusal: EVENT_ONLY,
    body: `return task_rlimit(task, ${LIMITS.indexOf("NOFILE")})`,
  },
];
