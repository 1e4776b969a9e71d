/** `timer.*`: in user space at intervals, and `timer.profile` on every CPU. */
import type { Sampling } from "../compiler/compiled.js";
import type { PointPattern, ProbeFamily, Resolution, Target } from "../compiler/catalogue.js";
import { counterProbe, SOFTWARE_CLOCK } from "./counter_probe.js";
import { componentsText, refused, userProbe } from "./points.js";

const SECOND = 1_000_000_000n;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["s", SECOND],
  ["sec", SECOND],
  ["ms", 1_000_000n],
  ["msec", 1_000_000n],
  ["us", 1_000n],
  ["usec", 1_000n],
  ["ns", 1n],
  ["nsec", 1n],
]);

const NAMES: readonly string[] = [...UNITS.keys(), "jiffies", "hz"];

/** More often than this a sample would mostly measure the sampling. */
const MOST_SAMPLES = 100_000n;

type Component = PointPattern["components"][number];

export const timer: ProbeFamily = {
  name: "timer",
  summary:
    "Runs at intervals in user space; `.randomize(N)` adds up to N to or from each interval, in the same unit. A jiffy is a tick of the kernel's timer (CONFIG_HZ). " +
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
    "timer.profile.freq(N)",
    "timer.profile.freq.hz(N)",
    "timer.profile.ms(N)",
  ],
  example: "global samples\nprobe timer.profile { samples[execname()] <<< 1 }\nprobe timer.s(5) { exit() }",

  resolve(pattern, target): Resolution | null {
    const [family, unit, ...rest] = pattern.components;
    if (family?.name !== "timer") return null;
    const point = componentsText(pattern);
    if (!unit) return refused("timer needs a unit", "write timer.s(1) or timer.ms(100)");
    if (unit.name === "profile") return resolveProfile(point, unit, rest, target);
    const nanoseconds = interval(unit, target);
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
      const spread = interval({ ...modifier, name: unit.name }, target);
      if (typeof spread === "string") return refused(spread);
      if (spread > nanoseconds) return refused(".randomize(N) must not exceed the interval itself");
      randomize = spread;
    }
    return userProbe(point, { kind: "timer", nanoseconds, randomize });
  },

  complete: (prefix) =>
    [...NAMES.map((unit) => `timer.${unit}(`), "timer.profile"].filter((point) => point.startsWith(prefix)),
};

/** Nanoseconds, or what is wrong. */
function interval({ name, argument }: Component, target: Target): bigint | string {
  const unit = name === "jiffies" ? SECOND / BigInt(target.jiffiesPerSecond) : UNITS.get(name);
  if (unit === undefined && name !== "hz") return `timer.${name} is not known; units are ${NAMES.join(", ")}`;
  if (typeof argument !== "bigint") return `timer.${name} needs a number, as in timer.${name}(1)`;
  if (argument <= 0n) return `timer.${name}(${argument}) would never pass: the number must be above 0`;
  if (unit === undefined)
    return argument > SECOND ? `timer.hz(${argument}) is more often than a clock counts` : SECOND / argument;
  return unit * argument;
}

function resolveProfile(point: string, profile: Component, rest: readonly Component[], target: Target): Resolution {
  if (profile.argument !== null) return refused("timer.profile takes no argument", "write timer.profile.freq(N)");
  const [first, ...others] = rest;
  const parts =
    first?.name !== "freq" ? rest : first.argument === null ? others : [{ ...first, name: "hz" }, ...others];
  const [unit, extra] = parts;
  if (extra) return refused(`timer.profile.${unit?.name} has no part called .${extra.name}`);
  let sampling: Sampling = { kind: "frequency", hertz: target.jiffiesPerSecond };
  if (unit) {
    const nanoseconds = interval(unit, target);
    const written = first?.name === "freq" && first.argument !== null ? "timer.profile.freq(" : "timer.profile.hz(";
    if (typeof nanoseconds === "string")
      return refused(nanoseconds.replaceAll("timer.", "timer.profile.").replaceAll("timer.profile.hz(", written));
    if (nanoseconds < SECOND / MOST_SAMPLES) {
      return refused(
        `${point} asks for more than ${MOST_SAMPLES} samples a second on each CPU`,
        "99 or 997 a second show as much",
      );
    }
    sampling =
      unit.name === "hz" && typeof unit.argument === "bigint"
        ? { kind: "frequency", hertz: Number(unit.argument) }
        : { kind: "period", events: nanoseconds };
  }
  const attach = { kind: "perf", ...SOFTWARE_CLOCK, sampling, pid: null } as const;
  return counterProbe(point, attach, "sampling by the software clock of every CPU", target);
}
