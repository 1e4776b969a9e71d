/** Quantiles of a statistic, as exactly as its buckets tell them. */
import type { Statistic } from "../compiler/closures/runtime.js";
import { bucketRange } from "../compiler/percentiles.js";
import { countedBuckets } from "../compiler/text/histogram.js";
import type { Measured } from "./result.js";

interface NumbersBucket {
  readonly low: bigint;
  /** Included. */
  readonly high: bigint;
  readonly count: bigint;
}

/** A quantile by its name, `part` of `of`: 99 of 100. */
export interface Quantile {
  readonly name: string;
  readonly part: bigint;
  readonly of: bigint;
}

export const QUANTILES: readonly Quantile[] = [
  { name: "p50", part: 50n, of: 100n },
  { name: "p90", part: 90n, of: 100n },
  { name: "p99", part: 99n, of: 100n },
  { name: "p99.9", part: 999n, of: 1000n },
];

/** The least value that so many of all do not exceed; null where the statistic has nothing, or no buckets to tell by. */
export function quantileOf(statistic: Statistic, { part, of }: Quantile): Measured | null {
  const { count, min, max } = statistic;
  if (count === 0n) return null;
  const rank = (part * count + of - 1n) / of;
  if (rank <= 1n) return exactly(min);
  if (rank >= count) return exactly(max);
  let below = 0n;
  for (const { low, high, count: own } of bucketsOf(statistic) ?? []) {
    below += own;
    if (below >= rank) return between(low < min ? min : low, high > max ? max : high);
  }
  return null;
}

/** The finest that it keeps. */
function bucketsOf({ percentiles, log }: Statistic): readonly NumbersBucket[] | null {
  if (percentiles) return percentiles.map(([bucket, count]) => ({ ...bucketRange(bucket), count }));
  if (!log) return null;
  return countedBuckets(log, { kind: "log" }).map(({ low, high, count }) => ({
    low: low ?? 0n,
    high: (high ?? 0n) - 1n,
    count,
  }));
}

export function exactly(value: bigint): Measured {
  return { value, low: value, high: value };
}

export function between(low: bigint, high: bigint): Measured {
  return { value: low + (high - low) / 2n, low, high };
}
