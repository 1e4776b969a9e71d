import type { TopLevelSpec } from "vega-lite";
import type { HeatmapsResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { keyLabel } from "./escape.js";
import {
  cellEncoding,
  cellTransforms,
  durationText,
  heatCells,
  mostShaded,
  shadedRows,
  shadeLegend,
} from "./heat_cells.js";
import { panelRows } from "./panels.js";
import { groupDigits } from "./quantity.js";
import { CHART_FRAME, labelExpression } from "./theme.js";

const WIDTH = 560;

/** Rows of shades under each key, all by one measure. */
export function heatmapsPlain(result: HeatmapsResult): string {
  const { panels, totalPanels, label } = result;
  const most = Math.max(...panels.map(({ columns }) => mostShaded({ ...result, columns })));
  const more = totalPanels - panels.length;
  return [
    ...panels.flatMap(({ key, count, columns }) => [
      `${label}[${keyLabel(key)}] (n = ${count})`,
      ...shadedRows({ ...result, columns }, most),
    ]),
    ...shadeLegend(result, most),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join("\n");
}

/** One heat map above the other, over the same times and buckets, and the same colour is as many. */
export function renderHeatmaps(result: HeatmapsResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(heatmapsSpec(result), heatmapsPlain(result), options);
}

export function heatmapsSpec(result: HeatmapsResult): TopLevelSpec {
  const { panels, label, times, buckets } = result;
  const height = Math.min(Math.max(buckets.length * 8, 60), 130);
  const keys = panels.map(({ key }) => keyLabel(key));
  const headings = panels.map(({ count }, panel) => `${keys[panel] ?? ""}  ·  n = ${groupDigits(count)}`);
  const { tooltip, y, ...encoding } = cellEncoding(result, height);
  return {
    ...CHART_FRAME,
    title: { text: label, subtitle: subtitle(result) },
    description: `${label}: how the values of ${panels.length} keys lay over time`,
    data: {
      values: panels.flatMap(({ columns }, panel) => heatCells({ columns, times }).map((cell) => ({ panel, ...cell }))),
    },
    transform: [{ calculate: labelExpression(keys, "datum.panel"), as: "key" }, ...cellTransforms(result)],
    facet: panelRows(headings, WIDTH),
    spacing: 14,
    spec: {
      width: WIDTH,
      height,
      mark: { type: "rect", aria: false },
      encoding: {
        ...encoding,
        y: { ...y, title: null },
        tooltip: [{ field: "key", type: "nominal", title: "key" }, ...tooltip],
      },
    },
  };
}

function subtitle({ panels, totalPanels, ...result }: HeatmapsResult): string {
  const time = durationText(result);
  return totalPanels > panels.length ? `${time} · the ${panels.length} largest of ${totalPanels} keys` : time;
}
