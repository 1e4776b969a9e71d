/** How much memory the current process has. */
import type { FunctionParameter } from "../../compiler/catalogue.js";
import { counting, EVENT_ONLY, type WrittenFunction } from "./written.js";

/** Before Linux 6.2 the counters were plain numbers. */
function counter(index: number): string {
  return `(@defined(SPACE->rss_stat[${index}]->count) ? SPACE->rss_stat[${index}]->count : SPACE->rss_stat->count[${index}]->counter)`;
}

const [FILE_PAGES, OWN_PAGES, SHARED_PAGES] = [counter(0), counter(1), counter(3)];

const pid: FunctionParameter = { name: "pid", type: "long", meaning: "number of the process" };

/** Of the current process, and of one by its number. */
function pages(name: string, summary: string, value: string): readonly WrittenFunction[] {
  const shared = { topic: "memory use", returns: "long", unit: "pages", userRefusal: EVENT_ONLY } as const;
  const body = (task: string): string => `__task = ${task}
  if (__task == 0) return 0
  __space = @cast(__task, "task_struct")->mm
  if (__space == 0) return 0
  return ${value.replaceAll("SPACE", '@cast(__space, "mm_struct")')}`;
  return [
    {
      ...shared,
      name,
      summary: `${summary}, in pages of mem_page_size() bytes; 0 for a thread of the kernel.`,
      parameters: [],
      example: counting(`${name}()`),
      body: body("task_current()"),
    },
    {
      ...shared,
      name: `${name}_pid`,
      summary: `The same of a process by its number: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}, in pages; 0 where there is none.`,
      parameters: [pid],
      example: counting(`${name}_pid(pid())`),
      body: body("pid2task(pid)"),
    },
  ];
}

function summary(
  name: string,
  what: string,
  parameters: readonly FunctionParameter[],
  suffix: string,
): WrittenFunction {
  const given = parameters.map((parameter) => parameter.name).join(", ");
  const size = (part: string): string => `pages_to_string(proc_mem_${part}${suffix}(${given}))`;
  return {
    name,
    topic: "memory use",
    summary: `${what}: \`size: 301M, rss: 11.2M, shr: 8.0M, txt: 52.0K, data: 2.1M\`.`,
    parameters,
    returns: "string",
    example: `probe syscall.read { println(${name}(${parameters.length === 0 ? "" : "pid()"})); exit() }`,
    userRefusal: EVENT_ONLY,
    body: `return sprintf("size: %s, rss: %s, shr: %s, txt: %s, data: %s", ${["size", "rss", "shr", "txt", "data"].map(size).join(", ")})`,
  };
}

export const memoryUseFunctions: readonly WrittenFunction[] = [
  ...pages("proc_mem_size", "Addresses that the process has memory behind or may get some", "SPACE->total_vm"),
  ...pages(
    "proc_mem_rss",
    "Memory that the process has, up to some tens of pages for each CPU",
    `${FILE_PAGES} + ${OWN_PAGES} + ${SHARED_PAGES}`,
  ),
  ...pages(
    "proc_mem_shr",
    "Memory that the process may share with others, up to some tens of pages for each CPU",
    `${FILE_PAGES} + ${SHARED_PAGES}`,
  ),
  ...pages("proc_mem_txt", "The program's own code", "(SPACE->end_code - SPACE->start_code + 4095) / 4096"),
  ...pages("proc_mem_data", "Data and stacks", "SPACE->data_vm + SPACE->stack_vm"),
  {
    name: "bytes_to_string",
    topic: "numbers",
    summary:
      "Bytes as text: as they are up to 1024, then in K, M or G, below 100 of those with one decimal; at least five characters wide.",
    parameters: [{ name: "bytes", type: "long", meaning: "how many" }],
    returns: "string",
    example: "println(bytes_to_string(1572864))",
    body: `__amount = bytes
  __rest = 0
  __unit = ""
  if (__amount < 0) return sprintf("%d", bytes)
  if (__amount >= 1024) {
    __unit = "K"
    __rest = __amount % 1024
    __amount /= 1024
  }
  if (__amount >= 1024) {
    __unit = "M"
    __rest = __amount % 1024
    __amount /= 1024
  }
  if (__amount >= 1024) {
    __unit = "G"
    __rest = __amount % 1024
    __amount /= 1024
  }
  if (__unit == "") return sprintf("%5d", __amount)
  if (__amount >= 100) return sprintf("%4d%s", __amount, __unit)
  return sprintf("%2d.%d%s", __amount, __rest * 10 / 1024, __unit)`,
  },
  {
    name: "pages_to_string",
    topic: "numbers",
    summary: "Pages of memory as text, as bytes_to_string() writes their bytes.",
    parameters: [{ name: "pages", type: "long", meaning: "how many, of mem_page_size() bytes" }],
    returns: "string",
    example: "println(pages_to_string(384))",
    body: "return bytes_to_string(pages * mem_page_size())",
  },
  summary("proc_mem_string", "The memory of the current process as text", [], ""),
  summary("proc_mem_string_pid", "The memory of a process as text", [pid], "_pid"),
];
