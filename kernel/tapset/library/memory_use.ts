/** How much memory the current process has. */
import { counting, EVENT_ONLY, type WrittenFunction } from "./written.js";

const SPACE = '@cast(task_current(), "task_struct")->mm';

/** Before Linux 6.2 the counters were plain numbers. */
function counter(index: number): string {
  return `(@defined(SPACE->rss_stat[${index}]->count) ? SPACE->rss_stat[${index}]->count : SPACE->rss_stat->count[${index}]->counter)`;
}

const [FILE_PAGES, OWN_PAGES, SHARED_PAGES] = [counter(0), counter(1), counter(3)];

function pages(name: string, summary: string, value: string): WrittenFunction {
  return {
    name,
    topic: "memory use",
    summary: `${summary}, in pages of mem_page_size() bytes; 0 for a thread of the kernel.`,
    parameters: [],
    returns: "long",
    unit: "pages",
    example: counting(`${name}()`),
    userRefusal: EVENT_ONLY,
    body: `if (SPACE == 0) return 0\n  return ${value}`.replaceAll("SPACE", SPACE),
  };
}

export const memoryUseFunctions: readonly WrittenFunction[] = [
  pages("proc_mem_size", "Addresses that the process has memory behind or may get some", "SPACE->total_vm"),
  pages(
    "proc_mem_rss",
    "Memory that the process has, up to some tens of pages for each CPU",
    `${FILE_PAGES} + ${OWN_PAGES} + ${SHARED_PAGES}`,
  ),
  pages(
    "proc_mem_shr",
    "Memory that the process may share with others, up to some tens of pages for each CPU",
    `${FILE_PAGES} + ${SHARED_PAGES}`,
  ),
  pages("proc_mem_txt", "The program's own code", "(SPACE->end_code - SPACE->start_code + 4095) / 4096"),
  pages("proc_mem_data", "Data and stacks", "SPACE->data_vm + SPACE->stack_vm"),
];
