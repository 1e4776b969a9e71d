/** What heat maps have in common, one alone or several of them: cells of a chart, rows of shades. */
import type { HeatmapResult } from "../tracing/result.js";
import { boundLabels, rangeText, valueTitle } from "./histogram.js";
import { NUMBER_TICKS, INTENSITIES, labelExpression } from "./theme.js";
import { secondsText, timeAxis } from "./time_axis.js";

type Axes = Pick<HeatmapResult, "buckets" | "times" | "unit">;
type Heat = Pick<HeatmapResult, "buckets" | "times" | "columns" | "unit">;

/** Columns of the text. */
const PLAIN_WIDTH = 60;
const SHADES = " ░▒▓█";

/** The most in a second of what gets one character. */
export function mostShaded(heat: Heat): number {
  return merged(heat).reduce((largest, column) => Math.max(largest, ...column), 0);
}

/** Rows of shades, the largest values above; `most` in a second gets the darkest one. */
export function shadedRows(heat: Heat, most: number): string[] {
  const columns = merged(heat);
  return rowLabels(heat)
    .map((label, bucket) => {
      const shades = columns.map((column) => shade(column[bucket] ?? 0, most)).join("");
      return `${label} |${shades.trimEnd()}`;
    })
    .toReversed();
}

/** The axis of time below the rows, and what a shade stands for. */
export function shadeLegend(axes: Axes, most: number): string[] {
  const margin = " ".repeat(rowLabels(axes)[0]?.length ?? 0);
  const { times } = axes;
  return [
    `${margin} +${"-".repeat(groupsOf(times.length - 1).length)}`,
    `${margin}  0 … ${durationText(axes)}; █ is ${Math.round(most)} per second`,
  ];
}

/** From the first column to the last. */
export function durationText({ times }: Pick<Axes, "times">): string {
  return secondsText((times.at(-1) ?? 0) - (times[0] ?? 0));
}

function rowLabels(axes: Axes): string[] {
  const labels = boundLabels({ ...axes, scale: "log" }).slice(0, axes.buckets.length);
  const width = Math.max(...labels.map((text) => text.length));
  return labels.map((label) => label.padStart(width));
}

/** What came in a second, for each character of a row. */
function merged({ buckets, columns, times }: Heat): number[][] {
  return groupsOf(columns.length).map(({ first, end }) => {
    const seconds = (times[end] ?? 0) - (times[first] ?? 0);
    const members = columns.slice(first, end);
    return buckets.map(
      (_, bucket) => members.reduce((sum, column) => sum + Number(column[bucket] ?? 0n), 0) / Math.max(seconds, 1e-3),
    );
  });
}

/** Columns that share a character. */
function groupsOf(columns: number): { readonly first: number; readonly end: number }[] {
  const size = Math.ceil(columns / PLAIN_WIDTH);
  return Array.from({ length: Math.ceil(columns / size) }, (_, group) => ({
    first: group * size,
    end: Math.min((group + 1) * size, columns),
  }));
}

/** As the chart's colours: by the square root. */
function shade(count: number, most: number): string {
  if (count === 0) return SHADES.charAt(0);
  return SHADES.charAt(Math.max(1, Math.ceil(Math.sqrt(count / most) * (SHADES.length - 1))));
}

interface HeatCell {
  readonly from: number;
  readonly to: number;
  readonly bucket: number;
  readonly count: number;
}

/** Those that hold anything. They say their place by number, and what a tooltip says is worked out where it is shown: a frame is sent often. */
export function heatCells({ columns, times }: Pick<Heat, "columns" | "times">): HeatCell[] {
  return columns.flatMap((column, index) =>
    column.flatMap((count, bucket) =>
      count > 0n ? [{ from: times[index] ?? 0, to: times[index + 1] ?? 0, bucket, count: Number(count) }] : [],
    ),
  );
}

/** What a cell says about itself besides. */
export function cellTransforms({ buckets, unit }: Axes) {
  const ranges = buckets.map((bucket) => rangeText(bucket, unit));
  return [
    { calculate: labelExpression(ranges, "datum.bucket"), as: "range" },
    { calculate: "datum.bucket + 1", as: "next" },
    { calculate: "datum.count / max(datum.to - datum.from, 0.001)", as: "rate" },
    { calculate: "format(datum.from, '.2f') + ' – ' + format(datum.to, '.2f') + ' s'", as: "time" },
  ];
}

/** The colour is how many in a second, since a column may be wider than another: when the kernel is busy, and at the end. */
export function cellEncoding(axes: Axes, height: number) {
  const { buckets, times, unit } = axes;
  const end = times.at(-1) ?? 0;
  const labels = boundLabels({ ...axes, scale: "log" });
  const every = Math.max(1, Math.ceil(15 / (height / buckets.length)));
  return {
    x: {
      field: "from",
      type: "quantitative" as const,
      scale: { domain: [times[0] ?? 0, Math.max(end, 0.001)], nice: false, zero: false },
      ...timeAxis(end),
    },
    x2: { field: "to" },
    y: {
      field: "bucket",
      type: "quantitative" as const,
      title: valueTitle({ scale: "log", ...(unit === undefined ? {} : { unit }) }),
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
      type: "quantitative" as const,
      title: "per second",
      // Zero is no colour at all; the root keeps the rare ones in sight beside the many.
      scale: { type: "sqrt" as const, range: [...INTENSITIES], zero: true },
      legend: { labelExpr: NUMBER_TICKS, tickCount: 4 },
    },
    tooltip: [
      { field: "time", type: "nominal" as const, title: "time" },
      { field: "range", type: "nominal" as const, title: "value" },
      { field: "count", type: "quantitative" as const, title: "count", format: "," },
      { field: "rate", type: "quantitative" as const, title: "per second", format: ",.4~r" },
    ],
  };
}
