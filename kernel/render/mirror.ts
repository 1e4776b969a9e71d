import type { TopLevelSpec } from "vega-lite";
import type { MirrorBucket, MirrorPanel, MirrorResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { onOneLine } from "./escape.js";
import { bucketAxis, rangeText, shareText } from "./histogram.js";
import { panelRows } from "./panels.js";
import { plainTable } from "./plain_table.js";
import { groupDigits } from "./quantity.js";
import { CHART_FRAME, COLOURS } from "./theme.js";

/** Marks of the longest bar of the text, on each side. */
const PLAIN_WIDTH = 25;
const PANEL_HEIGHT = { alone: 240, several: 120 };

/** Bars that grow from the middle, a line for each bucket: then to the left, now to the right. */
export function mirrorPlain(result: MirrorResult): string {
  const { label, panels, totalPanels } = result;
  const more = totalPanels - panels.length;
  return [
    label,
    ...panels.flatMap((panel) => [
      ...(panel.key === "" ? [] : [`[${onOneLine(panel.key)}]`]),
      ...panelLines(panel, result),
    ]),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join("\n");
}

function panelLines(panel: MirrorPanel, { before, after, unit }: MirrorResult): readonly string[] {
  const largest = largestShare([panel]);
  const marks = (count: bigint, of: bigint): string =>
    "@".repeat(Math.round((share(count, of) / largest) * PLAIN_WIDTH));
  const rows = panel.buckets.map((bucket) => [
    rangeText({ ...bucket, count: 0n }, unit),
    String(bucket.before),
    `${marks(bucket.before, panel.before)}|`,
    marks(bucket.after, panel.after),
    String(bucket.after),
  ]);
  const headings = ["value", "count", `${onOneLine(before)} |`, onOneLine(after), "count"];
  const isRight = [true, true, true, false, true];
  return plainTable(
    headings.map((heading, column) => ({ heading, right: isRight[column] ?? false })),
    rows,
  );
}

/** Then below the line and now above it, each as shares of its own values: counts of unequal times compare badly. */
export function renderMirror(result: MirrorResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(mirrorSpec(result), mirrorPlain(result), options);
}

export function mirrorSpec(result: MirrorResult): TopLevelSpec {
  const { panels, label, before, after } = result;
  const bounds = panels[0]?.buckets ?? [];
  const width = Math.min(Math.max(bounds.length * 34, 240), 620);
  const isAlone = panels.length === 1 && panels[0]?.key === "";
  const height = isAlone ? PANEL_HEIGHT.alone : PANEL_HEIGHT.several;
  const values = panels.flatMap((panel, index) =>
    panel.buckets.flatMap((bucket, position) => [
      mark(panel, index, bucket, position, "before", result),
      mark(panel, index, bucket, position, "after", result),
    ]),
  );
  const limit = largestShare(panels) * 1.05;
  const buckets = bounds.map(({ low, high }) => ({ low, high, count: 0n }));
  const sides = [before, after];
  const colour = {
    field: "side",
    type: "nominal" as const,
    title: null,
    scale: { domain: sides, range: [COLOURS.outside, COLOURS.data] },
    legend: {
      orient: "top" as const,
      labelLimit: width,
      labelColor: COLOURS.text,
      symbolType: "square" as const,
      symbolStrokeWidth: 0,
    },
  };
  const headings = panels.map(
    ({ key, before: then, after: now }) => `${onOneLine(key)}  ·  n = ${groupDigits(then)} → ${groupDigits(now)}`,
  );
  return {
    ...CHART_FRAME,
    title: { text: label, subtitle: subtitle(result, isAlone) },
    description: `${label}: ${panels.length} pairs of histograms`,
    data: { values },
    facet: panelRows(isAlone ? null : headings, width),
    spacing: 12,
    spec: {
      width,
      height,
      layer: [
        {
          mark: { type: "bar", binSpacing: 3, aria: false },
          encoding: {
            x: bucketAxis({ ...result, buckets }, width),
            x2: { field: "next" },
            y: {
              field: "share",
              type: "quantitative",
              title: isAlone ? "share of the values" : null,
              stack: null,
              scale: { domain: [-limit, limit], nice: false },
              axis: {
                labelExpr: "format(abs(datum.value), '~%')",
                tickCount: isAlone ? 8 : 4,
                domain: false,
                ticks: false,
              },
            },
            fill: colour,
            // An outline keeps a bucket of one visible beside a bucket of a million.
            stroke: { condition: { test: "datum.share < 0", value: COLOURS.outside }, value: COLOURS.data },
            strokeWidth: { condition: { test: "datum.share != 0", value: 1.5 }, value: 0 },
            tooltip: [
              { field: "side", type: "nominal", title: "of" },
              ...(isAlone ? [] : [{ field: "key", type: "nominal" as const, title: "key" }]),
              { field: "range", type: "nominal", title: "value" },
              { field: "exact", type: "nominal", title: "count" },
              { field: "percent", type: "nominal", title: "share" },
            ],
          },
        },
        { mark: { type: "rule", aria: false, color: COLOURS.line }, encoding: { y: { datum: 0 } } },
      ],
    },
  };
}

function mark(
  panel: MirrorPanel,
  index: number,
  bucket: MirrorBucket,
  position: number,
  side: "before" | "after",
  result: MirrorResult,
): Record<string, unknown> {
  const [count, all] = [bucket[side], panel[side]];
  return {
    panel: index,
    key: panel.key,
    side: result[side],
    position,
    next: position + 1,
    share: side === "before" ? 0 - share(count, all) : share(count, all),
    range: rangeText({ ...bucket, count }, result.unit),
    exact: groupDigits(count),
    percent: shareText(count, all),
  };
}

function share(count: bigint, of: bigint): number {
  return of === 0n ? 0 : Number(count) / Number(of);
}

/** The longest bar of either side. */
function largestShare(panels: readonly MirrorPanel[]): number {
  const shares = panels.flatMap(({ buckets, before, after }) =>
    buckets.flatMap((bucket) => [share(bucket.before, before), share(bucket.after, after)]),
  );
  return Math.max(...shares, Number.EPSILON);
}

function subtitle({ panels, totalPanels }: MirrorResult, isAlone: boolean): string {
  const [only] = panels;
  if (isAlone && only)
    return `n = ${groupDigits(only.before)} → ${groupDigits(only.after)} · each side as shares of its own values`;
  const shares = "shares of each key's values";
  return totalPanels > panels.length ? `${shares} · the ${panels.length} that changed most of ${totalPanels}` : shares;
}
