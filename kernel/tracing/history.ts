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
  /** The same of each of the keys in `values`, where they have any. */
  readonly keyBuckets: ReadonlyMap<string, KeyBuckets>;
}

/** Those of a key that hold anything: a sample has them for many keys. */
export interface KeyBuckets {
  readonly first: number;
  readonly counts: readonly bigint[];
}

/** What tells how something moved. */
export interface Sampled {
  /** The first to the newest. */
  samples(): readonly Sample[];
  /** Keys that it had when it was sampled last. */
  readonly keys: number;
  /** How the element of this key moved, as if it were a global by itself; null where it was never among those followed. */
  element(key: string): Sampled | null;
}

const NO_KEYS: ReadonlyMap<string, KeyBuckets> = new Map();

/** Whether samples of it tell anything: text does not move, and stacks are too many. */
export function canBeSampled({ type }: GlobalVariable, store: GlobalStore): boolean {
  if (type.kind !== "statistic" && type.value === "string") return false;
  return stackKeysOf(store) === null;
}

export class GlobalHistory implements Sampled {
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

  element(key: string): Sampled | null {
    const samples = this.samples();
    const first = samples.find(({ values }) => values.has(key));
    if (!first) return null;
    // What it had before it was followed came at a time that nobody knows.
    let known: readonly bigint[] | null = dense(first.keyBuckets.get(key));
    const start = samples.findIndex((sample) => sample === first);
    if ((samples[start - 1]?.values.size ?? 0) < MOST_KEYS) known = null;
    const own = samples.map(({ seconds, values, keyBuckets }): Sample => {
      const value = values.get(key);
      known = dense(keyBuckets.get(key)) ?? known;
      return { seconds, values: new Map(value ? [["", value]] : []), buckets: known, keyBuckets: NO_KEYS };
    });
    return { samples: () => own, keys: 1, element: () => null };
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
      return {
        values: new Map([["", { value: typeof value === "bigint" ? value : 0n }]]),
        buckets: null,
        keyBuckets: NO_KEYS,
      };
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
      keyBuckets: NO_KEYS,
    };
  }

  private readStatistics(entries: readonly (readonly [string, Statistic | undefined])[]): Omit<Sample, "seconds"> {
    for (const [key, statistic] of entries) {
      let total = this.totals.get(key);
      if (!total) this.totals.set(key, (total = new Total()));
      if (statistic?.log) this.buckets ??= statistic.log.map(() => 0n);
      if (statistic) this.addBuckets(total.take(statistic));
    }
    // An element that was deleted starts anew when it comes back.
    const present = new Set(entries.map(([key]) => key));
    for (const [key, total] of this.totals) if (!present.has(key)) total.forget();
    const ranked = [...this.totals].toSorted(([, left], [, right]) => Number(right.count - left.count));
    for (const [key] of ranked.slice(MOST_KEYS)) if (!present.has(key)) this.totals.delete(key);
    const followed = ranked.slice(0, MOST_KEYS);
    return {
      values: new Map(followed.map(([key, { count, sum }]) => [key, { count, sum }])),
      buckets: this.buckets && [...this.buckets],
      keyBuckets: new Map(followed.flatMap(([key, { buckets }]) => (buckets ? [[key, buckets] as const] : []))),
    };
  }

  private addBuckets(added: readonly (readonly [index: number, count: bigint])[]): void {
    const { buckets } = this;
    if (buckets) for (const [index, count] of added) buckets[index] = (buckets[index] ?? 0n) + count;
  }
}

function dense(buckets: KeyBuckets | undefined): readonly bigint[] | null {
  return buckets ? [...Array.from({ length: buckets.first }, () => 0n), ...buckets.counts] : null;
}

/** What a statistic has taken in altogether, whatever was reset in between. */
class Total {
  count = 0n;
  sum = 0n;
  /** As it is shared by samples, it is replaced where it changes. */
  buckets: KeyBuckets | null = null;
  private before: Statistic | undefined;

  /** Answers what has come to which bucket. */
  take(statistic: Statistic): (readonly [index: number, count: bigint])[] {
    const { before } = this;
    this.before = statistic;
    // Fewer values than before: it was emptied, and what it holds has come since then.
    const base = before && before.count <= statistic.count ? before : undefined;
    this.count += statistic.count - (base?.count ?? 0n);
    this.sum += statistic.sum - (base?.sum ?? 0n);
    const added = (statistic.log ?? []).flatMap((count, index) => {
      const more = count - (base?.log?.[index] ?? 0n);
      return more === 0n ? [] : [[index, more] as const];
    });
    if (added.length > 0) this.buckets = withAdded(this.buckets, added);
    return added;
  }

  forget(): void {
    this.before = undefined;
  }
}

function withAdded(
  buckets: KeyBuckets | null,
  added: readonly (readonly [index: number, count: bigint])[],
): KeyBuckets {
  const indices = added.map(([index]) => index);
  const [least, most] = [Math.min(...indices), Math.max(...indices)];
  const first = buckets ? Math.min(buckets.first, least) : least;
  const last = buckets ? Math.max(buckets.first + buckets.counts.length - 1, most) : most;
  const counts = Array.from(
    { length: last - first + 1 },
    (_, index) => buckets?.counts[first + index - buckets.first] ?? 0n,
  );
  for (const [index, count] of added) counts[index - first] = (counts[index - first] ?? 0n) + count;
  return { first, counts };
}
