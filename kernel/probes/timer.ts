/** `timer.*`: in user space at intervals, and `timer.profile` on every CPU. */
import type { AttachPoint } from "../compiler/compiled.js";
import type { PointPattern, ProbeFamily, Resolution } from "../compiler/catalogue.js";
import { componentsText, refused, userProbe } from "./points.js";

const SECOND = 1_000_000_000n;

/** CONFIG_HZ of Debian's and most servers' kernels; others have 100, 300 or 1000, which a target does not tell. */
const JIFFIES_PER_SECOND = 250n;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["s", SECOND],
  ["sec", SECOND],
  ["ms", 1_000_000n],
  ["msec", 1_000_000n],
  ["us", 1_000n],
  ["usec", 1_000n],
  ["ns", 1n],
  ["nsec", 1n],
  ["jiffies", SECOND / JIFFIES_PER_SECOND],
]);

/** More often than this a sample would mostly measure the sampling. */
const MOST_SAMPLES = 100_000n;

type Component = PointPattern["components"][number];

export const timer: ProbeFamily = {
  name: "timer",
  summary:
    "Runs at intervals in user space; `.randomize(N)` adds up to N to or from each interval, in the same unit. A jiffy counts as 4 ms. " +
    "`timer.profile` samples whatever runs, on every CPU: each jiffy, or as often as told.",
  forms: [
    "timer.s(N)",
    "timer.ms(N)",
    "timer.us(N)",
    "timer.ns(N)",
    "timer.hz(N)",
    "timer.jiffies(N)",
    "timer.s(N).randomize(N)",
    "timer.profile",
    "timer.profile.freq.hz(N)",
    "timer.profile.ms(N)",
  ],
  example: "global samples\nprobe timer.profile { samples[execname()] <<< 1 }\nprobe timer.s(5) { exit() }",

  resolve(pattern): Resolution | null {
    const [family, unit, ...rest] = pattern.components;
    if (family?.name !== "timer") return null;
    const point = componentsText(pattern);
    if (!unit) return refused("timer needs a unit", "write timer.s(1) or timer.ms(100)");
    if (unit.name === "profile") return resolveProfile(point, unit, rest);
    const nanoseconds = interval(unit);
    if (typeof nanoseconds === "string") return refused(nanoseconds);
    let randomize = 0n;
    const [modifier, extra] = rest;
    if (modifier) {
      if (modifier.name !== "randomize" || extra) {
        return refused(
          `timer.${unit.name} has no part called .${(extra ?? modifier).name}`,
          "only .randomize(N) may follow",
        );
      }
      if (unit.name === "hz") return refused("timer.hz cannot be randomized", "write the interval with timer.us(N)");
      const spread = interval({ ...modifier, name: unit.name });
      if (typeof spread === "string") return refused(spread);
      if (spread > nanoseconds) return refused(".randomize(N) must not exceed the interval itself");
      randomize = spread;
    }
    return userProbe(point, { kind: "timer", nanoseconds, randomize });
  },

  complete: (prefix) =>
    [...[...UNITS.keys(), "hz"].map((unit) => `timer.${unit}(`), "timer.profile"].filter((point) =>
      point.startsWith(prefix),
    ),
};

/** Nanoseconds, or what is wrong. */
function interval({ name, argument }: Component): bigint | string {
  const unit = UNITS.get(name);
  if (unit === undefined && name !== "hz")
    return `timer.${name} is not known; units are ${[...UNITS.keys(), "hz"].join(", ")}`;
  if (typeof argument !== "bigint") return `timer.${name} needs a number, as in timer.${name}(1)`;
  if (argument <= 0n) return `timer.${name}(${argument}) would never pass: the number must be above 0`;
  if (unit === undefined)
    return argument > SECOND ? `timer.hz(${argument}) is more often than a clock counts` : SECOND / argument;
  return unit * argument;
}

type Sample = Extract<AttachPoint, { kind: "sample" }>["sample"];

function resolveProfile(point: string, profile: Component, rest: readonly Component[]): Resolution {
  if (profile.argument !== null) return refused("timer.profile takes no argument", "write timer.profile.freq.hz(N)");
  const parts = rest[0]?.name === "freq" ? rest.slice(1) : rest;
  const [unit, extra] = parts;
  if (extra) return refused(`timer.profile.${unit?.name} has no part called .${extra.name}`);
  let sample: Sample;
  if (!unit) sample = { kind: "frequency", hertz: Number(JIFFIES_PER_SECOND) };
  else {
    const nanoseconds = interval(unit);
    if (typeof nanoseconds === "string") return refused(nanoseconds.replaceAll("timer.", "timer.profile."));
    if (nanoseconds < SECOND / MOST_SAMPLES) {
      return refused(
        `${point} asks for more than ${MOST_SAMPLES} samples a second on each CPU`,
        "99 or 997 a second show as much",
      );
    }
    sample =
      unit.name === "hz" && typeof unit.argument === "bigint"
        ? { kind: "frequency", hertz: Number(unit.argument) }
        : { kind: "period", nanoseconds };
  }
  const attach: AttachPoint = { kind: "sample", sample };
  const mechanism = "sampling by the software clock of every CPU";
  return {
    kind: "resolved",
    probes: [
      { point, probe: { kind: "kernel", attach, mechanism, guard: null, variables: new Map(), isReturn: false } },
    ],
  };
}
