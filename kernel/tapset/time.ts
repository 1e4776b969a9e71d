/** Clocks. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { TapsetFunction } from "../compiler/catalogue.js";
import { CONTROL_MAP, CONTROL_REALTIME_OFFSET } from "../compiler/compiled.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { long, type Operand } from "../compiler/ir/values.js";

const UNITS = [
  { suffix: "ns", name: "nanoseconds", divisor: 1n },
  { suffix: "us", name: "microseconds", divisor: 1_000n },
  { suffix: "ms", name: "milliseconds", divisor: 1_000_000n },
  { suffix: "s", name: "seconds", divisor: 1_000_000_000n },
] as const;

type Unit = (typeof UNITS)[number];

function monotonic(emit: Emitter): Operand {
  return emit.call(HELPER.ktime_get_ns, []);
}

/** The kernel's helpers know no time of day: the start of the session tells how far apart the two clocks are. */
function timeOfDay(emit: Emitter): Operand {
  const offset = emit.load(emit.mapValue(CONTROL_MAP, CONTROL_REALTIME_OFFSET), 0);
  return emit.alu("add", monotonic(emit), offset);
}

function divided(emit: Emitter, nanoseconds: Operand, { divisor }: Unit): Operand {
  return divisor === 1n ? nanoseconds : emit.alu("udiv", nanoseconds, divisor);
}

function wallClock(unit: Unit): TapsetFunction {
  const name = `gettimeofday_${unit.suffix}`;
  return {
    name,
    topic: "time",
    summary: `${capital(unit.name)} since 1970. A clock that is set while the session runs is not followed inside probes.`,
    parameters: [],
    returns: "long",
    unit: unit.suffix,
    example: `println(${name}())`,
    kernel: (emit) => long(divided(emit, timeOfDay(emit), unit)),
    user: ({ environment }) => environment.realtime() / unit.divisor,
  };
}

/** `cpu_clock` and `local_clock` differ in SystemTap by which CPU's clock they read; here both are the one that never goes back. */
function steadyClock(family: "cpu_clock" | "local_clock", unit: Unit): TapsetFunction {
  const name = `${family}_${unit.suffix}`;
  return {
    name,
    topic: "time",
    summary: `${capital(unit.name)} of a clock that only goes forward, the same on every CPU.`,
    parameters:
      family === "cpu_clock" ? [{ name: "cpu", type: "long", meaning: "number of the CPU; all have one clock" }] : [],
    returns: "long",
    unit: unit.suffix,
    example: `println(${name}(${family === "cpu_clock" ? "0" : ""}))`,
    kernel: (emit) => long(divided(emit, monotonic(emit), unit)),
    user: ({ environment }) => environment.monotonic() / unit.divisor,
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const timeFunctions: readonly TapsetFunction[] = [
  ...UNITS.map(wallClock),
  ...UNITS.map((unit) => steadyClock("cpu_clock", unit)),
  ...UNITS.map((unit) => steadyClock("local_clock", unit)),
  {
    name: "jiffies",
    topic: "time",
    summary: "The kernel's count of timer ticks.",
    parameters: [],
    returns: "long",
    example: "global last\nprobe syscall.read { last = jiffies() }\nprobe timer.s(1) { exit() }",
    kernel: (emit) => long(emit.call(HELPER.jiffies64, [])),
    userRefusal: "the tick count cannot be read from user space; gettimeofday_ms() tells the time there",
  },
  {
    name: "get_cycles",
    topic: "time",
    summary: "The CPU's cycle counter.",
    parameters: [],
    returns: "long",
    unit: "cycles",
    example: "probe syscall.read { t = local_clock_ns() }\nprobe timer.s(1) { exit() }",
    kernelRefusal:
      "eBPF programs cannot read the cycle counter on every supported kernel; local_clock_ns() counts nanoseconds",
    userRefusal: "the cycle counter cannot be read from user space; local_clock_ns() counts nanoseconds",
  },
];
