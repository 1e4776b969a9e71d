/** `perf.type(T).config(C)` and names for the usual counters: a handler every so many events, on every CPU. */
import type { PointPattern, ProbeFamily, Resolution, Target } from "../compiler/catalogue.js";
import type { Sampling } from "../compiler/compiled.js";
import { mostSimilar } from "../compiler/check/similar.js";
import { counterProbe } from "./counter_probe.js";
import { componentsText, refused } from "./points.js";

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
const USUAL_PERIOD = 1_000_000n;

/** More samples than this in a second mostly measure the sampling. */
const HIGHEST_FREQUENCY = 100_000n;

export const perf: ProbeFamily = {
  name: "perf",
  summary:
    "A counter of the processor or of the kernel, as `perf_event_open` numbers them: the handler runs on each CPU every million events, every N with `.sample(N)`, " +
    "or so often that it is N times a second with `.hz(N)`. The usual counters have names; a counter that the machine lacks is refused with the kernel's answer. " +
    "Clocks count nanoseconds. `.process` counts for the process of -c or -x alone.",
  forms: [
    "perf.type(N).config(N)",
    "perf.type(N).config(N).sample(N)",
    "perf.type(N).config(N).hz(N)",
    "perf.type(N).config(N).process",
    ...["hw", "sw"].map((kind) => `perf.${kind}.NAME`),
    "perf.hw_cache.CACHE.OPERATION.RESULT",
  ],
  example: "global faults\nprobe perf.sw.page_faults.sample(1) { faults[execname()]++ }\nprobe timer.s(1) { exit() }",

  resolve(pattern, target): Resolution | null {
    const [first, ...rest] = pattern.components;
    if (first?.name !== "perf") return null;
    const found = readCounter(rest);
    if ("kind" in found) return found;
    const options = readOptions(found.options, target);
    if ("message" in options) return options;
    const { type, config } = found.counter;
    const point = componentsText(pattern);
    const mechanism = `counter ${type}:${config} of every CPU`;
    return counterProbe(point, { kind: "perf", type, config, ...options }, mechanism, target);
  },

  complete: (prefix) =>
    [...namedCounters().keys()].map((name) => `perf.${name}`).filter((name) => name.startsWith(prefix)),
};

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
  readonly sampling: Sampling;
  readonly pid: number | null;
}

function readOptions(
  components: readonly Component[],
  target: Target,
): Options | Extract<Resolution, { kind: "refused" }> {
  let sampling: Sampling = { kind: "period", events: USUAL_PERIOD };
  let pid: number | null = null;
  const refuse = (message: string, hint?: string) => ({ kind: "refused", message, ...(hint ? { hint } : {}) }) as const;
  for (const { name, argument } of components) {
    if (name === "sample") {
      if (typeof argument !== "bigint" || argument <= 0n) return refuse(".sample needs a number above 0");
      sampling = { kind: "period", events: argument };
    } else if (name === "hz") {
      if (typeof argument !== "bigint" || argument <= 0n || argument > HIGHEST_FREQUENCY)
        return refuse(`.hz needs a number from 1 to ${HIGHEST_FREQUENCY}`);
      sampling = { kind: "frequency", hertz: Number(argument) };
    } else if (name === "process") {
      if (typeof argument === "bigint") pid = Number(argument);
      else if (argument !== null)
        return refuse(
          `.process("${argument}"): a counter follows a process by its number`,
          "write .process and give the process with -x, or the command with -c",
        );
      else if (target.targetPid === 0) return refuse(".process needs a process: give it with -x, or a command with -c");
      else pid = target.targetPid;
    } else if (name === "counter") {
      return refuse(
        ".counter: a counter that probes read with @perf(…) belongs to the probes of a process",
        "sample it here with .sample(N), and count the samples",
      );
    } else return refuse(`a counter has no part called .${name}`, ".sample(N), .hz(N) and .process may follow");
  }
  return { sampling, pid };
}
