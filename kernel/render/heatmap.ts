import type { TopLevelSpec } from "vega-lite";
import type { HeatmapResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { boundLabels, rangeText, valueTitle } from "./histogram.js";
import { groupDigits } from "./quantity.js";
import { CHART_FRAME, COUNT_TICKS, INTENSITIES, labelExpression } from "./theme.js";
import { secondsText, timeAxis } from "./time_axis.js";

const WIDTH = 560;
/** Columns of the text. */
const PLAIN_WIDTH = 60;
const SHADES = " ░▒▓█";

/** Rows of shades, the largest values above. */
export function heatmapPlain(result: HeatmapResult): string {
  const { buckets, columns, times, label } = result;
  const merge = Math.ceil(columns.length / PLAIN_WIDTH);
  const merged = Array.from({ length: Math.ceil(columns.length / merge) }, (_, group) => {
    const [first, end] = [group * merge, Math.min((group + 1) * merge, columns.length)];
    const seconds = (times[end] ?? 0) - (times[first] ?? 0);
    const members = columns.slice(first, end);
    return buckets.map(
      (_, bucket) => members.reduce((sum, column) => sum + Number(column[bucket] ?? 0n), 0) / Math.max(seconds, 1e-3),
    );
  });
  const most = merged.reduce((largest, column) => Math.max(largest, ...column), 0);
  const labels = boundLabels({ ...result, scale: "log" }).slice(0, buckets.length);
  const width = Math.max(...labels.map((text) => text.length));
  const rows = buckets.map(
    (_, bucket) =>
      `${(labels[bucket] ?? "").padStart(width)} |${merged
        .map((column) => shade(column[bucket] ?? 0, most))
        .join("")
        .trimEnd()}`,
  );
  const end = secondsText((times.at(-1) ?? 0) - (times[0] ?? 0));
  return [
    label,
    ...rows.toReversed(),
    `${" ".repeat(width)} +${"-".repeat(merged.length)}`,
    `${" ".repeat(width)}  0 … ${end}; █ is ${Math.round(most)} per second`,
  ].join("\n");
}

/** As the chart's colours: by the square root. */
function shade(count: number, most: number): string {
  if (count === 0) return SHADES.charAt(0);
  return SHADES.charAt(Math.max(1, Math.ceil(Math.sqrt(count / most) * (SHADES.length - 1))));
}

/** Time from left to right, values upwards, the colour how many. */
export function renderHeatmap(result: HeatmapResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(heatmapSpec(result), heatmapPlain(result), options);
}

/**
 * The colour is how many in a second, since a column may be wider than another: when the kernel is busy, and at the end.
 * Cells say their place by number, and what a tooltip says is worked out where it is shown: a frame is sent often.
 */
export function heatmapSpec(result: HeatmapResult): TopLevelSpec {
  const { buckets, columns, times, label } = result;
  const values = columns.flatMap((column, index) =>
    column.flatMap((count, bucket) =>
      count > 0n ? [{ from: times[index] ?? 0, to: times[index + 1] ?? 0, bucket, count: Number(count) }] : [],
    ),
  );
  const total = buckets.reduce((sum, { count }) => sum + count, 0n);
  const end = times.at(-1) ?? 0;
  const labels = boundLabels({ ...result, scale: "log" });
  const height = Math.min(Math.max(buckets.length * 15, 120), 330);
  const every = Math.max(1, Math.ceil(15 / (height / buckets.length)));
  const ranges = buckets.map((bucket) => rangeText(bucket, result.unit));
  return {
    ...CHART_FRAME,
    title: { text: label, subtitle: `n = ${groupDigits(total)} in ${secondsText(end - (times[0] ?? 0))}` },
    description: `${label}: how values lay over time`,
    width: WIDTH,
    height,
    data: { values },
    transform: [
      { calculate: labelExpression(ranges, "datum.bucket"), as: "range" },
      { calculate: "datum.bucket + 1", as: "next" },
      { calculate: "datum.count / max(datum.to - datum.from, 0.001)", as: "rate" },
      { calculate: "format(datum.from, '.2f') + ' – ' + format(datum.to, '.2f') + ' s'", as: "time" },
    ],
    mark: { type: "rect", aria: false },
    encoding: {
      x: {
        field: "from",
        type: "quantitative",
        scale: { domain: [times[0] ?? 0, Math.max(end, 0.001)], nice: false, zero: false },
        ...timeAxis(end),
      },
      x2: { field: "to" },
      y: {
        field: "bucket",
        type: "quantitative",
        title: valueTitle({ scale: "log", ...(result.unit === undefined ? {} : { unit: result.unit }) }),
        scale: { domain: [0, buckets.length], nice: false, zero: false },
        axis: {
          values: labels.map((_, position) => position).filter((position) => position % every === 0),
          labelExpr: labelExpression(labels, "datum.value"),
          labelOverlap: false,
          labelFlush: false,
          grid: false,
        },
      },
      y2: { field: "next" },
      color: {
        field: "rate",
        type: "quantitative",
        title: "per second",
        // Zero is no colour at all; the root keeps the rare ones in sight beside the many.
        scale: { type: "sqrt", range: [...INTENSITIES], zero: true },
        legend: { labelExpr: COUNT_TICKS, tickCount: 4 },
      },
      tooltip: [
        { field: "time", type: "nominal", title: "time" },
        { field: "range", type: "nominal", title: "value" },
        { field: "count", type: "quantitative", title: "count", format: "," },
        { field: "rate", type: "quantitative", title: "per second", format: ",.4~r" },
      ],
    },
  };
}
