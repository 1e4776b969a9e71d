import type { TopLevelSpec } from "vega-lite";
import type { Bucket, OverlayResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { keyLabel } from "./escape.js";
import { bucketAxis, rangeText, shareText } from "./histogram.js";
import { plainTable } from "./plain_table.js";
import { groupDigits } from "./quantity.js";
import { CHART_FRAME, PALETTE, labelExpression } from "./theme.js";

const HEIGHT = 240;

/** A row for each bucket, a column for each key: how large a share of the key's values lies in it. */
export function overlayPlain({ label, unit, panels, totalPanels }: OverlayResult): string {
  const buckets = panels[0]?.buckets ?? [];
  const lines = plainTable(
    [
      { heading: "value", right: true },
      ...panels.map(({ key, count }) => ({ heading: `${keyLabel(key)} (n = ${count})`, right: true })),
    ],
    buckets.map((bucket, position) => [
      rangeText(bucket, unit),
      ...panels.map((panel) => {
        const own = panel.buckets[position]?.count ?? 0n;
        return own === 0n ? "" : shareText(own, panel.count);
      }),
    ]),
  );
  const more = totalPanels - panels.length;
  return [label, ...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

/** A line for each key over the same buckets. */
export function renderOverlay(result: OverlayResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(overlaySpec(result), overlayPlain(result), options);
}

/**
 * Lines through the middles of buckets: the edges of steps would lie on each other. Heights are shares of a key's own
 * values, as those of small multiples are. A click on the legend picks a key out.
 */
export function overlaySpec(result: OverlayResult): TopLevelSpec {
  const { panels, label, unit } = result;
  const buckets = panels[0]?.buckets ?? [];
  const width = Math.min(Math.max(buckets.length * 36, 240), 560);
  const { bin: _, ...axis } = bucketAxis({ ...result, buckets }, width);
  const names = panels.map(({ key, count }) => `${keyLabel(key)}  ·  n = ${groupDigits(count)}`);
  return {
    ...CHART_FRAME,
    title: { text: label, subtitle: subtitle(result) },
    description: `${label}: ${panels.length} histograms as lines`,
    width,
    height: HEIGHT,
    data: { values: panels.flatMap(({ buckets: own, count }, line) => points(own, count, line)) },
    transform: [
      {
        calculate: labelExpression(
          panels.map(({ key }) => keyLabel(key)),
          "datum.line",
        ),
        as: "key",
      },
      {
        calculate: labelExpression(
          buckets.map((bucket) => rangeText(bucket, unit)),
          "datum.middle - 0.5",
        ),
        as: "range",
      },
    ],
    params: [{ name: "picked", select: { type: "point", fields: ["line"] }, bind: "legend" }],
    mark: { type: "line", aria: false, strokeWidth: 2, point: { filled: true, size: 36 } },
    encoding: {
      x: { ...axis, field: "middle" },
      y: {
        field: "share",
        type: "quantitative",
        title: "share of the key's values",
        axis: { format: "~%", tickCount: 5, domain: false, ticks: false },
      },
      color: {
        field: "line",
        type: "nominal",
        title: null,
        scale: {
          domain: panels.map((_panel, line) => line),
          range: panels.map((_panel, line) => PALETTE[line % PALETTE.length] ?? PALETTE[0]),
        },
        legend: {
          orient: "bottom",
          direction: "vertical",
          columns: 1,
          labelLimit: Math.max(width, 480),
          labelExpr: labelExpression(names, "datum.value"),
          symbolType: "stroke",
          symbolStrokeWidth: 3,
          symbolOpacity: 1,
        },
      },
      opacity: { condition: { param: "picked", value: 1 }, value: 0.15 },
      tooltip: [
        { field: "key", type: "nominal", title: "key" },
        { field: "range", type: "nominal", title: "value" },
        { field: "exact", type: "nominal", title: "count" },
        { field: "percent", type: "nominal", title: "share" },
      ],
    },
  };
}

function points(buckets: readonly Bucket[], count: bigint, line: number): Readonly<Record<string, unknown>>[] {
  return buckets.map((bucket, position) => ({
    line,
    middle: position + 0.5,
    share: count === 0n ? 0 : Number(bucket.count) / Number(count),
    exact: groupDigits(bucket.count),
    percent: shareText(bucket.count, count),
  }));
}

function subtitle({ panels, totalPanels }: OverlayResult): string {
  return totalPanels > panels.length
    ? `the ${panels.length} largest of ${totalPanels} keys · a click on a key picks it out`
    : "a click on a key picks it out";
}
