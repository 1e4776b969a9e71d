/** What a process does about its signals. */
import { counting, EVENT_ONLY, type WrittenFunction } from "./written.js";
import { flagNames } from "./flags.js";

/** Of the first signal, whose handlers every process has. */
const ACTION = '&@cast(task_current(), "task_struct")->sighand->action[0]';

interface Reader {
  readonly name: string;
  readonly summary: string;
  readonly value: string;
}

const READERS: readonly Reader[] = [
  { name: "get_sa_flags", summary: "How a signal is handled: flags that sa_flags_str() names.", value: "sa_flags" },
  {
    name: "get_sa_handler",
    summary: "The function that handles a signal, which sa_handler_str() names.",
    value: "sa_handler",
  },
  {
    name: "get_sigaction_mask",
    summary: "The signals that are held back while one is handled, which sigset_mask_str() names.",
    value: "sa_mask->sig[0]",
  },
];

/** linux/signal.h and asm-generic/signal-defs.h; x86 and arm64 agree. */
const FLAGS = [
  ["0x1", "SA_NOCLDSTOP"],
  ["0x2", "SA_NOCLDWAIT"],
  ["0x4", "SA_SIGINFO"],
  ["0x400", "SA_UNSUPPORTED"],
  ["0x800", "SA_EXPOSE_TAGBITS"],
  ["0x4000000", "SA_RESTORER"],
  ["0x8000000", "SA_ONSTACK"],
  ["0x10000000", "SA_RESTART"],
  ["0x40000000", "SA_NODEFER"],
  ["0x80000000", "SA_RESETHAND"],
] as const;

export const signalActionFunctions: readonly WrittenFunction[] = [
  ...READERS.map(
    ({ name, summary, value }) =>
      ({
        name,
        topic: "signals",
        summary,
        parameters: [
          { name: "action", type: "long", meaning: "address of a struct k_sigaction, or of the sigaction in it" },
        ],
        returns: "long",
        example: counting(`${name}(${ACTION})`),
        userRefusal: EVENT_ONLY,
        body: `return @cast(action, "k_sigaction")->sa->${value}`,
      }) as const,
  ),
  {
    name: "sa_flags_str",
    topic: "signals",
    summary: "The names of flags that tell how a signal is handled, such as `SA_RESTORER|SA_RESTART`.",
    parameters: [{ name: "flags", type: "long", meaning: "what get_sa_flags() gave" }],
    returns: "string",
    example: "println(sa_flags_str(0x10000004))",
    body: `__text = ""\n  ${flagNames(FLAGS)}`,
  },
  {
    name: "sa_handler_str",
    topic: "signals",
    summary: "What handles a signal: SIG_DFL, SIG_IGN or SIG_ERR, or a function by its address in hexadecimal.",
    parameters: [{ name: "handler", type: "long", meaning: "what get_sa_handler() gave" }],
    returns: "string",
    example: "println(sa_handler_str(1))",
    body: `if (handler == 0) return "SIG_DFL"
  if (handler == 1) return "SIG_IGN"
  if (handler == -1) return "SIG_ERR"
  return sprintf("0x%x", handler)`,
  },
  {
    name: "sigset_mask_str",
    topic: "signals",
    summary: "The names of the signals in a set, with commas, such as `SIGINT,SIGCHLD`.",
    parameters: [{ name: "mask", type: "long", meaning: "the set; its lowest bit is signal 1" }],
    returns: "string",
    example: "println(sigset_mask_str(0x10002))",
    // Those of real time have numbers, not names, above the first of them.
    body: `__text = ""
  for (__number = 1; __number <= 64; __number++) {
    if (!((mask >>> (__number - 1)) & 1)) continue
    if (__text != "") __text .= ","
    if (__number < 32) __text .= signal_str(__number)
    else if (__number == 32) __text .= "SIGRTMIN"
    else __text .= sprintf("SIGRTMIN+%d", __number - 32)
  }
  return __text`,
  },
];
