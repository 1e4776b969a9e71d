/** How a global moved while a trace ran: samples of what it held, of bounded number. */
import type { GlobalStore, Statistic } from "../compiler/closures/runtime.js";
import type { GlobalVariable } from "../compiler/check/program.js";
import { stackKeysOf } from "./stores/stored_globals.js";

/** When there are more samples, every other one is left out, and from then on they are taken half as often. */
const MOST_SAMPLES = 240;
/** Of an array's keys, those with the largest values at any time are followed. */
export const MOST_KEYS = 40;

/** What one key held. For a statistic the totals since the history began, which no reset takes away. */
export type SampledValue = { readonly value: bigint } | { readonly count: bigint; readonly sum: bigint };

export interface Sample {
  /** Since the history began. */
  readonly seconds: number;
  /** By the key as text; empty for what has no keys. */
  readonly values: ReadonlyMap<string, SampledValue>;
  /** Of all keys together, the totals since the history began; null where no logarithmic buckets are kept. */
  readonly buckets: readonly bigint[] | null;
}

/** Whether samples of it tell anything: text does not move, and stacks are too many. */
export function canBeSampled({ type }: GlobalVariable, store: GlobalStore): boolean {
  if (type.kind !== "statistic" && type.value === "string") return false;
  return stackKeysOf(store) === null;
}

export class GlobalHistory {
  private kept: Sample[] = [];
  /** One in so many samples is kept. */
  private every = 1;
  private untilKept = 0;
  private latest: Sample | null = null;
  private readonly totals = new Map<string, Total>();
  private buckets: bigint[] | null = null;
  private allKeys = 0;

  constructor(readonly most = MOST_SAMPLES) {}

  /** The first to the newest. The last two are one where they lie close together, since what came between them tells nothing. */
  samples(): readonly Sample[] {
    const { latest } = this;
    const all = latest === null || this.kept.at(-1) === latest ? this.kept : [...this.kept, latest];
    const [before, last, newest] = all.slice(-3).map(({ seconds }) => seconds);
    const isSliver =
      before !== undefined && last !== undefined && newest !== undefined && newest - last < (last - before) / 2;
    return isSliver ? all.filter((_, index) => index !== all.length - 2) : all;
  }

  /** Keys that the array had when it was sampled last. */
  get keys(): number {
    return this.allKeys;
  }

  /** Reads the global; `keyText` makes its keys readable. */
  add(
    seconds: number,
    store: GlobalStore,
    global: GlobalVariable,
    keyText: (key: readonly (bigint | string)[]) => string,
  ): void {
    const sample = { seconds, ...this.read(store, global, keyText) };
    this.latest = sample;
    if (this.untilKept > 0) {
      this.untilKept--;
      return;
    }
    this.kept.push(sample);
    this.untilKept = this.every - 1;
    if (this.kept.length <= this.most) return;
    // The newest stays newest in any case: it is the latest.
    this.kept = this.kept.filter((_, index) => index % 2 === 0);
    this.every *= 2;
    this.untilKept = this.every - 1;
  }

  private read(
    store: GlobalStore,
    { type }: GlobalVariable,
    keyText: (key: readonly (bigint | string)[]) => string,
  ): Omit<Sample, "seconds"> {
    if (type.kind === "scalar") {
      const value = store.get([]);
      return { values: new Map([["", { value: typeof value === "bigint" ? value : 0n }]]), buckets: null };
    }
    if (type.kind === "statistic") return this.readStatistics([["", store.getStatistic([])]]);
    const entries = store.entries();
    this.allKeys = entries.length;
    if (type.value === "statistic")
      return this.readStatistics(entries.map(({ key, statistic }) => [keyText(key), statistic ?? undefined]));
    const largest = entries
      .flatMap(({ key, value }) => (typeof value === "bigint" ? [{ key, value }] : []))
      .toSorted((left, right) => (left.value < right.value ? 1 : left.value > right.value ? -1 : 0));
    return {
      values: new Map(largest.slice(0, MOST_KEYS).map(({ key, value }) => [keyText(key), { value }])),
      buckets: null,
    };
  }

  private readStatistics(entries: readonly (readonly [string, Statistic | undefined])[]): Omit<Sample, "seconds"> {
    for (const [key, statistic] of entries) {
      let total = this.totals.get(key);
      if (!total) this.totals.set(key, (total = new Total()));
      if (statistic) this.addBuckets(statistic, total.take(statistic));
    }
    // An element that was deleted starts anew when it comes back.
    const present = new Set(entries.map(([key]) => key));
    for (const [key, total] of this.totals) if (!present.has(key)) total.forget();
    const ranked = [...this.totals].toSorted(([, left], [, right]) => Number(right.count - left.count));
    for (const [key] of ranked.slice(MOST_KEYS)) if (!present.has(key)) this.totals.delete(key);
    return {
      values: new Map(ranked.slice(0, MOST_KEYS).map(([key, { count, sum }]) => [key, { count, sum }])),
      buckets: this.buckets && [...this.buckets],
    };
  }

  private addBuckets({ log }: Statistic, base: Statistic | undefined): void {
    if (!log) return;
    const buckets = (this.buckets ??= log.map(() => 0n));
    for (const [index, count] of log.entries())
      if (count > 0n) buckets[index] = (buckets[index] ?? 0n) + count - (base?.log?.[index] ?? 0n);
  }
}

/** What a statistic has taken in altogether, whatever was reset in between. */
class Total {
  count = 0n;
  sum = 0n;
  private before: Statistic | undefined;

  /** Answers what of it was counted before. */
  take(statistic: Statistic): Statistic | undefined {
    const { before } = this;
    this.before = statistic;
    // Fewer values than before: it was emptied, and what it holds has come since then.
    const base = before && before.count <= statistic.count ? before : undefined;
    this.count += statistic.count - (base?.count ?? 0n);
    this.sum += statistic.sum - (base?.sum ?? 0n);
    return base;
  }

  forget(): void {
    this.before = undefined;
  }
}
