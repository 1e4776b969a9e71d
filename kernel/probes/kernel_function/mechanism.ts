/** How probes get onto functions on this machine: the best of what a trial found to work. */
import type { Target, Trial } from "../../compiler/catalogue.js";

export type Mechanism = "trampoline" | "multi" | "breakpoint";

const ENTRY: Readonly<Record<Mechanism, Trial>> = {
  trampoline: { kind: "fentry" },
  multi: { kind: "kprobe_multi" },
  breakpoint: { kind: "kprobe" },
};

const RETURN: Readonly<Record<Mechanism, Trial>> = {
  trampoline: { kind: "fexit" },
  multi: { kind: "kprobe_multi" },
  breakpoint: { kind: "kretprobe" },
};

const NAMES: Readonly<Record<Mechanism, readonly [string, string]>> = {
  trampoline: ["fentry", "fexit"],
  multi: ["kprobe.multi", "kprobe.multi"],
  breakpoint: ["kprobe", "kretprobe"],
};

export function works(mechanism: Mechanism, isReturn: boolean, target: Target): boolean {
  return target.refusal((isReturn ? RETURN : ENTRY)[mechanism]) === null;
}

/** The first of these that works here. */
export function firstWorking(order: readonly Mechanism[], isReturn: boolean, target: Target): Mechanism | null {
  return order.find((mechanism) => works(mechanism, isReturn, target)) ?? null;
}

/** What was tried, and what the kernel answered to each. */
export function refusals(isReturn: boolean, target: Target, tried: readonly Mechanism[]): string {
  return tried
    .map((mechanism) => {
      const answer = target.refusal((isReturn ? RETURN : ENTRY)[mechanism]);
      return `${NAMES[mechanism][isReturn ? 1 : 0]}: ${answer ?? "works"}`;
    })
    .join("; ");
}
