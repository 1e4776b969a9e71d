/** The arithmetic of histogram buckets, and the text that SystemTap draws of them, byte for byte. */

/** How a histogram divides its values. */
export type HistogramScale =
  | { readonly kind: "log" }
  /** `high` is where the last bucket before the overflow starts, less what `step` does not divide. */
  | { readonly kind: "linear"; readonly low: bigint; readonly high: bigint; readonly step: bigint };

/** A bucket and how many values fell into it. */
export interface CountedBucket {
  /** Inclusive; null where the bucket has no lower end. */
  readonly low: bigint | null;
  /** Exclusive; null where the bucket has no upper end. */
  readonly high: bigint | null;
  readonly count: bigint;
}

/** Buckets of every logarithmic histogram. */
export const LOG_BUCKETS = 128;

/** The bucket that holds zero and nothing else. */
export const LOG_ZERO_BUCKET = 64;

/** The logarithmic bucket of a signed 64-bit number: 64 holds 0, 65 holds 1, 66 holds 2 and 3; the negatives mirror them. */
export function logBucket(value: bigint): number {
  if (value === 0n) return LOG_ZERO_BUCKET;
  const bits = (value < 0n ? -value : value).toString(2).length;
  return value > 0n ? LOG_ZERO_BUCKET + Math.min(bits, LOG_BUCKETS - 1 - LOG_ZERO_BUCKET) : LOG_ZERO_BUCKET - bits;
}

/** The least value of a logarithmic bucket. */
export function logBucketLow(index: number): bigint {
  if (index >= LOG_ZERO_BUCKET) return logBucketLabel(index);
  // The lowest bucket is cut off at the lowest number there is.
  return index === 0 ? logBucketLabel(0) : logBucketLabel(index - 1) + 1n;
}

/** What a logarithmic bucket is called: of its values the power of two that is nearest to zero. */
function logBucketLabel(index: number): bigint {
  if (index === LOG_ZERO_BUCKET) return 0n;
  const power = 1n << BigInt(Math.abs(index - LOG_ZERO_BUCKET) - 1);
  return index > LOG_ZERO_BUCKET ? power : -power;
}

/** How many buckets a linear histogram has, underflow and overflow included. */
export function linearBucketCount(low: bigint, high: bigint, step: bigint): number {
  return Number((high - low) / step) + 3;
}

/** The linear bucket of a value: 0 is underflow, the last one overflow. */
export function linearBucket(value: bigint, low: bigint, high: bigint, step: bigint): number {
  if (value < low) return 0;
  const last = linearBucketCount(low, high, step) - 1;
  const index = (value - low) / step + 1n;
  return index < BigInt(last) ? Number(index) : last;
}

/** The buckets between the first and the last that hold anything; none when nothing was counted. */
export function countedBuckets(counts: readonly bigint[], scale: HistogramScale): CountedBucket[] {
  const occupied = occupiedRange(counts);
  if (occupied === null) return [];
  return counts.slice(occupied.first, occupied.last + 1).map((count, position) => {
    const index = occupied.first + position;
    return { ...(scale.kind === "log" ? logBounds(index) : linearBounds(index, counts.length, scale)), count };
  });
}

function logBounds(index: number): { low: bigint; high: bigint } {
  return { low: logBucketLow(index), high: index === LOG_BUCKETS - 1 ? 1n << 63n : logBucketLow(index + 1) };
}

function linearBounds(
  index: number,
  buckets: number,
  scale: HistogramScale & { kind: "linear" },
): { low: bigint | null; high: bigint | null } {
  const start = scale.low + BigInt(index - 1) * scale.step;
  return { low: index === 0 ? null : start, high: index === buckets - 1 ? null : start + scale.step };
}

function occupiedRange(counts: readonly bigint[]): { first: number; last: number } | null {
  const first = counts.findIndex((count) => count > 0n);
  return first < 0 ? null : { first, last: counts.findLastIndex((count) => count > 0n) };
}

