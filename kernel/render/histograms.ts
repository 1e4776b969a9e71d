import type { TopLevelSpec } from "vega-lite";
import type { HistogramsResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { keyLabel } from "./escape.js";
import { bucketAxis, rangeText, shareText } from "./histogram.js";
import { panelRows } from "./panels.js";
import { groupDigits } from "./quantity.js";
import { CHART_FRAME, COLOURS } from "./theme.js";

/** SystemTap's drawing of each, under its key. */
export function histogramsPlain({ label, panels, totalPanels }: HistogramsResult): string {
  const more = totalPanels - panels.length;
  return [
    ...panels.map(({ key, text }) => `${label}[${keyLabel(key)}]\n${text}`),
    ...(more > 0 ? [`… and ${more} more\n`] : []),
  ].join("");
}

/** One small histogram above the other on the same axes, so that shapes can be compared by eye. */
export function renderHistograms(result: HistogramsResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(histogramsSpec(result), histogramsPlain(result), options);
}

const PANEL_HEIGHT = 56;

/** Bars show each bucket's share of its own panel: a rare key's shape is as legible as a frequent one's. */
export function histogramsSpec(result: HistogramsResult): TopLevelSpec {
  const { panels, label } = result;
  const buckets = panels[0]?.buckets ?? [];
  const width = Math.min(Math.max(buckets.length * 30, 200), 560);
  const values = panels.flatMap(({ key, count, buckets: own }, panel) =>
    own.map((bucket, position) => ({
      panel,
      key,
      position,
      next: position + 1,
      share: count === 0n ? 0 : Number(bucket.count) / Number(count),
      range: rangeText(bucket, result.unit),
      exact: groupDigits(bucket.count),
      percent: shareText(bucket.count, count),
    })),
  );
  const headings = panels.map(({ key, count }) => `${keyLabel(key)}  ·  n = ${groupDigits(count)}`);
  return {
    ...CHART_FRAME,
    title: { text: label, subtitle: subtitle(result) },
    description: `${label}: ${panels.length} histograms`,
    data: { values },
    facet: panelRows(headings, width),
    spacing: 10,
    spec: {
      width,
      height: PANEL_HEIGHT,
      mark: { type: "bar", binSpacing: 2, aria: false, color: COLOURS.data },
      encoding: {
        // An outline keeps a bucket of one visible beside a bucket of a million.
        stroke: { value: COLOURS.data },
        strokeWidth: { condition: { test: "datum.share > 0", value: 1.5 }, value: 0 },
        x: bucketAxis({ ...result, buckets }, width),
        x2: { field: "next" },
        y: {
          field: "share",
          type: "quantitative",
          title: null,
          axis: { format: "~%", tickCount: 2, domain: false, ticks: false },
        },
        tooltip: [
          { field: "key", type: "nominal", title: "key" },
          { field: "range", type: "nominal", title: "value" },
          { field: "exact", type: "nominal", title: "count" },
          { field: "percent", type: "nominal", title: "share" },
        ],
      },
    },
  };
}

function subtitle({ panels, totalPanels }: HistogramsResult): string {
  const shares = "share of each key's values";
  return totalPanels > panels.length ? `${shares} · the ${panels.length} largest of ${totalPanels} keys` : shares;
}
