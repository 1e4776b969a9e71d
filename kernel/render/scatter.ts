import type { TopLevelSpec } from "vega-lite";
import type { Column, ScatterResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { onOneLine } from "./escape.js";
import { plainTable } from "./plain_table.js";
import { dimensionOf, exactQuantity, tickExpression } from "./quantity.js";
import { CHART_FRAME, COUNT_TICKS, PALETTE, labelExpression } from "./theme.js";

const [WIDTH, HEIGHT] = [520, 300];
/** Points that the text lists. */
const MOST_LINES = 20;
/** Above this ratio of largest to least, an axis is logarithmic: else all points but a few lie on one another. */
const WIDE = 500n;

/** The first of the points. */
export function scatterPlain({ label, x, y, group, points, totalPoints }: ScatterResult): string {
  const shown = points.slice(0, MOST_LINES);
  const lines = plainTable(
    [
      ...(group ? [{ heading: group.name, right: false }] : []),
      ...[x, y].map((column) => ({ heading: titleOf(column), right: true })),
    ],
    shown.map((point) => [...(group ? [onOneLine(point.group)] : []), String(point.x), String(point.y)]),
  );
  const more = totalPoints - shown.length;
  return [label, ...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

/** A point for each row. */
export function renderScatter(result: ScatterResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(scatterSpec(result), scatterPlain(result), options);
}

export function scatterSpec(result: ScatterResult): TopLevelSpec {
  const { label, x, y, group, points, totalPoints } = result;
  const { names, indices } = groupsOf(result);
  const values = points.map((point, index) => ({
    x: Number(point.x),
    y: Number(point.y),
    ...(group ? { group: indices[index] ?? 0 } : {}),
  }));
  const exact = (column: Column, field: "x" | "y") =>
    ({ field, type: "quantitative", title: titleOf(column), format: ",d" }) as const;
  return {
    ...CHART_FRAME,
    title: {
      text: `${label}: ${y.name} by ${x.name}`,
      ...(totalPoints > points.length
        ? {
            subtitle: `${exactQuantity(BigInt(points.length), undefined)} of ${exactQuantity(BigInt(totalPoints), undefined)} rows`,
          }
        : {}),
    },
    description: `${label}: ${points.length} points`,
    width: WIDTH,
    height: HEIGHT,
    data: { values },
    ...(group ? { transform: [{ calculate: labelExpression(names, "datum.group"), as: "name" }] } : {}),
    mark: { type: "point", aria: false, filled: true, size: 26, opacity: 0.8 },
    encoding: {
      x: axis(
        "x",
        x,
        points.map((point) => point.x),
      ),
      y: axis(
        "y",
        y,
        points.map((point) => point.y),
      ),
      color: group
        ? {
            field: "group",
            type: "nominal",
            title: group.name,
            scale: {
              domain: names.map((_, index) => index),
              range: names.map((_, index) => PALETTE[index % PALETTE.length] ?? PALETTE[0]),
            },
            legend: { labelExpr: labelExpression(names, "datum.value"), symbolOpacity: 1 },
          }
        : { value: PALETTE[0] },
      tooltip: [
        ...(group ? [{ field: "name", type: "nominal" as const, title: group.name }] : []),
        exact(x, "x"),
        exact(y, "y"),
      ],
    },
  };
}

/** The most frequent have colours of their own; the others share the last one. */
function groupsOf({ points }: ScatterResult): { readonly names: string[]; readonly indices: number[] } {
  const counts = new Map<string, number>();
  for (const { group } of points) counts.set(group, (counts.get(group) ?? 0) + 1);
  const ranked = [...counts].toSorted(([, left], [, right]) => right - left).map(([name]) => name);
  const own = ranked.length > PALETTE.length ? ranked.slice(0, PALETTE.length - 1) : ranked;
  const names = own.length < ranked.length ? [...own, "others"] : own;
  const places = new Map(own.map((name, index) => [name, index]));
  return { names: names.map(onOneLine), indices: points.map(({ group }) => places.get(group) ?? own.length) };
}

function axis(field: "x" | "y", column: Column, values: readonly bigint[]) {
  const least = values.reduce((min, value) => (value < min ? value : min), values[0] ?? 0n);
  const most = values.reduce((max, value) => (value > max ? value : max), values[0] ?? 0n);
  const isWide = least > 0n && most / least >= WIDE;
  return {
    field,
    type: "quantitative" as const,
    title: dimensionOf(column.unit) === null ? titleOf(column) : column.name,
    scale: isWide ? { type: "log" as const, nice: true } : { zero: false, nice: true },
    // A logarithmic axis labels its powers of ten; more would run into each other.
    axis: {
      labelExpr: tickExpression(column.unit) ?? COUNT_TICKS,
      ...(isWide ? { tickCount: 4 } : { tickCount: 6 }),
      domain: false,
      labelOverlap: "greedy" as const,
    },
  };
}

function titleOf({ name, unit }: Column): string {
  return unit ? `${name} (${unit})` : name;
}
