/** `perf.type(T).config(C)` and names for the usual counters: a handler every so many events, on every CPU. */
import type { PointPattern, ProbeFamily, Resolution, Target } from "../compiler/catalogue.js";
import type { Sampling } from "../compiler/compiled.js";
import { mostSimilar } from "../compiler/check/similar.js";
import { counterProbe, counterRefusal } from "./counter_probe.js";
import { componentsText, refused } from "./points.js";
import { findProcesses, type Processes } from "./process/narrowing.js";
import { guardsOf } from "./process/subject.js";

type Component = PointPattern["components"][number];

/** Numbers of linux/perf_event.h. */
const HARDWARE = [
  "cpu_cycles",
  "instructions",
  "cache_references",
  "cache_misses",
  "branch_instructions",
  "branch_misses",
  "bus_cycles",
  "stalled_cycles_frontend",
  "stalled_cycles_backend",
  "ref_cpu_cycles",
];
const SOFTWARE = [
  "cpu_clock",
  "task_clock",
  "page_faults",
  "context_switches",
  "cpu_migrations",
  "page_faults_min",
  "page_faults_maj",
  "alignment_faults",
  "emulation_faults",
];
const CACHES = ["l1d", "l1i", "ll", "dtlb", "itlb", "bpu", "node"];
const OPERATIONS = ["read", "write", "prefetch"];
const RESULTS = ["access", "miss"];

interface Counter {
  readonly type: number;
  readonly config: bigint;
}

/** By the components behind `perf`, such as `hw.cpu_cycles` and `hw_cache.l1d.read.miss`. */
function namedCounters(): ReadonlyMap<string, Counter> {
  const named = new Map<string, Counter>();
  HARDWARE.forEach((name, config) => named.set(`hw.${name}`, { type: 0, config: BigInt(config) }));
  SOFTWARE.forEach((name, config) => named.set(`sw.${name}`, { type: 1, config: BigInt(config) }));
  CACHES.forEach((cache, first) =>
    OPERATIONS.forEach((operation, second) =>
      RESULTS.forEach((result, third) => {
        const config = BigInt(first | (second << 8) | (third << 16));
        named.set(`hw_cache.${cache}.${operation}.${result}`, { type: 3, config });
      }),
    ),
  );
  return named;
}

/** What SystemTap takes without `.sample` and `.hz`. */
const USUAL_SAMPLING: Sampling = { kind: "period", events: 1_000_000n };

/** More samples than this in a second mostly measure the sampling. */
const HIGHEST_FREQUENCY = 100_000n;

export const perf: ProbeFamily = {
  name: "perf",
  summary:
    "A counter of the processor or of the kernel, as `perf_event_open` numbers them: the handler runs on each CPU every million events, every N with `.sample(N)`, " +
    "or so often that it is N times a second with `.hz(N)`. The usual counters have names; a counter that the machine lacks is refused with the kernel's answer. " +
    "Clocks count nanoseconds. `.process` samples the process of -c or -x alone, `.process(PID)` another, with all their threads; " +
    '`.process("PATH")` keeps the samples of every process that runs the program: the events between two samples may be others\'. ' +
    'With `.counter("NAME")` the handler never runs: `@perf("NAME")` in a probe on an event gives what has been counted so far. ' +
    "That is what happened on the CPU that the probe runs on, whichever process it was for, so that a difference tells of one thread only while nothing else runs there. " +
    "With `.process` in front of `.counter` each thread that the process has when the trace starts is counted on its own; in any other thread `@perf` is an error, since programs can read no counter that new threads inherit; without `.process` every thread can be asked, for its CPU.",
  forms: [
    "perf.type(N).config(N)",
    "perf.type(N).config(N).sample(N)",
    "perf.type(N).config(N).hz(N)",
    "perf.type(N).config(N).process",
    "perf.type(N).config(N).process(PID)",
    'perf.type(N).config(N).process("PATH")',
    'perf.type(N).config(N).counter("NAME")',
    'perf.type(N).config(N).process.counter("NAME")',
    ...["hw", "sw"].map((kind) => `perf.${kind}.NAME`),
    "perf.hw_cache.CACHE.OPERATION.RESULT",
  ],
  example: "global faults\nprobe perf.sw.page_faults.sample(1) { faults[execname()]++ }\nprobe timer.s(1) { exit() }",

  resolve(pattern, target): Resolution | null {
    const [first, ...rest] = pattern.components;
    if (first?.name !== "perf") return null;
    const found = readCounter(rest);
    if ("kind" in found) return found;
    const point = componentsText(pattern);
    const options = readOptions(point, found.options);
    if ("kind" in options) return options;
    return options.counter === null
      ? resolveSamples(point, found.counter, options, target)
      : resolveCounter(point, found.counter, { ...options, counter: options.counter }, target);
  },

  complete: (prefix) =>
    [...namedCounters().keys()].map((name) => `perf.${name}`).filter((name) => name.startsWith(prefix)),
};

