/** A statistic as a file has it, whole. */
import type { Statistic } from "../../compiler/closures/runtime.js";
import type { LinearScale, StatisticParts } from "../../compiler/check/program.js";
import { LOG_BUCKETS, linearBuckets } from "../../compiler/layout.js";
import { PERCENTILE_BUCKETS } from "../../compiler/percentiles.js";
import type { JsonRecord } from "./record.js";

/** One that was saved while a trace filled it may have counted a value that its buckets had not yet. */
export function statisticOf(record: JsonRecord, parts: StatisticParts): Statistic {
  const count = record.whole("count");
  if (count < 0n) record.fail("`count` is below zero");
  const [min, max] = count === 0n ? [0n, 0n] : [record.long("min"), record.long("max")];
  const percentiles = parts.percentiles ? bucketsOf(record, "percentiles", PERCENTILE_BUCKETS) : null;
  return {
    count,
    sum: record.long("sum"),
    min,
    max,
    sumOfSquares: parts.variance ? record.whole("squares") : null,
    log: parts.log ? spread(bucketsOf(record, "log", LOG_BUCKETS), LOG_BUCKETS) : null,
    linear: parts.linear.length === 0 ? [] : linearOf(record, parts.linear),
    ...(percentiles ? { percentiles: [...percentiles].toSorted(([left], [right]) => left - right) } : {}),
  };
}

function linearOf(record: JsonRecord, scales: readonly LinearScale[]): Statistic["linear"] {
  const written = record.records("linear");
  if (written.length !== scales.length) record.fail("`linear` has not as many histograms as the global keeps");
  return scales.map((scale, index) => {
    const own = written[index] ?? record;
    const isSame = own.long("low") === scale.low && own.long("high") === scale.high && own.long("step") === scale.step;
    if (!isSame) record.fail("`linear` has not the bounds that the global keeps");
    const size = linearBuckets(scale);
    return { scale, counts: spread(bucketsOf(own, "buckets", size), size) };
  });
}

/** Pairs of a bucket's number and its count. */
function bucketsOf(record: JsonRecord, name: string, size: number): ReadonlyMap<number, bigint> {
  const found = new Map<number, bigint>();
  for (const pair of record.list(name)) {
    const [bucket, written] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    const count = record.longOf(written, name);
    if (typeof bucket !== "number" || !Number.isInteger(bucket) || bucket < 0 || bucket >= size || found.has(bucket))
      return record.fail(`\`${name}\` has a bucket that there is not`);
    if (count <= 0n) record.fail(`\`${name}\` has a bucket that holds nothing`);
    found.set(bucket, count);
  }
  return found;
}

function spread(buckets: ReadonlyMap<number, bigint>, size: number): bigint[] {
  return Array.from({ length: size }, (_, bucket) => buckets.get(bucket) ?? 0n);
}
