/** Samples of a global as things to show: heat maps, or lines. */
import { countedBuckets } from "../compiler/text/histogram.js";
import { MOST_KEYS, type Sample, type Sampled, type SampledValue } from "./history.js";
import type { HeatmapResult, HeatmapsResult, SeriesLine, SeriesResult } from "./result.js";

/** Null where no histogram was kept or nothing came. */
export function heatmapResult(label: string, samples: readonly Sample[], unit?: string): HeatmapResult | null {
  const columns = bucketColumns(samples);
  const bounds = boundsOf([columns]);
  if (!bounds) return null;
  return {
    kind: "heatmap",
    label,
    ...(unit === undefined ? {} : { unit }),
    times: samples.map(({ seconds }) => seconds),
    buckets: bounds.buckets,
    columns: columns.map((column) => bounds.of(column)),
  };
}

/** Columns of one heat map among several: as many in all as are in a large one. */
const MOST_COLUMNS = 80;
/** Heat maps that are compared. */
const [USUAL_PANELS, MOST_PANELS] = [6, 8];

export interface HeatmapsOptions {
  readonly unit?: string | undefined;
  /** How many of the keys with the most values. */
  readonly top?: number | undefined;
}

/** Null where no histogram was kept or nothing came. Of keys with a row each, over the same times. */
export function heatmapsResult(
  label: string,
  history: Sampled,
  { unit, top = USUAL_PANELS }: HeatmapsOptions,
): HeatmapsResult | null {
  const samples = history.samples();
  const kept = [...(samples.at(-1)?.keyBuckets.keys() ?? [])];
  if (kept.length === 0) return null;
  const groups = grouped(samples.length);
  const panels = kept.slice(0, Math.min(top, MOST_PANELS)).map((key) => {
    const own = history.element(key)?.samples() ?? [];
    return { key, columns: bucketColumns(groups.flatMap((index) => own[index] ?? [])) };
  });
  const bounds = boundsOf(panels.map(({ columns }) => columns));
  if (!bounds) return null;
  return {
    kind: "heatmaps",
    label,
    ...(unit === undefined ? {} : { unit }),
    times: groups.flatMap((index) => samples[index]?.seconds ?? []),
    buckets: bounds.buckets,
    panels: panels.map(({ key, columns }) => ({
      key,
      count: columns.flat().reduce((sum, count) => sum + count, 0n),
      columns: columns.map((column) => bounds.of(column)),
    })),
    totalPanels: Math.max(kept.length, history.keys),
  };
}

/** The samples that bound columns: every so many-th, and the last. */
function grouped(samples: number): number[] {
  const every = Math.max(1, Math.ceil((samples - 1) / MOST_COLUMNS));
  const indices = Array.from({ length: Math.ceil(samples / every) }, (_, index) => index * every);
  return indices.at(-1) === samples - 1 ? indices : [...indices, samples - 1];
}

/** What came to each bucket between one sample and the next; before the first value there are no buckets yet, and nothing in them. */
function bucketColumns(samples: readonly Sample[]): bigint[][] {
  return samples.slice(1).map(({ buckets }, index) => {
    const before = samples[index]?.buckets;
    return (buckets ?? []).map((count, bucket) => count - (before?.[bucket] ?? 0n));
  });
}

/** The buckets that hold anything in any of the maps, and those of a column of them; null where there are none. */
function boundsOf(maps: readonly (readonly (readonly bigint[])[])[]): {
  readonly buckets: HeatmapResult["buckets"];
  readonly of: (column: readonly bigint[]) => bigint[];
} | null {
  const columns = maps.flat();
  const longest = columns.reduce((most, { length }) => Math.max(most, length), 0);
  const totals = Array.from({ length: longest }, (_, bucket) =>
    columns.reduce((sum, column) => sum + (column[bucket] ?? 0n), 0n),
  );
  const buckets = countedBuckets(totals, { kind: "log" });
  if (buckets.length === 0) return null;
  const first = totals.findIndex((count) => count !== 0n);
  return { buckets, of: (column) => buckets.map((_, position) => column[first + position] ?? 0n) };
}

export interface SeriesOptions {
  readonly unit?: string | undefined;
  /** Lines at most. */
  readonly top: number;
  /** What was added in a second, in place of what there was. */
  readonly perSecond: boolean;
  /** Keys there are. */
  readonly keys: number;
}

/** Null where there are no two samples. Of statistics: the average of what came between one sample and the next. */
export function seriesResult(
  label: string,
  samples: readonly Sample[],
  { unit, top, perSecond, keys }: SeriesOptions,
): SeriesResult | null {
  const last = samples.at(-1);
  if (!last || samples.length < 2) return null;
  const isStatistic = samples.some(({ values }) => [...values.values()].some((value) => "count" in value));
  const ranked = rank(samples);
  const lines = ranked
    .slice(0, top)
    .map((key): SeriesLine => ({ key, points: pointsOf(samples, key, perSecond) }))
    .filter(({ points }) => points.length > 0);
  const valueName = perSecond ? "per second" : isStatistic ? "average" : "value";
  return {
    kind: "series",
    label,
    valueName,
    // How many statistics are taken in a second has not the unit of what is measured.
    ...(unit === undefined || (perSecond && isStatistic) ? {} : { unit }),
    lines,
    totalLines: Math.max(keys, ranked.length),
  };
}

/** Keys by the largest that they ever held. */
function rank(samples: readonly Sample[]): string[] {
  const peaks = new Map<string, bigint>();
  for (const { values } of samples) {
    for (const [key, sampled] of values) {
      const size = sizeOf(sampled);
      if (size > (peaks.get(key) ?? -1n)) peaks.set(key, size);
    }
  }
  return [...peaks].toSorted(([, left], [, right]) => (left < right ? 1 : left > right ? -1 : 0)).map(([key]) => key);
}

function sizeOf(sampled: SampledValue): bigint {
  if ("count" in sampled) return sampled.count;
  return sampled.value < 0n ? -sampled.value : sampled.value;
}

function pointsOf(samples: readonly Sample[], key: string, perSecond: boolean): SeriesLine["points"] {
  return samples.flatMap(({ seconds, values }, index) => {
    const now = values.get(key);
    if (!now) return [];
    const previous = samples[index - 1];
    if (!perSecond && "value" in now) return [{ seconds, value: Number(now.value) }];
    if (!previous) return [];
    const before = previous.values.get(key);
    // It may have been there, with less than those that were followed.
    if (!before && previous.values.size >= MOST_KEYS) return [];
    const value = between(before, now, perSecond ? seconds - previous.seconds : null);
    return value === null ? [] : [{ seconds, value }];
  });
}

/** What came between two samples: in a second where `duration` is given, else its average. Null where that is nothing to average. */
function between(before: SampledValue | undefined, now: SampledValue, duration: number | null): number | null {
  if ("value" in now) {
    const base = before && "value" in before ? before.value : 0n;
    // A counter that is less than it was has been emptied in between.
    const added = now.value >= base ? now.value - base : now.value;
    return duration === null || duration <= 0 ? null : Number(added) / duration;
  }
  const base = before && "count" in before ? before : { count: 0n, sum: 0n };
  const count = Number(now.count - base.count);
  if (duration !== null) return duration <= 0 ? null : count / duration;
  return count === 0 ? null : Number(now.sum - base.sum) / count;
}
