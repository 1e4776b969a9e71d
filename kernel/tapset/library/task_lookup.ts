/** Tasks by their numbers, found as the kernel finds them: in a tree of 64-way nodes, by six bits of the number at a time. */
import { counting, EVENT_ONLY, type WrittenFunction } from "./written.js";

const number = {
  name: "pid",
  type: "long",
  meaning: "number of a process or a thread, as the kernel counts them",
} as const;

/** Of the current thread, or of one by its number. */
function time(name: string, what: string, member: string): WrittenFunction[] {
  const summary = `How long the NOUN has run ${what}, of itself alone, as the kernel's clock tick samples it`;
  const shared = { name, topic: "tasks", returns: "long", unit: "ns", userRefusal: EVENT_ONLY } as const;
  return [
    {
      ...shared,
      summary: `${summary.replace("NOUN", "current thread")}.`,
      parameters: [],
      example: `global longest\nprobe syscall.read { longest[execname()] <<< ${name}() }\nprobe timer.s(1) { exit() }`,
      body: `return @cast(task_current(), "task_struct")->${member}`,
    },
    {
      ...shared,
      summary: `${summary.replace("NOUN", "thread with a number")}; 0 where there is none.`,
      parameters: [{ ...number, name: "tid" }],
      example: counting(`${name}(tid()) > 1000000000`),
      body: `__task = pid2task(tid)
  return __task == 0 ? 0 : @cast(__task, "task_struct")->${member}`,
    },
  ];
}

export const taskLookupFunctions: readonly WrittenFunction[] = [
  {
    name: "pid2task",
    topic: "tasks",
    summary: "Address of the task_struct of the process or thread with a number; 0 where there is none.",
    parameters: [number],
    returns: "long",
    example: counting("task_uid(pid2task(pid()))"),
    userRefusal: EVENT_ONLY,
    // The outermost namespace is the same for all. In a pointer to a node, the lowest two bits are 2 (linux/xarray.h).
    body: `__index = pid
  __entry = @cast(task_current(), "task_struct")->thread_pid->numbers[0]->ns->idr->idr_rt->xa_head
  if (__index < 0 || (__entry & 3) != 2) return 0
  if (__index >> @cast(__entry - 2, "xa_node")->shift > 63) return 0
  for (__level = 0; __level < 6 && (__entry & 3) == 2; __level++) {
    __node = __entry - 2
    __entry = @cast(__node, "xa_node")->slots[(__index >> @cast(__node, "xa_node")->shift) & 63]
  }
  if (__entry == 0) return 0
  __first = @cast(__entry, "pid")->tasks[0]->first
  if (__first == 0) return 0
  return @cast(__first - &@cast(0, "task_struct")->pid_links[0], "struct task_struct *")`,
  },
  {
    name: "pid2execname",
    topic: "tasks",
    summary:
      'The name of the program of the process or thread with a number, at most 15 characters; "" where there is none.',
    parameters: [number],
    returns: "string",
    example: "probe syscall.kill { println(pid2execname($pid)) }\nprobe timer.s(1) { exit() }",
    userRefusal: EVENT_ONLY,
    body: `__task = pid2task(pid)
  if (__task == 0) return ""
  return task_execname(__task)`,
  },
  ...time("task_utime", "in user space", "utime"),
  ...time("task_stime", "in the kernel", "stime"),
];
