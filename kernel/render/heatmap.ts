import type { TopLevelSpec } from "vega-lite";
import type { HeatmapResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import {
  cellEncoding,
  cellTransforms,
  durationText,
  heatCells,
  mostShaded,
  shadedRows,
  shadeLegend,
} from "./heat_cells.js";
import { groupDigits } from "./quantity.js";
import { CHART_FRAME } from "./theme.js";

const WIDTH = 560;

/** Rows of shades, the largest values above. */
export function heatmapPlain(result: HeatmapResult): string {
  const most = mostShaded(result);
  return [result.label, ...shadedRows(result, most), ...shadeLegend(result, most)].join("\n");
}

/** Time from left to right, values upwards, the colour how many. */
export function renderHeatmap(result: HeatmapResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(heatmapSpec(result), heatmapPlain(result), options);
}

export function heatmapSpec(result: HeatmapResult): TopLevelSpec {
  const { buckets, label } = result;
  const total = buckets.reduce((sum, { count }) => sum + count, 0n);
  const height = Math.min(Math.max(buckets.length * 15, 120), 330);
  return {
    ...CHART_FRAME,
    title: { text: label, subtitle: `n = ${groupDigits(total)} in ${durationText(result)}` },
    description: `${label}: how values lay over time`,
    width: WIDTH,
    height,
    data: { values: heatCells(result) },
    transform: cellTransforms(result),
    mark: { type: "rect", aria: false },
    encoding: cellEncoding(result, height),
  };
}
