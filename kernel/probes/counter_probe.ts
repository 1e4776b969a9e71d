/** Probes on counters of `perf_event_open`, which the machine may lack. */
import type { Resolution, Target } from "../compiler/catalogue.js";
import type { AttachPoint } from "../compiler/compiled.js";
import { refused } from "./points.js";

/** PERF_TYPE_SOFTWARE and PERF_COUNT_SW_CPU_CLOCK: every machine has it. */
export const SOFTWARE_CLOCK = { type: 1, config: 0n } as const;

export function counterProbe(
  point: string,
  attach: Extract<AttachPoint, { kind: "perf" }>,
  mechanism: string,
  target: Target,
): Resolution {
  const { type, config } = attach;
  const refusal = target.refusal({ kind: "perf", type, config });
  if (refusal !== null) {
    return refused(
      `${point}: this machine has no such counter: ${refusal}`,
      "virtual machines seldom have hardware counters; perf.sw.cpu_clock and timer.profile sample by the software clock",
    );
  }
  return {
    kind: "resolved",
    probes: [
      { point, probe: { kind: "kernel", attach, mechanism, guard: null, variables: new Map(), isReturn: false } },
    ],
  };
}
