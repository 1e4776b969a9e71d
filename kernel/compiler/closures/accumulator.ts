/** Statistics as they grow: in memory, and when the values of several CPUs become one. */
import type { LinearScale, StatisticParts } from "../check/program.js";
import { percentileBucket } from "../percentiles.js";
import { LOG_BUCKETS, linearBucket, linearBucketCount, logBucket } from "../text/histogram.js";
import type { Statistic } from "./runtime.js";

interface LinearCounts {
  readonly scale: LinearScale;
  readonly counts: bigint[];
}

/** One statistic, recorded into and merged into. */
export class Accumulator {
  #count = 0n;
  #sum = 0n;
  #min = 0n;
  #max = 0n;
  #sumOfSquares: bigint | null;
  readonly #log: bigint[] | null;
  readonly #linear: readonly LinearCounts[];
  /** By bucket; of the many there are few hold anything. */
  readonly #percentiles: Map<number, bigint> | null;

  constructor(parts: StatisticParts) {
    this.#sumOfSquares = parts.variance ? 0n : null;
    this.#log = parts.log ? zeros(LOG_BUCKETS) : null;
    this.#percentiles = parts.percentiles ? new Map() : null;
    this.#linear = parts.linear.map((scale) => ({
      scale,
      counts: zeros(linearBucketCount(scale.low, scale.high, scale.step)),
    }));
  }

  record(value: bigint): void {
    this.#include(1n, value, value, value);
    if (this.#sumOfSquares !== null) this.#sumOfSquares += value * value;
    if (this.#log) increase(this.#log, logBucket(value), 1n);
    for (const { scale, counts } of this.#linear) {
      increase(counts, linearBucket(value, scale.low, scale.high, scale.step), 1n);
    }
    if (this.#percentiles) addToBucket(this.#percentiles, percentileBucket(value), 1n);
  }

  /** Adds what another statistic of the same parts holds, such as another CPU's. */
  merge(other: Statistic): void {
    if (other.count === 0n) return;
    this.#include(other.count, other.sum, other.min, other.max);
    if (this.#sumOfSquares !== null && other.sumOfSquares !== null) this.#sumOfSquares += other.sumOfSquares;
    if (this.#log) addCounts(this.#log, other.log ?? []);
    for (const [position, { counts }] of this.#linear.entries()) {
      addCounts(counts, other.linear[position]?.counts ?? []);
    }
    if (this.#percentiles) {
      for (const [bucket, count] of other.percentiles ?? []) addToBucket(this.#percentiles, bucket, count);
    }
  }

  /** The state now; later recording does not change it. */
  toStatistic(): Statistic {
    return {
      count: this.#count,
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      sumOfSquares: this.#sumOfSquares,
      log: this.#log && this.#log.slice(),
      linear: this.#linear.map(({ scale, counts }) => ({ scale, counts: counts.slice() })),
      ...(this.#percentiles && { percentiles: [...this.#percentiles].toSorted(([left], [right]) => left - right) }),
    };
  }

  #include(count: bigint, sum: bigint, min: bigint, max: bigint): void {
    if (this.#count === 0n || min < this.#min) this.#min = min;
    if (this.#count === 0n || max > this.#max) this.#max = max;
    this.#count += count;
    this.#sum = BigInt.asIntN(64, this.#sum + sum);
  }
}

/** One statistic of several, such as the values of one element on each CPU. */
export function mergeStatistics(parts: StatisticParts, statistics: Iterable<Statistic>): Statistic {
  const merged = new Accumulator(parts);
  for (const statistic of statistics) merged.merge(statistic);
  return merged.toStatistic();
}

function addToBucket(counts: Map<number, bigint>, bucket: number, by: bigint): void {
  counts.set(bucket, (counts.get(bucket) ?? 0n) + by);
}

function zeros(length: number): bigint[] {
  return Array.from({ length }, () => 0n);
}

function increase(counts: bigint[], index: number, by: bigint): void {
  counts[index] = (counts[index] ?? 0n) + by;
}

function addCounts(counts: bigint[], other: readonly bigint[]): void {
  for (const [index, count] of other.entries()) increase(counts, index, count);
}