function resolveSamples(point: string, counter: Counter, { sampling, process }: Options, target: Target): Resolution {
  const subject = process ? sampledProcesses(point, process, target) : { pid: null, program: null };
  if ("kind" in subject) return subject;
  const { pid } = subject;
  const attach = { kind: "perf", ...counter, sampling: sampling ?? USUAL_SAMPLING, pid } as const;
  const mechanism = `counter ${counter.type}:${counter.config} of every ${pid === null ? "CPU" : "thread"}`;
  // What a process starts is counted with it, and is no business of the probe's.
  return counterProbe(point, attach, mechanism, target, guardsOf(subject));
}

function sampledProcesses(point: string, { argument }: Component, target: Target): Processes | Resolution {
  if (argument === null && target.targetPid === 0) return needsProcess(point);
  return findProcesses({ program: argument, head: point, library: null, rest: [] }, target);
}

function needsProcess(point: string): Resolution {
  return refused(`${point}: .process needs a process: give it with -x, or a command with -c`);
}

/** Nothing runs at the point itself. */
function resolveCounter(
  point: string,
  counter: Counter,
  { counter: name, process, sampling }: Options & { readonly counter: string },
  target: Target,
): Resolution {
  if (sampling !== null)
    return refused(
      `${point}: a counter that probes read takes no samples`,
      `leave out .${sampling.kind === "period" ? "sample" : "hz"}, or .counter`,
    );
  const pid = process ? countedProcess(point, process, target) : null;
  if (typeof pid !== "number" && pid !== null) return pid;
  const refusal = counterRefusal(point, counter, target);
  if (refusal) return refusal;
  const probe = {
    kind: "user",
    moment: { kind: "never" },
    variables: new Map(),
    counter: { ...counter, name, pid },
  } as const;
  return { kind: "resolved", probes: [{ point, probe }] };
}

/** A counter is opened for threads that there are. */
function countedProcess(point: string, { argument }: Component, target: Target): number | Resolution {
  const { targetPid, targetProgram, programs } = target;
  if (typeof argument === "bigint") return Number(argument);
  if (argument === null) return targetPid === 0 ? needsProcess(point) : targetPid;
  const wanted = programs.find(argument);
  if ("reason" in wanted) return refused(`${point}: ${wanted.reason}`);
  if (targetPid !== 0) {
    const run = targetProgram === undefined ? programs.ofProcess(targetPid) : programs.find(targetProgram);
    if (!("reason" in run) && run.identity.inode === wanted.identity.inode) return targetPid;
  }
  return refused(
    `${point}: a counter is opened for a process that there is, and ${targetPid === 0 ? "no process is given" : `the process given runs another program than ${wanted.path}`}`,
    "give the process with -x, or the command with -c; without .process, each CPU is counted",
  );
}

function readCounter(
  components: readonly Component[],
): { readonly counter: Counter; readonly options: readonly Component[] } | Resolution {
  const [type, config, ...options] = components;
  if (type?.name === "type") {
    if (typeof type.argument !== "bigint") return refused("perf.type needs a number, as in perf.type(1)");
    if (config?.name !== "config" || typeof config.argument !== "bigint")
      return refused(`perf.type(${type.argument}) needs .config(N) behind it`);
    return { counter: { type: Number(type.argument), config: BigInt.asUintN(64, config.argument) }, options };
  }
  const named = namedCounters();
  for (const length of [2, 4]) {
    const counter = named.get(
      components
        .slice(0, length)
        .map(({ name }) => name)
        .join("."),
    );
    if (counter) return { counter, options: components.slice(length) };
  }
  const written = components.map(({ name }) => name).join(".");
  const similar = mostSimilar(written, named.keys());
  return refused(
    `perf.${written} is no counter that has a name`,
    similar === null ? "perf.type(T).config(C) reaches every counter" : `did you mean perf.${similar}?`,
  );
}

interface Options {
  /** Null where the point does not say. */
  readonly sampling: Sampling | null;
  /** The component `.process`, with or without an argument. */
  readonly process: Component | null;
  readonly counter: string | null;
}

function readOptions(point: string, components: readonly Component[]): Options | Resolution {
  let options: Options = { sampling: null, process: null, counter: null };
  const names = components.map(({ name }) => name);
  const [twice] = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return refused(`${point} says .${twice} twice`);
  if (names.includes("sample") && names.includes("hz")) return refused(`${point}: .sample and .hz exclude each other`);
  for (const component of components) {
    const { name, argument } = component;
    if (name === "sample") {
      if (typeof argument !== "bigint" || argument <= 0n) return refused(".sample needs a number above 0");
      options = { ...options, sampling: { kind: "period", events: argument } };
    } else if (name === "hz") {
      if (typeof argument !== "bigint" || argument <= 0n || argument > HIGHEST_FREQUENCY)
        return refused(`.hz needs a number from 1 to ${HIGHEST_FREQUENCY}`);
      options = { ...options, sampling: { kind: "frequency", hertz: Number(argument) } };
    } else if (name === "process") {
      if (argument === "" || (typeof argument === "bigint" && argument <= 0n))
        return refused(`${point}: a program is given by its path or name, a process by its number`);
      options = { ...options, process: component };
    } else if (name === "counter") {
      if (typeof argument !== "string" || argument === "")
        return refused(`${point}: .counter needs a name, by which @perf("…") reads it`);
      options = { ...options, counter: argument };
    } else
      return refused(
        `a counter has no part called .${name}`,
        '.sample(N), .hz(N), .process and .counter("NAME") may follow',
      );
  }
  return options;
}
