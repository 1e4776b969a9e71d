/** How the globals of a session move while traces write them: they are sampled four times a second, so that they can be plotted over time. */
import type { GlobalVariable } from "../compiler/check/program.js";
import { canBeSampled, GlobalHistory } from "../tracing/history.js";
import type { Globals } from "../tracing/globals.js";
import { decoder, type ShowOptions } from "../tracing/results.js";

/** Milliseconds from one sample to the next. */
const INTERVAL = 250;
/** Reading a large array may take this share of the time at most. */
const SHARE = 0.05;

interface Followed {
  readonly history: GlobalHistory;
  readonly variable: GlobalVariable;
  readonly store: ReturnType<Globals["store"]>;
  readonly start: number;
  /** Traces that write it. */
  writers: number;
  /** When it is to be read again. */
  due: number;
}

export class Histories {
  private readonly followed = new Map<string, Followed>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly globals: Globals,
    private readonly names: NonNullable<ShowOptions["names"]>,
  ) {}

  of(name: string): GlobalHistory | undefined {
    const found = this.followed.get(name);
    return found && this.isCurrent(name, found) ? found.history : undefined;
  }

  /** From now on, until what it answers is called: a last time then. A global that no trace wrote before begins anew. */
  follow(names: readonly string[]): () => void {
    const followed = names.flatMap((name) => {
      const entry = this.entry(name);
      return entry ? [entry] : [];
    });
    for (const entry of followed) entry.writers++;
    this.timer ??= setInterval(() => this.sample(), INTERVAL).unref();
    return () => {
      for (const entry of followed) {
        if (this.isCurrent(entry.variable.name, entry)) this.read(entry);
        entry.writers--;
      }
      if ([...this.followed.values()].every(({ writers }) => writers === 0)) this.rest();
    };
  }

  forget(name: string): void {
    this.followed.delete(name);
  }

  close(): void {
    this.rest();
    this.followed.clear();
  }

  private entry(name: string): Followed | null {
    const present = this.followed.get(name);
    if (present && present.writers > 0 && this.isCurrent(name, present)) return present;
    const live = this.globals.get(name);
    if (!live || !canBeSampled(live.variable, live.store)) return null;
    const entry = { history: new GlobalHistory(), ...live, start: performance.now(), writers: 0, due: 0 };
    this.followed.set(name, entry);
    this.read(entry);
    return entry;
  }

  /** Whether it is still the same global: what another cell declares afresh has another history. */
  private isCurrent(name: string, { store }: Followed): boolean {
    return this.globals.get(name)?.store === store;
  }

  private sample(): void {
    const now = performance.now();
    for (const [name, entry] of this.followed) {
      if (entry.writers > 0 && entry.due <= now && this.isCurrent(name, entry)) this.read(entry);
    }
  }

  private read(entry: Followed): void {
    const { history, variable, store, start } = entry;
    const before = performance.now();
    const decode = decoder({ names: this.names });
    history.add((before - start) / 1000, store, variable, (key) => decode(key.join(", ")));
    const after = performance.now();
    entry.due = after + Math.max(INTERVAL / 2, (after - before) / SHARE);
  }

  private rest(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}
