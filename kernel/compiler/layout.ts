/** Where the parts of a global lie in its map's keys and values. Shared by code generation and by whoever reads maps. */
import type { StatisticParts } from "./check/program.js";
import type { FieldShape, GlobalLayout } from "./compiled.js";
import { PERCENTILE_BUCKETS } from "./percentiles.js";

/** Bytes of a field; names travel as 64-bit numbers. */
export function fieldSize(shape: FieldShape): number {
  return shape.kind === "bytes" ? shape.size : 8;
}

export function fieldOffsets(shapes: readonly FieldShape[]): number[] {
  let offset = 0;
  return shapes.map((shape) => {
    const start = offset;
    offset += fieldSize(shape);
    return start;
  });
}

/** Bytes of a key. A scalar's map is an array, whose key is a 32-bit index. */
export function keySize(layout: GlobalLayout): number {
  return layout.keys.length === 0 ? 4 : layout.keys.reduce((sum, shape) => sum + fieldSize(shape), 0);
}

/** Array elements start with their time of insertion. */
export const INSERTED = 0;

export function valueOffset(layout: GlobalLayout): number {
  return layout.keys.length === 0 ? 0 : 8;
}

export function valueSize(layout: GlobalLayout): number {
  return layout.value.kind === "statistic"
    ? statisticOffsets(layout.value.parts).size
    : valueOffset(layout) + fieldSize(layout.value);
}

export interface StatisticOffsets {
  readonly count: number;
  readonly sum: number;
  /** The value minus the least 64-bit number, unsigned, so that zero is below everything. */
  readonly max: number;
  /** The complement of that, for the same reason. */
  readonly min: number;
  /** Four words: the sum of squares in base 2^32, each digit's word wide enough for 2^30 events; null where not kept. */
  readonly squares: number | null;
  /** 128 words; null where not kept. */
  readonly log: number | null;
  /** For each linear scale. */
  readonly linear: readonly number[];
  /** PERCENTILE_BUCKETS words; null where not kept. */
  readonly percentiles: number | null;
  readonly size: number;
}

export const LOG_BUCKETS = 128;

export function linearBuckets(scale: { readonly low: bigint; readonly high: bigint; readonly step: bigint }): number {
  return Number((scale.high - scale.low) / scale.step) + 3;
}

/** One CPU's share of a statistic; the first word is the time of insertion, as in every element. */
export function statisticOffsets(parts: StatisticParts): StatisticOffsets {
  let offset = 40;
  const take = (words: number): number => {
    const start = offset;
    offset += words * 8;
    return start;
  };
  const squares = parts.variance ? take(4) : null;
  const log = parts.log ? take(LOG_BUCKETS) : null;
  const linear = parts.linear.map((scale) => take(linearBuckets(scale)));
  const percentiles = parts.percentiles ? take(PERCENTILE_BUCKETS) : null;
  return { count: 8, sum: 16, max: 24, min: 32, squares, log, linear, percentiles, size: offset };
}
