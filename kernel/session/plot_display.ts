/** `%plot` in a cell that runs nothing: shows what there is, and goes on where a trace in the background writes it. */
import { randomUUID } from "node:crypto";
import type { PlotRequest } from "../magics/index.js";
import type { RedactedOutput } from "./redacted_output.js";
import type { Result } from "../tracing/result.js";
import { CellScreen } from "./cell_screen.js";
import type { Failure } from "./failures.js";
import { lacksHistory, plotOf, plotRefusal } from "./plots.js";
import type { Session } from "./session.js";

/** At most four frames a second. */
const PAUSE = 250;
/** Reading large maps and drawing large charts may take this share of the time at most. */
const SHARE = 0.1;

interface Shown {
  readonly displayId: string;
  result: Result;
}

export class PlotDisplay {
  private readonly screen: CellScreen;
  private readonly shown = new Map<string, Shown>();
  private isOver = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly session: Session,
    private readonly requests: readonly PlotRequest[],
    output: RedactedOutput,
  ) {
    this.screen = new CellScreen(output);
  }

  /** Resolves when all is shown as it is now; why it cannot be, where that is so. `ended` resolves when it moves no more. */
  async show(): Promise<{ readonly failure: Failure } | { readonly ended: Promise<void> }> {
    for (const request of this.requests) {
      const failure = plotRefusal(this.session, request) ?? lacksHistory(this.session, request);
      if (failure) return { failure };
    }
    const moves = this.isWritten;
    for (const { key, name, result } of this.results()) {
      const displayId = randomUUID();
      this.shown.set(key, { displayId, result });
      if (moves) this.screen.showLive(displayId, result);
      else this.screen.show(result, this.session.origin(name));
    }
    if (moves) return { ended: this.follow() };
    await this.screen.close();
    return { ended: Promise.resolve() };
  }

  /** The cell is run again, or the session ends: it stays as it is. */
  stop(): void {
    this.isOver = true;
    this.wake();
  }

  private get isWritten(): boolean {
    return this.requests.some(({ name }) => this.session.isWritten(name));
  }

  private async follow(): Promise<void> {
    let pause = PAUSE;
    while (!this.isOver && this.isWritten) {
      await this.rest(pause);
      const start = performance.now();
      if (!this.isOver && this.isWritten) await this.frame();
      pause = Math.max(PAUSE, (performance.now() - start) / SHARE);
    }
    // A global may be gone with the trace that wrote it.
    const last = new Map(this.results().map(({ key, name, result }) => [key, { name, result }]));
    for (const [key, { displayId, result }] of this.shown) {
      const { name = "", result: newest = result } = last.get(key) ?? {};
      this.screen.update(displayId, newest, this.session.origin(name));
    }
    await this.screen.close();
  }

  private rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async frame(): Promise<void> {
    for (const { key, result } of this.results()) {
      const shown = this.shown.get(key);
      if (!shown || sameResult(shown.result, result)) continue;
      shown.result = result;
      await this.screen.updateLive(shown.displayId, result);
    }
  }

  private results(): { readonly key: string; readonly name: string; readonly result: Result }[] {
    return this.requests.flatMap((request, plot) =>
      (plotRefusal(this.session, request) ? [] : plotOf(this.session, request)).map((result, index) => ({
        key: `${plot}:${index}`,
        name: request.name,
        result,
      })),
    );
  }
}

export function sameResult(left: Result, right: Result): boolean {
  return JSON.stringify(left, withBigints) === JSON.stringify(right, withBigints);
}

function withBigints(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
