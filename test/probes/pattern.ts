/** Probe points for tests, from text: `timer.s(1)`, `kernel.trace("sched_*")`. */
import type { PointPattern, Resolution, Target } from "../../kernel/compiler/catalogue.js";
import { families } from "../../kernel/probes/index.js";
import { target } from "./target.js";

function pattern(point: string): PointPattern {
  const components = Array.from(
    point.matchAll(/([^.("]+)(?:\((?:"([^"]*)"|(-?\d+))\))?/g),
    ([, name = "", text, number]) => ({
      name,
      argument: text ?? (number === undefined ? null : BigInt(number)),
    }),
  );
  return { components };
}

export function resolve(point: string, machine: Target = target()): Resolution | null {
  for (const family of families) {
    const resolution = family.resolve(pattern(point), machine);
    if (resolution) return resolution;
  }
  return null;
}

/** The one probe of a point that resolves to one. */
export function probeOf(point: string, machine?: Target) {
  const resolution = resolve(point, machine);
  if (resolution?.kind !== "resolved")
    throw new Error(`${point} is not resolved: ${resolution?.message ?? "no family"}`);
  const [first, ...others] = resolution.probes;
  if (!first || others.length > 0) throw new Error(`${point} is ${resolution.probes.length} probes`);
  return first.probe;
}

export function refusalOf(point: string, machine?: Target): { message: string; hint?: string | undefined } {
  const resolution = resolve(point, machine);
  if (resolution?.kind !== "refused") throw new Error(`${point} is not refused`);
  return resolution;
}
