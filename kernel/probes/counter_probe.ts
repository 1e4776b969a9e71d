/** Probes on counters of `perf_event_open`, which the machine may lack. */
import type { KernelProbe, Resolution, Target } from "../compiler/catalogue.js";
import type { AttachPoint } from "../compiler/compiled.js";
import { refused } from "./points.js";

type Counter = Pick<Extract<AttachPoint, { kind: "perf" }>, "type" | "config">;

/** PERF_TYPE_SOFTWARE and PERF_COUNT_SW_CPU_CLOCK: every machine has it. */
export const SOFTWARE_CLOCK = { type: 1, config: 0n } as const;

/** Null where the machine has the counter. */
export function counterRefusal(point: string, { type, config }: Counter, target: Target): Resolution | null {
  const refusal = target.refusal({ kind: "perf", type, config });
  if (refusal === null) return null;
  return refused(
    `${point}: this machine has no such counter: ${refusal}`,
    "virtual machines seldom have hardware counters; perf.sw.cpu_clock and timer.profile sample by the software clock",
  );
}

export function counterProbe(
  point: string,
  attach: Extract<AttachPoint, { kind: "perf" }>,
  mechanism: string,
  target: Target,
  guards: Pick<KernelProbe, "guard" | "lateGuard"> = { guard: null },
): Resolution {
  const refusal = counterRefusal(point, attach, target);
  if (refusal) return refusal;
  const probe: KernelProbe = { kind: "kernel", attach, mechanism, variables: new Map(), isReturn: false, ...guards };
  return { kind: "resolved", probes: [{ point, probe }] };
}
