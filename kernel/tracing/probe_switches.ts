/** The probes of a trace one by one: how each stands, and its switch. Nothing is attached or detached by it. */
import type { Handler } from "../compiler/check/program.js";
import { hasOwnStateBit, STATE_RUNNING, stateBit, type CompiledHandler } from "../compiler/compiled.js";
import { describeMechanism } from "./attachments.js";
import type { LoadedScript } from "./loaded_script.js";

/** A probe of a trace that runs. */
export interface ProbeState {
  readonly point: string;
  readonly mechanism: string;
  readonly hits: bigint;
  readonly isOn: boolean;
  /** Of its program, where that has been measured. */
  readonly nanosecondsPerHit: number | null;
}

export class ProbeSwitches {
  /** Points of probes that are off. */
  private readonly off = new Set<string>();
  /** Of handlers in user space. */
  private readonly hits = new Map<Handler, bigint>();

  constructor(
    private readonly handlers: readonly CompiledHandler[],
    private readonly loaded: LoadedScript,
  ) {}

  /** The state word that lets in what is on. */
  get state(): bigint {
    return this.handlers.reduce(
      (state, { handler, scratch }) =>
        scratch !== null && this.off.has(handler.point) ? state & ~stateBit(scratch) : state,
      STATE_RUNNING,
    );
  }

  isOn({ point }: Pick<Handler, "point">): boolean {
    return !this.off.has(point);
  }

  /** False where there are too many probes for each to have a switch of its own. */
  set(point: string, isOn: boolean): boolean {
    const all = this.handlers.flatMap(({ handler, scratch }) => (scratch === null ? [] : [{ handler, scratch }]));
    const own = all.filter(({ handler }) => handler.point === point);
    if (own.some(({ scratch }) => !hasOwnStateBit(scratch, all.length))) return false;
    if (isOn) this.off.delete(point);
    else this.off.add(point);
    return true;
  }

  /** A handler in user space runs. */
  count(handler: Handler): void {
    this.hits.set(handler, (this.hits.get(handler) ?? 0n) + 1n);
  }

  /** How often each point that may still come was hit; what only gets a value ready for a return is no hit. */
  hitsByPoint(): ReadonlyMap<string, bigint> {
    const hits = new Map<string, bigint>();
    for (const { handler, scratch } of this.handlers) {
      const { point, probe } = handler;
      if (handler.isEntry || (probe.kind === "user" && !(probe.moment.kind in MECHANISMS))) continue;
      const own = scratch === null ? (this.hits.get(handler) ?? 0n) : this.loaded.counters(scratch).hits;
      hits.set(point, (hits.get(point) ?? 0n) + own);
    }
    return hits;
  }

  /** Those that may still come, in the kernel and outside. */
  states(): readonly ProbeState[] {
    const inKernel = this.loaded.programStatistics().flatMap(({ spec, runs, nanoseconds }) =>
      spec.handlers.flatMap((index): ProbeState[] => {
        const { handler, scratch } = this.handlers[index] ?? {};
        if (!handler || scratch == null) return [];
        return [
          {
            point: handler.point,
            mechanism: describeMechanism(spec),
            hits: this.loaded.counters(scratch).hits,
            isOn: this.isOn(handler),
            nanosecondsPerHit: runs === 0n ? null : Number(nanoseconds) / Number(runs),
          },
        ];
      }),
    );
    return [...inKernel, ...this.handlers.flatMap(({ handler }) => this.inUserSpace(handler))];
  }

  private inUserSpace(handler: Handler): ProbeState[] {
    const { point, probe } = handler;
    const mechanism = probe.kind === "user" ? MECHANISMS[probe.moment.kind] : undefined;
    if (mechanism === undefined) return [];
    return [
      { point, mechanism, hits: this.hits.get(handler) ?? 0n, isOn: this.isOn(handler), nanosecondsPerHit: null },
    ];
  }
}

/** Of moments that may come as long as the trace runs. */
const MECHANISMS: Readonly<Record<string, string>> = {
  timer: "a timer of this process",
  file: "a file of this process",
  input: "what is typed",
};
