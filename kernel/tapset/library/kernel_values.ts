/** Values that the kernel's structures hold, and what they are called. */
import { counting, EVENT_ONLY, type WrittenFunction } from "./written.js";

function reader(
  name: string,
  summary: string,
  parameter: string,
  meaning: string,
  example: string,
  body: string,
  returns: "long" | "string" = "long",
): WrittenFunction {
  return {
    name,
    topic: "kernel data",
    summary,
    parameters: [{ name: parameter, type: "long", meaning }],
    returns,
    example,
    userRefusal: EVENT_ONLY,
    body,
  };
}

const COUNTED = "task_current()";

/** What a kernel can be configured to, besides the usual (kernel/Kconfig.hz and those of distributions). */
const JIFFIES = [1000, 300, 100, 500, 200];
const USUAL_JIFFIES = 250;

/** The states of TCP by their numbers, from 1 on (include/net/tcp_states.h). */
const TCP_STATES = [
  "TCP_ESTABLISHED",
  "TCP_SYN_SENT",
  "TCP_SYN_RECV",
  "TCP_FIN_WAIT1",
  "TCP_FIN_WAIT2",
  "TCP_TIME_WAIT",
  "TCP_CLOSE",
  "TCP_CLOSE_WAIT",
  "TCP_LAST_ACK",
  "TCP_LISTEN",
  "TCP_CLOSING",
];

export const kernelValueFunctions: readonly WrittenFunction[] = [
  reader(
    "atomic_read",
    "The number in an atomic variable of the kernel of 32 bits.",
    "address",
    "address of an atomic_t",
    counting(`atomic_read(&@cast(${COUNTED}, "task_struct")->mm->mm_users)`),
    'return @cast(address, "atomic_t")->counter',
  ),
  reader(
    "atomic_long_read",
    "The number in an atomic variable of the kernel of 64 bits.",
    "address",
    "address of an atomic_long_t",
    counting(`atomic_long_read(&@cast(${COUNTED}, "task_struct")->files->count) > 0`),
    'return @cast(address, "atomic64_t")->counter',
  ),
  reader(
    "inode_name",
    "A name of the file that an inode is; empty where the kernel knows none at the moment.",
    "inode",
    "address of an inode",
    counting(`inode_name(@cast(${COUNTED}, "task_struct")->mm->exe_file->f_inode)`),
    `__inode = @cast(inode, "inode")
  __alias = __inode->i_dentry->first
  if (!__alias) return ""
  __entry = __alias - (@defined(&@cast(0, "dentry")->d_u->d_alias) ? &@cast(0, "dentry")->d_u->d_alias : &@cast(0, "dentry")->d_alias)
  return kernel_string(@cast(__entry, "dentry")->d_name->name)`,
    "string",
  ),
  {
    name: "is_sig_blocked",
    topic: "kernel data",
    summary: "1 where a task holds a signal back, else 0.",
    parameters: [
      { name: "task", type: "long", meaning: "address of a task_struct, such as task_current() gives" },
      { name: "signal", type: "long", meaning: "the signal's number" },
    ],
    returns: "long",
    example: counting(`is_sig_blocked(${COUNTED}, 2)`),
    userRefusal: EVENT_ONLY,
    body: `if (signal < 1 || signal > 64) return 0
  return (@cast(task, "task_struct")->blocked->sig[0] >>> (signal - 1)) & 1`,
  },
  {
    name: "probing_32bit_app",
    topic: "kernel data",
    summary: "1 where the current process runs code of 32 bits, else 0.",
    parameters: [],
    returns: "long",
    example: counting("probing_32bit_app()"),
    userRefusal: EVENT_ONLY,
    body: `__flags = @cast(task_current(), "task_struct")->thread_info->flags
  %( arch == "x86_64" %? __bit = 29 %: __bit = 22 %)
  return (__flags >>> __bit) & 1`,
  },
  {
    name: "mem_page_size",
    topic: "kernel data",
    summary: "Bytes of a page of memory.",
    parameters: [],
    returns: "long",
    unit: "bytes",
    example: "println(mem_page_size())",
    body: `%( CONFIG_ARM64_64K_PAGES == "y" %? return 65536 %: %( CONFIG_ARM64_16K_PAGES == "y" %? return 16384 %: return 4096 %) %)`,
  },
  {
    name: "isdigit",
    topic: "strings",
    summary: "1 where a text begins with a digit, else 0.",
    parameters: [{ name: "text", type: "string", meaning: "the text" }],
    returns: "long",
    example: 'println(isdigit("7 up"))',
    body: `__byte = stringat(text, 0)
  return __byte >= 48 && __byte <= 57`,
  },
  {
    name: "stack_size",
    topic: "kernel data",
    summary: "Bytes of a thread's stack in the kernel.",
    parameters: [],
    returns: "long",
    unit: "bytes",
    example: "println(stack_size())",
    // THREAD_SIZE: KASAN doubles it on both architectures, and pages of 64 KB are larger than what it needs.
    body: `%( CONFIG_KASAN == "y" %? return 32768 %: %( CONFIG_ARM64_64K_PAGES == "y" %? return 65536 %: return 16384 %) %)`,
  },
  {
    name: "HZ",
    topic: "time",
    summary: "How often in a second the kernel's timer ticks, which jiffies() counts.",
    parameters: [],
    returns: "long",
    unit: "1/s",
    example: "println(HZ())",
    body: `${JIFFIES.map((hertz) => `%( CONFIG_HZ == "${hertz}" %? return ${hertz} %: `).join("")}return ${USUAL_JIFFIES}${" %)".repeat(JIFFIES.length)}`,
  },
  {
    name: "tcp_sockstate_str",
    topic: "kernel data",
    summary: "The name of a state of TCP; UNKNOWN where the number is none.",
    parameters: [{ name: "state", type: "long", meaning: "the number, such as a socket's sk_state" }],
    returns: "string",
    example: "println(tcp_sockstate_str(10))",
    body: [...TCP_STATES.map((name, index) => `if (state == ${index + 1}) return "${name}"`), 'return "UNKNOWN"'].join(
      "\n  ",
    ),
  },
  {
    name: "bio_rw_str",
    topic: "kernel data",
    summary: "R for an operation of a block device that reads, W for one that writes.",
    parameters: [
      {
        name: "rw",
        type: "long",
        meaning: "the operation's number: the lowest bit is 1 where data goes to the device",
      },
    ],
    returns: "string",
    example: "println(bio_rw_str(1))",
    body: 'return rw & 1 ? "W" : "R"',
  },
  {
    name: "vm_fault_contains",
    topic: "kernel data",
    summary: "1 where what a page fault came to has one of the flags that are asked for, or is 0 as they are.",
    parameters: [
      { name: "value", type: "long", meaning: "what the fault came to" },
      { name: "test", type: "long", meaning: "the flags (VM_FAULT_…) that are asked for" },
    ],
    returns: "long",
    example: "println(vm_fault_contains(4, 4))",
    body: "return test == 0 ? value == 0 : (value & test) != 0",
  },
];
