/** What the kernel keeps in variables of its own, of which it tells the addresses where its list of symbols holds variables. */
import { EVENT_ONLY, type WrittenFunction } from "./written.js";

const UNTOLD = "this kernel does not tell where it keeps its variables: that takes CONFIG_KALLSYMS_ALL";

/** Nodes of memory that a kernel can have, at most (CONFIG_NODES_SHIFT). */
const NODES = 1024;

const AVERAGES = '&@var("avenrun")';
const NODE = '@cast(__node, "pglist_data")';

export const kernelVariableFunctions: readonly WrittenFunction[] = [
  {
    name: "addr_to_node",
    topic: "memory use",
    summary:
      "Number of the NUMA node that an address of the kernel's memory belongs to; -1 where it is outside of what the kernel maps one to one. On x86-64, and where the kernel's list of symbols holds variables.",
    parameters: [{ name: "address", type: "long", meaning: "an address, such as that of a task_struct" }],
    returns: "long",
    example:
      "probe syscall.read { try { println(addr_to_node(task_current())) } catch (reason) { println(reason) } exit() }",
    userRefusal: EVENT_ONLY,
    body: `if (@defined(@cast(0, "pglist_data")->node_start_pfn) && @defined(@var("node_data")) && @defined(@var("page_offset_base"))) {
    __page = (address - kernel_long(&@var("page_offset_base"))) >> 12
    for (__number = 0; __number < ${NODES}; __number++) {
      __node = kernel_pointer(&@var("node_data") + 8 * __number)
      if (__node == 0) return -1
      __first = ${NODE}->node_start_pfn
      if (__page >= __first && __page < __first + ${NODE}->node_spanned_pages) return __number
    }
    return -1
  }
  error("${UNTOLD}, and here x86-64, too")`,
  },
  {
    name: "get_loadavg_index",
    topic: "time",
    summary:
      "How many tasks ran or waited for a CPU on the average, without its decimals. Where the kernel's list of symbols holds variables.",
    parameters: [{ name: "index", type: "long", meaning: "0 for the last minute, 1 for five, 2 for fifteen" }],
    returns: "long",
    example: "probe syscall.read { try { println(get_loadavg_index(0)) } catch (reason) { println(reason) } exit() }",
    userRefusal: EVENT_ONLY,
    body: `if (index < 0 || index > 2) error(sprintf("there are averages 0, 1 and 2, not %d", index))
  if (@defined(${AVERAGES})) return kernel_long(${AVERAGES} + 8 * index) >> 11
  error("${UNTOLD}")`,
  },
  {
    name: "sprint_loadavg",
    topic: "time",
    summary:
      "How many tasks ran or waited for a CPU on the average of the last minute, of five and of fifteen, such as `0.42 1.07 0.99`. Where the kernel's list of symbols holds variables.",
    parameters: [],
    returns: "string",
    example: "probe syscall.read { try { println(sprint_loadavg()) } catch (reason) { println(reason) } exit() }",
    userRefusal: EVENT_ONLY,
    // As in /proc/loadavg: in parts of 2048, rounded to hundredths.
    body: `if (@defined(${AVERAGES})) {
    __one = kernel_long(${AVERAGES}) + 10
    __five = kernel_long(${AVERAGES} + 8) + 10
    __fifteen = kernel_long(${AVERAGES} + 16) + 10
    return sprintf("%d.%02d %d.%02d %d.%02d", __one >> 11, (__one & 2047) * 100 >> 11,
      __five >> 11, (__five & 2047) * 100 >> 11, __fifteen >> 11, (__fifteen & 2047) * 100 >> 11)
  }
  error("${UNTOLD}")`,
  },
];
