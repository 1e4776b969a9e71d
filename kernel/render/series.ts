import type { TopLevelSpec } from "vega-lite";
import type { SeriesLine, SeriesResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { keyLabel, onOneLine } from "./escape.js";
import { plainTable } from "./plain_table.js";
import { dimensionOf, readableQuantity, tickExpression } from "./quantity.js";
import { CHART_FRAME, NUMBER_TICKS, PALETTE, labelExpression } from "./theme.js";
import { timeAxis } from "./time_axis.js";

const WIDTH = 560;
const HEIGHT = 220;
const STEPS = "▁▂▃▄▅▆▇█";
/** Characters of a line in the text. */
const PLAIN_WIDTH = 40;

/** A row for each line: its least, its last and its greatest number, and how it went. */
export function seriesPlain(result: SeriesResult): string {
  const number = (value: number): string => readable(value, result.unit);
  const rows = result.lines.map(({ key, points }) => {
    const values = points.map(({ value }) => value);
    const last = values.at(-1) ?? 0;
    return [onOneLine(key), number(Math.min(...values)), number(last), number(Math.max(...values)), sparkline(points)];
  });
  const table = plainTable(
    [
      { heading: result.lines.some(({ key }) => key !== "") ? "key" : "", right: false },
      ...["min", "last", "max"].map((heading) => ({ heading, right: true })),
      { heading: "over time", right: false },
    ],
    rows,
  );
  const more = result.totalLines - result.lines.length;
  return [
    `${result.label} (${valueTitle(result)})`,
    ...table.map((line) => line.trimEnd()),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join("\n");
}

/** A line for each key over one axis of time. */
export function renderSeries(result: SeriesResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(seriesSpec(result), seriesPlain(result), options);
}

export function seriesSpec(result: SeriesResult): TopLevelSpec {
  const { lines, label, unit } = result;
  const hasKeys = lines.some(({ key }) => key !== "");
  const values = lines.flatMap(({ points }, line) =>
    points.map(({ seconds, value }) => ({
      line,
      seconds: Number(seconds.toFixed(3)),
      value: Number(value.toPrecision(12)),
      ...(points.length === 1 ? { isAlone: true } : {}),
    })),
  );
  const keys = lines.map(({ key }) => (hasKeys ? keyLabel(key) : key));
  const end = values.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  const start = values.reduce((least, { seconds }) => Math.min(least, seconds), end);
  const left = result.totalLines - lines.length;
  return {
    ...CHART_FRAME,
    title: {
      text: label,
      ...(left > 0 ? { subtitle: `the largest ${lines.length} of ${result.totalLines}` } : {}),
    },
    description: `${label}: ${lines.length} lines over time`,
    width: WIDTH,
    height: HEIGHT,
    data: { values },
    transform: [{ calculate: labelExpression(keys, "datum.line"), as: "key" }],
    // Points that are not seen carry the tooltips; round ends make a dot of a line of one point.
    mark: {
      type: "line",
      aria: false,
      strokeCap: "round",
      point: { filled: true, size: 60, opacity: 0 },
    },
    encoding: {
      strokeWidth: { condition: { test: "datum.isAlone", value: 7 }, value: 2 },
      x: {
        field: "seconds",
        type: "quantitative",
        scale: { domain: [start < end ? start : 0, Math.max(end, 0.001)], nice: false, zero: false },
        ...timeAxis(end),
      },
      y: {
        field: "value",
        type: "quantitative",
        title: valueTitle(result),
        axis: { labelExpr: tickExpression(unit) ?? NUMBER_TICKS, tickCount: 5, domain: false, ticks: false },
      },
      color: {
        field: "line",
        type: "nominal",
        title: null,
        scale: {
          domain: lines.map((_, line) => line),
          range: lines.map((_, line) => PALETTE[line % PALETTE.length] ?? PALETTE[0]),
        },
        legend: hasKeys
          ? {
              labelExpr: labelExpression(keys, "datum.value"),
              symbolType: "stroke",
              symbolStrokeWidth: 3,
              symbolOpacity: 1,
            }
          : null,
      },
      tooltip: [
        ...(hasKeys ? [{ field: "key", type: "nominal" as const, title: "key" }] : []),
        { field: "seconds", type: "quantitative", title: "seconds", format: ".2f" },
        { field: "value", type: "quantitative", title: result.valueName, format: ",.6~r" },
      ],
    },
  };
}

/** Ticks of a quantity that can be scaled carry their own unit. */
function valueTitle({ valueName, unit }: SeriesResult): string {
  if (unit === undefined || dimensionOf(unit) !== null) return valueName;
  return valueName === "per second" ? `${unit} per second` : `${valueName} (${unit})`;
}

function readable(value: number, unit: string | undefined): string {
  if (Number.isInteger(value)) return readableQuantity(BigInt(value), unit).replaceAll("\u202f", "");
  if (Math.abs(value) >= 100 || dimensionOf(unit) !== null)
    return readableQuantity(BigInt(Math.round(value)), unit).replaceAll("\u202f", "");
  return String(Number(value.toPrecision(3)));
}

function sparkline(points: SeriesLine["points"]): string {
  const every = Math.ceil(points.length / PLAIN_WIDTH);
  const groups = Array.from({ length: Math.ceil(points.length / every) }, (_, group) =>
    points.slice(group * every, (group + 1) * every).map(({ value }) => value),
  ).map((group) => group.reduce((sum, value) => sum + value, 0) / group.length);
  const [least, most] = [Math.min(...groups, 0), Math.max(...groups)];
  return groups
    .map((value) =>
      STEPS.charAt(most === least ? 0 : Math.round(((value - least) / (most - least)) * (STEPS.length - 1))),
    )
    .join("");
}
