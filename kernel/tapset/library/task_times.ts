/** How long tasks have run, and times as text. */
import { counting, EVENT_ONLY, type WrittenFunction } from "./written.js";

interface Unit {
  readonly name: string;
  readonly what: string;
  readonly perSecond: string;
  readonly digits: number;
}

const UNITS: readonly Unit[] = [
  { name: "msecs", what: "milliseconds", perSecond: "1000", digits: 3 },
  { name: "usecs", what: "microseconds", perSecond: "1000000", digits: 6 },
  { name: "nsecs", what: "nanoseconds", perSecond: "1000000000", digits: 9 },
];

const cputime = {
  name: "cputime",
  type: "long",
  meaning: "nanoseconds, as task_utime() and task_stime() give them",
} as const;

const tid = { name: "tid", type: "long", meaning: "number of a process or a thread" } as const;

function asText({ name, what, perSecond, digits }: Unit): WrittenFunction {
  return {
    name: `${name}_to_string`,
    topic: "time",
    summary: `A time as text in minutes and seconds, such as \`1m2.${"345000000".slice(0, digits)}s\`.`,
    parameters: [{ name, type: "long", meaning: `the time in ${what}` }],
    returns: "string",
    example: `println(${name}_to_string(62 * ${perSecond}))`,
    body: `return sprintf("%dm%d.%0${digits}ds", ${name} / (60 * ${perSecond}), ${name} / ${perSecond} % 60, ${name} % ${perSecond})`,
  };
}

export const taskTimeFunctions: readonly WrittenFunction[] = [
  ...UNITS.map(asText),
  {
    name: "cputime_to_msecs",
    topic: "time",
    summary: "Time on the CPU in milliseconds.",
    parameters: [cputime],
    returns: "long",
    unit: "ms",
    example: "println(cputime_to_msecs(1234567890))",
    body: "return cputime / 1000000",
  },
  {
    name: "cputime_to_usecs",
    topic: "time",
    summary: "Time on the CPU in microseconds.",
    parameters: [cputime],
    returns: "long",
    unit: "us",
    example: "println(cputime_to_usecs(1234567890))",
    body: "return cputime / 1000",
  },
  {
    name: "cputime_to_string",
    topic: "time",
    summary: "Time on the CPU as text in minutes and seconds, such as `1m2.345s`.",
    parameters: [cputime],
    returns: "string",
    example: "println(cputime_to_string(62345000000))",
    body: "return msecs_to_string(cputime_to_msecs(cputime))",
  },
  {
    name: "task_start_time",
    topic: "tasks",
    summary: "How long after the start of the machine a process or a thread has begun; 0 where there is none.",
    parameters: [tid],
    returns: "long",
    unit: "ns",
    example: counting("task_start_time(tid()) > 0"),
    userRefusal: EVENT_ONLY,
    body: `__task = pid2task(tid)
  return __task == 0 ? 0 : @cast(__task, "task_struct")->start_boottime`,
  },
  {
    name: "task_time_string",
    topic: "tasks",
    summary: "How long the current thread has run: `usr: 0m12.908s, sys: 1m6.851s`.",
    parameters: [],
    returns: "string",
    example: "probe syscall.read { println(task_time_string()); exit() }",
    userRefusal: EVENT_ONLY,
    body: 'return sprintf("usr: %s, sys: %s", cputime_to_string(task_utime()), cputime_to_string(task_stime()))',
  },
  {
    name: "task_time_string_tid",
    topic: "tasks",
    summary: "How long a thread has run: `usr: 0m12.908s, sys: 1m6.851s`.",
    parameters: [tid],
    returns: "string",
    example: "probe syscall.read { println(task_time_string_tid(tid())); exit() }",
    userRefusal: EVENT_ONLY,
    body: 'return sprintf("usr: %s, sys: %s", cputime_to_string(task_utime(tid)), cputime_to_string(task_stime(tid)))',
  },
];
