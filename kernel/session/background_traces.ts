/** Traces that go on when their cell's reply is sent: `%%bg name`. */
import { fidelityPlain } from "../render/index.js";
import type { CellRun } from "./cell_run.js";

export interface BackgroundTrace {
  readonly name: string;
  /** How diagnostics call its cell. */
  readonly cell: string;
  /** The front end's identity of the cell, where it sends one. */
  readonly cellId: string | undefined;
  readonly run: CellRun;
  /** Resolves when it has ended and shown its results. */
  readonly ended: Promise<void>;
}

export class BackgroundTraces {
  private readonly traces = new Map<string, BackgroundTrace>();

  add(trace: BackgroundTrace): void {
    this.traces.set(trace.name, trace);
    void trace.ended.then(() => {
      if (this.traces.get(trace.name) === trace) this.traces.delete(trace.name);
    });
  }

  get(name: string): BackgroundTrace | undefined {
    return this.traces.get(name);
  }

  all(): readonly BackgroundTrace[] {
    return [...this.traces.values()];
  }

  /** What an earlier run of the same cell has left running. */
  ofCell(cellId: string | undefined): readonly BackgroundTrace[] {
    return cellId === undefined ? [] : this.all().filter((trace) => trace.cellId === cellId);
  }

  /** With end probes and results; resolves when they have ended. */
  async stop(traces: readonly BackgroundTrace[]): Promise<void> {
    for (const { run } of traces) run.interrupt();
    await Promise.all(traces.map(({ ended }) => ended));
  }

  /** At once: the kernel ends. */
  abort(): void {
    for (const { run } of this.all()) {
      run.interrupt();
      run.interrupt();
    }
  }
}

/** How it stands, in one line. */
export function backgroundState({ run }: BackgroundTrace): string {
  if (run.ended) return `ended · ${fidelityPlain(run.ended.fidelity)}`;
  const trace = run.running;
  if (!trace) return "ending";
  return `${trace.isPaused ? "paused" : "running"} · ${fidelityPlain(trace.progress())}`;
}
