/** What a trace shows while it runs: how it stands, and what its globals hold, edited in place. */
import { randomUUID } from "node:crypto";
import type { Provenance, ProgressResult, Result } from "../tracing/result.js";
import type { CellScreen } from "./cell_screen.js";

/** Milliseconds until a trace is worth a display that moves. */
const FIRST_FRAME = 1000;
/** At most four frames a second. */
const PAUSE = 250;
/** Reading large maps and drawing large charts may take this share of the time at most. */
const SHARE = 0.1;

/** What a frame shows; the results in the order in which the cell shows them at its end. */
export interface LiveFrame {
  readonly progress: LiveProgress;
  readonly results: readonly LiveResult[];
}

type LiveProgress = Omit<ProgressResult, "kind" | "eventsPerSecond" | "probes"> & {
  /** By point. */
  readonly hits: ReadonlyMap<string, bigint>;
};

/** A part of what is shown while a trace runs. */
export interface LiveResult {
  /** The same for the same thing in every frame. */
  readonly key: string;
  readonly result: Result;
}

/** The displays of one running trace. */
export class LiveDisplay {
  private readonly status = randomUUID();
  /** By key: where it is shown, and what as text. */
  private readonly displays = new Map<string, { readonly displayId: string; content: string }>();
  private timer: NodeJS.Timeout | null = null;
  private before: { readonly events: bigint; readonly seconds: number; readonly hits: ReadonlyMap<string, bigint> } = {
    events: 0n,
    seconds: 0,
    hits: new Map(),
  };
  private hasBegun = false;
  private isOver = false;

  constructor(
    private readonly screen: CellScreen,
    private readonly frame: () => LiveFrame,
  ) {}

  start(): void {
    this.timer = setTimeout(() => void this.tick(), FIRST_FRAME);
  }

  /** What it has shown was cleared away: the next frame is shown as the first was. */
  restart(): void {
    this.displays.clear();
    this.hasBegun = false;
  }

  stop(): void {
    this.isOver = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** The last frame, in place of the others where there were any. */
  finish(results: readonly LiveResult[], about: Provenance | undefined): void {
    this.stop();
    for (const { key, result } of results) {
      const display = this.displays.get(key);
      if (display) this.screen.update(display.displayId, result, about);
      else this.screen.show(result, about);
      this.displays.delete(key);
    }
    for (const { displayId } of this.displays.values()) this.screen.blank(displayId);
    this.displays.clear();
  }

  /** Nothing is to be left of it. */
  drop(): void {
    this.finish([], undefined);
    if (this.hasBegun) this.screen.blank(this.status);
    this.hasBegun = false;
  }

  /** The last word, behind everything else that the cell has shown. */
  conclude(result: Result, about: Provenance | undefined): void {
    if (this.hasBegun && this.screen.isLast(this.status)) return this.screen.update(this.status, result, about);
    if (this.hasBegun) this.screen.blank(this.status);
    this.screen.show(result, about);
  }

  private async tick(): Promise<void> {
    if (this.isOver) return;
    const start = performance.now();
    await this.show(this.frame());
    const pause = Math.max(PAUSE, (performance.now() - start) / SHARE);
    if (!this.isOver) this.timer = setTimeout(() => void this.tick(), pause);
  }

  private async show({ progress, results }: LiveFrame): Promise<void> {
    for (const { key, result } of results) {
      const content = plainText(result);
      const display = this.displays.get(key);
      if (!display) {
        const displayId = randomUUID();
        this.displays.set(key, { displayId, content });
        this.screen.showLive(displayId, result);
      } else if (display.content !== content) {
        display.content = content;
        await this.screen.updateLive(display.displayId, result);
        if (this.isOver) return;
      }
    }
    const status = this.progressOf(progress);
    if (this.hasBegun) await this.screen.updateLive(this.status, status);
    else this.screen.showLive(this.status, status);
    this.hasBegun = true;
  }

  /** Rates are those since the frame before. */
  private progressOf({ hits, ...progress }: LiveProgress): ProgressResult {
    const { events, seconds } = progress.fidelity;
    const { before } = this;
    this.before = { events, seconds, hits };
    const rate = (now: bigint, then: bigint): number =>
      seconds > before.seconds ? Number(now - then) / (seconds - before.seconds) : 0;
    const probes = [...hits].map(([point, now]) => ({
      point,
      eventsPerSecond: rate(now, before.hits.get(point) ?? 0n),
    }));
    return {
      kind: "progress",
      ...progress,
      eventsPerSecond: rate(events, before.events),
      probes: probes.length < 2 ? [] : probes.toSorted((left, right) => right.eventsPerSecond - left.eventsPerSecond),
    };
  }
}

function plainText(result: Result): string {
  return JSON.stringify(result, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
