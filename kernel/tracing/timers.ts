/** The script's timers in user space: every tick that is due runs, also when the process was late. */
import type { Native } from "./native.js";

export interface ScriptTimer {
  readonly interval: bigint;
  /** Each period is lengthened or shortened by up to so much. */
  readonly randomize: bigint;
  run(): void;
}

/** After a long sleep of the machine, older ticks are let go. */
const MOST_TICKS_AT_ONCE = 1000;

export class Timers {
  private readonly schedule: { timer: ScriptTimer; due: bigint }[] = [];
  private handle: NodeJS.Timeout | null = null;
  private running = false;

  constructor(private readonly native: Native) {}

  start(timers: readonly ScriptTimer[]): void {
    const now = this.native.monotonicNanoseconds();
    this.running = true;
    for (const timer of timers) this.schedule.push({ timer, due: now + period(timer) });
    this.wait();
  }

  stop(): void {
    this.running = false;
    if (this.handle) clearTimeout(this.handle);
    this.handle = null;
    this.schedule.length = 0;
  }

  private wait(): void {
    if (!this.running || this.schedule.length === 0) return;
    const next = this.schedule.reduce((least, { due }) => (due < least ? due : least), this.schedule[0]!.due);
    const delay = Number(next - this.native.monotonicNanoseconds()) / 1e6;
    this.handle = setTimeout(() => this.tick(), Math.min(Math.max(0, Math.ceil(delay)), 0x7fffffff));
  }

  private tick(): void {
    for (let count = 0; this.running && count < MOST_TICKS_AT_ONCE; count++) {
      const now = this.native.monotonicNanoseconds();
      const entry = this.schedule
        .filter(({ due }) => due <= now)
        .toSorted((left, right) => (left.due < right.due ? -1 : 1))[0];
      if (!entry) break;
      entry.due += period(entry.timer);
      if (now - entry.due > entry.timer.interval * BigInt(MOST_TICKS_AT_ONCE)) entry.due = now + entry.timer.interval;
      entry.timer.run();
    }
    this.wait();
  }
}

function period({ interval, randomize }: ScriptTimer): bigint {
  if (randomize === 0n) return interval;
  const shift = BigInt(Math.round((Math.random() * 2 - 1) * Number(randomize)));
  return interval + shift > 0n ? interval + shift : 1n;
}
