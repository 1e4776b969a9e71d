import type { TopLevelSpec } from "vega-lite";
import type { Bucket, HistogramResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { quantileLayers, quantileLine, quantileMarks } from "./quantile_marks.js";
import { dimensionOf, exactQuantity, groupDigits, powerLabel, readableQuantity } from "./quantity.js";
import { CHART_FRAME, COLOURS, COUNT_TICKS, labelExpression, labelWidth } from "./theme.js";

/** SystemTap's drawing and nothing else. */
export function histogramPlain(result: HistogramResult): string {
  return result.text;
}

/** A bar for each bucket, side by side, with the buckets' bounds as tick marks. */
export function renderHistogram(result: HistogramResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(histogramSpec(result), histogramPlain(result), options);
}

const HEIGHT = 220;

/**
 * Buckets are placed by position, each as wide as the next: that is what makes a logarithmic scale with a zero and
 * negative numbers legible, and leaves room for the values outside a linear one.
 */
export function histogramSpec(result: HistogramResult): TopLevelSpec {
  const { buckets } = result;
  const width = Math.min(Math.max(buckets.length * 36, 120), 640);
  const values = buckets.map((bucket, position) => ({
    position,
    next: position + 1,
    low: bucket.low === null ? null : Number(bucket.low),
    high: bucket.high === null ? null : Number(bucket.high),
    count: Number(bucket.count),
    range: rangeText(bucket, result.unit),
    exact: groupDigits(bucket.count),
    share: shareText(bucket.count, result.count),
    outside: bucket.low === null || bucket.high === null,
  }));
  const colour = { condition: { test: "datum.outside", value: COLOURS.outside }, value: COLOURS.data };
  const title = result.label === "" ? "histogram" : result.label;
  const axis = bucketAxis({ ...result, buckets }, width);
  const marks = quantileMarks(result, width);
  const bars = {
    mark: { type: "bar" as const, binSpacing: 3, aria: false },
    encoding: {
      x: axis,
      x2: { field: "next" },
      y: {
        field: "count",
        type: "quantitative" as const,
        title: "count",
        axis: { labelExpr: COUNT_TICKS, tickCount: 5, tickMinStep: 1, domain: false, ticks: false },
      },
      fill: colour,
      // An outline keeps a bucket of one visible beside a bucket of a million.
      stroke: colour,
      strokeWidth: { condition: { test: "datum.count > 0", value: 1.5 }, value: 0 },
      tooltip: [
        { field: "range", type: "nominal" as const, title: "value" },
        { field: "exact", type: "nominal" as const, title: "count" },
        { field: "share", type: "nominal" as const, title: "share" },
      ],
    },
  };
  return {
    ...CHART_FRAME,
    title: { text: title, subtitle: [summary(result), ...quantileLine(result)] },
    description: `${title}: ${summary(result)}`,
    width,
    height: HEIGHT,
    data: { values },
    ...(marks.length === 0 ? bars : { layer: [bars, ...quantileLayers(marks)] }),
  };
}

/** The axis that buckets stand on by their position, all equally wide, with their bounds as tick marks. */
export function bucketAxis(histogram: Pick<HistogramResult, "buckets" | "scale" | "unit">, width: number) {
  const labels = boundLabels(histogram);
  const every = tickInterval(labels, width);
  return {
    field: "position",
    type: "quantitative" as const,
    bin: "binned" as const,
    title: valueTitle(histogram),
    scale: { domain: [0, Math.max(histogram.buckets.length, 1)], nice: false, zero: false },
    axis: {
      values: labels.map((_, position) => position).filter((position) => position % every === 0),
      labelExpr: labelExpression(labels, "datum.value"),
      grid: false,
      labelOverlap: false,
      labelFlush: false,
    },
  };
}

/** One label for each bound between buckets, the two ends included. */
export function boundLabels({ buckets, scale, unit }: Pick<HistogramResult, "buckets" | "scale" | "unit">): string[] {
  const label = (bound: bigint): string => (scale === "log" ? powerLabel(bound, unit) : groupDigits(bound));
  const starts = buckets.map(({ low }) => (low === null ? "−∞" : label(low)));
  const end = buckets.at(-1)?.high;
  return [...starts, end === null || end === undefined ? "∞" : label(end)];
}

/** Labels that would touch are left out evenly: every second, every fourth, … */
function tickInterval(labels: readonly string[], width: number): number {
  const widest = Math.max(...labels.map(labelWidth)) + 10;
  const room = width / Math.max(labels.length - 1, 1);
  let every = 1;
  while (room * every < widest && every < labels.length) every *= 2;
  return every;
}

/** What the values are, for their axis. */
export function valueTitle({ scale, unit }: Pick<HistogramResult, "scale" | "unit">): string {
  const dimension = dimensionOf(unit);
  // Logarithmic tick marks carry their own unit, scaled.
  if (scale === "log" && dimension !== null) return dimension.kind === "time" ? "time" : "size";
  return unit ? `value (${unit})` : "value";
}

/** The values of a bucket, to the last digit. */
export function rangeText({ low, high }: Bucket, unit: string | undefined): string {
  if (low === null) return high === null ? "any" : `below ${exactQuantity(high, unit)}`;
  if (high === null) return `${exactQuantity(low, unit)} and more`;
  if (high === low + 1n) return exactQuantity(low, unit);
  return `${groupDigits(low)} – ${exactQuantity(high - 1n, unit)}`;
}

export function shareText(count: bigint, total: bigint): string {
  if (total <= 0n) return "";
  return `${((Number(count) / Number(total)) * 100).toFixed(1)} %`;
}

function summary({ count, sum, min, max, unit }: HistogramResult): string {
  const size = `n = ${groupDigits(count)}`;
  if (count === 0n) return size;
  const figures = { min, average: sum / count, max };
  return [size, ...Object.entries(figures).map(([name, value]) => `${name} ${readableQuantity(value, unit)}`)].join(
    " · ",
  );
}
