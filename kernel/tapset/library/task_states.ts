/** What the scheduler and the limits say of a task. */
import { counting, EVENT_ONLY, type WrittenFunction } from "./written.js";

const task = { name: "task", type: "long", meaning: "address of a task_struct, such as task_current() gives" } as const;

function ofTask(name: string, summary: string, body: string): WrittenFunction {
  return {
    name,
    topic: "tasks",
    summary,
    parameters: [task],
    returns: "long",
    example: counting(`${name}(task_current())`),
    userRefusal: EVENT_ONLY,
    body: body.replaceAll("TASK", '@cast(task, "task_struct")'),
  };
}

export const taskStateFunctions: readonly WrittenFunction[] = [
  ofTask(
    "task_state",
    "The task's state as the kernel numbers it: 0 runs or may run, 1 sleeps, 2 sleeps and hears no signal, 4 is stopped, 8 is traced.",
    "return @defined(TASK->__state) ? TASK->__state : TASK->state",
  ),
  ofTask(
    "task_cpu",
    "Number of the CPU that the task is on, or was last.",
    "return @defined(TASK->thread_info->cpu) ? TASK->thread_info->cpu : TASK->cpu",
  ),
  ofTask("task_nice", "The task's nice value, from -20 to 19.", "return TASK->static_prio - 120"),
  ofTask(
    "task_max_file_handles",
    "How many files the task's process may have open.",
    "return TASK->signal->rlim[7]->rlim_cur",
  ),
  ofTask(
    "task_open_file_handles",
    "How many files the task's process has open.",
    `__table = TASK->files->fdt
  __words = __table->max_fds / 64
  __count = 0
  for (__index = 0; __index < __words; __index++) {
    __word = __table->open_fds[__index]
    while (__word) {
      __word &= __word - 1
      __count++
    }
  }
  return __count`,
  ),
];
