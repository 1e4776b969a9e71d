/**
 * The arithmetic of percentiles: counts in logarithmic buckets, sixteen to the octave, so that a value is known to one part
 * in sixteen of itself. Numbers from -31 to 31 have a bucket each.
 *
 * ```
 *  bucket      16 … 975  976  977 … 1935
 *  value    -2^63 …  -1    0    1 … 2^63 - 1
 * ```
 */

/** Buckets of each octave, and numbers that are their own distance from the middle bucket. */
const PER_OCTAVE = 16;
const LOW_BITS = 4;

/** The bucket that holds zero and nothing else; the others mirror each other on its sides. */
export const MIDDLE_BUCKET = 61 * PER_OCTAVE;
export const PERCENTILE_BUCKETS = 2 * MIDDLE_BUCKET;

/** The bucket of a signed 64-bit number. */
export function percentileBucket(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const shift = Math.max(0, magnitude.toString(2).length - 1 - LOW_BITS);
  const distance = shift * PER_OCTAVE + Number(magnitude >> BigInt(shift));
  return value < 0n ? MIDDLE_BUCKET - distance : MIDDLE_BUCKET + distance;
}

/** The numbers of a bucket, both ends included. */
export function bucketRange(bucket: number): { readonly low: bigint; readonly high: bigint } {
  const distance = Math.abs(bucket - MIDDLE_BUCKET);
  const shift = BigInt(Math.max(0, Math.floor(distance / PER_OCTAVE) - 1));
  const near = (BigInt(distance) - shift * BigInt(PER_OCTAVE)) << shift;
  const far = near + (1n << shift) - 1n;
  return bucket < MIDDLE_BUCKET ? { low: -far, high: -near } : { low: near, high: far };
}

/** The number in the middle of a bucket. */
function bucketMiddle(bucket: number): bigint {
  const distance = Math.abs(bucket - MIDDLE_BUCKET);
  const shift = BigInt(Math.max(0, Math.floor(distance / PER_OCTAVE) - 1));
  const low = BigInt(distance) - shift * BigInt(PER_OCTAVE);
  const middle = (low << shift) + ((1n << shift) >> 1n);
  return bucket < MIDDLE_BUCKET ? -middle : middle;
}

/** What a percentile is taken from: buckets that hold anything, ascending, with their counts. */
export type PercentileCounts = readonly (readonly [bucket: number, count: bigint])[];

/**
 * The least of the values that so many of a hundred do not exceed, to one part in sixteen; extremes are exact. The
 * statistic holds something.
 */
export function percentileOf(
  { count, min, max }: { readonly count: bigint; readonly min: bigint; readonly max: bigint },
  counts: PercentileCounts,
  percent: bigint,
): bigint {
  const rank = (percent * count + 99n) / 100n;
  if (rank <= 1n) return min;
  if (rank >= count) return max;
  let below = 0n;
  for (const [bucket, own] of counts) {
    below += own;
    if (below < rank) continue;
    const middle = bucketMiddle(bucket);
    return middle < min ? min : middle > max ? max : middle;
  }
  return max;
}