/** The two settings that SystemTap lets a user change: `-DHIST_ELISION` and `-DHIST_WIDTH`. */
export interface DrawingOptions {
  /** Empty rows this far from any other are left out; below zero, none are. */
  readonly elision?: number;
  /** Columns of the longest bar, at least 1. */
  readonly width?: number;
}

/** SystemTap's own. */
export const DEFAULT_DRAWING: Required<DrawingOptions> = { elision: 2, width: 50 };

/** Rows of nothing shown on each side of the data. */
export const MARGIN = 2;

/** SystemTap's drawing of a histogram, with the empty line that ends it. Counts of a linear one include under- and overflow. */
export function drawHistogram(counts: readonly bigint[], scale: HistogramScale, options: DrawingOptions = {}): string {
  const { elision, width } = { ...DEFAULT_DRAWING, ...options };
  const { first, last } = shownRange(counts, scale);
  const labels = counts.map((_, index) => rowLabel(index, counts.length, scale));
  const labelWidth = Math.max("value".length, ...widthsAtEnds(first, last, counts.length, scale));
  const largest = counts.reduce((most, count) => (count > most ? count : most), 0n);
  const perMark = largest <= BigInt(width) ? 1n : (largest + BigInt(width) - 1n) / BigInt(width);
  const countEnd = width + 1 + String(largest).length;

  const lines = [`${"value".padStart(labelWidth)} |${"-".repeat(width)} count`];
  let elided = false;
  for (let index = first; index <= last; index++) {
    const near = counts.slice(Math.max(first, index - elision), Math.min(last, index + elision) + 1);
    if (elision >= 0 && near.every((count) => count === 0n)) {
      elided = true;
      continue;
    }
    if (elided) lines.push(`${" ".repeat(labelWidth)} ~`);
    elided = false;
    const count = counts[index] ?? 0n;
    const bar = "@".repeat(Number(count / perMark));
    lines.push(`${labels[index]?.padStart(labelWidth)} |${bar}${String(count).padStart(countEnd - bar.length)}`);
  }
  return `${lines.join("\n")}\n\n`;
}

/** The rows that are drawn: those with data, with a margin that shows no empty underflow, overflow or needless negatives. */
function shownRange(counts: readonly bigint[], scale: HistogramScale): { first: number; last: number } {
  const end = counts.length - 1;
  const nothing = scale.kind === "log" ? LOG_ZERO_BUCKET : 1;
  const occupied = occupiedRange(counts) ?? { first: nothing, last: nothing };
  const lowest = scale.kind === "log" && occupied.first >= LOG_ZERO_BUCKET ? LOG_ZERO_BUCKET : 0;
  let first = Math.max(occupied.first - MARGIN, lowest);
  let last = Math.min(occupied.last + MARGIN, end);
  if (scale.kind === "linear") {
    if (first === 0 && counts[0] === 0n) first = 1;
    if (last === end && counts[end] === 0n) last = end - 1;
  }
  return { first, last };
}

/**
 * How wide the column of labels is for the first row and for the last. SystemTap measures a linear histogram's last label one
 * step too far; its column is as wide as that.
 */
export function widthsAtEnds(first: number, last: number, buckets: number, scale: HistogramScale): [number, number] {
  if (scale.kind === "log") return [String(logBucketLabel(first)).length, String(logBucketLabel(last)).length];
  const pastLast = scale.low + BigInt(last) * scale.step;
  return [String(scale.low).length + (first === 0 ? 1 : 0), String(pastLast).length + (last === buckets - 1 ? 1 : 0)];
}

/** What stands before a row. */
export function rowLabel(index: number, buckets: number, scale: HistogramScale): string {
  if (scale.kind === "log") return String(logBucketLabel(index));
  if (index === 0) return `<${scale.low}`;
  const overflow = index === buckets - 1;
  return `${overflow ? ">" : ""}${scale.low + BigInt(index - (overflow ? 2 : 1)) * scale.step}`;
}
