import type { TopLevelSpec } from "vega-lite";
import type { BarsResult } from "../tracing/result.js";
import type { MimeBundle } from "./bundle.js";
import { chartBundle, type ChartOptions } from "./chart.js";
import { keyLabel } from "./escape.js";
import { plainTable, shortened, TERMINAL_WIDTH } from "./plain_table.js";
import { dimensionOf, exactQuantity, readableQuantity, tickExpression } from "./quantity.js";
import { CHART_FRAME, COLOURS, COUNT_TICKS, labelExpression } from "./theme.js";

const PLAIN_BAR_WIDTH = 40;
const LEAST_KEY_WIDTH = 20;

/** The entries as a table with a bar of blocks behind each; of a long key, its beginning and its end. */
export function barsPlain(result: BarsResult): string {
  const most = result.bars.reduce((largest, { value }) => (value > largest ? value : largest), 1n);
  const valueWidth = Math.max(valueTitle(result).length, ...result.bars.map(({ value }) => String(value).length));
  const keyWidth = Math.max(TERMINAL_WIDTH - PLAIN_BAR_WIDTH - valueWidth - 4, LEAST_KEY_WIDTH);
  const [head, rule, ...rows] = plainTable(
    [
      { heading: result.keyName, right: false },
      { heading: valueTitle(result), right: true },
    ],
    result.bars.map(({ key, value }) => [shortened(keyLabel(key), keyWidth), String(value)]),
  );
  const lines = rows.map((row, rank) => {
    const value = result.bars[rank]?.value ?? 0n;
    const length = value > 0n ? Number((value * BigInt(PLAIN_BAR_WIDTH)) / most) : 0;
    return length > 0 ? `${row}  ${"█".repeat(length)}` : row;
  });
  const more = result.totalBars - result.bars.length;
  return [
    ...(result.label === "" ? [] : [result.label]),
    ...(head === undefined || rule === undefined ? [] : [head, rule]),
    ...lines,
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join("\n");
}

/** A horizontal bar for each of the largest entries, its value at its end. */
export function renderBars(result: BarsResult, options: ChartOptions = {}): Promise<MimeBundle> {
  return chartBundle(barsSpec(result), barsPlain(result), options);
}

/** Rows are placed by rank: two keys that look alike stay two bars. */
export function barsSpec(result: BarsResult): TopLevelSpec {
  const values = result.bars.map(({ key, value }, rank) => ({
    rank,
    key,
    value: Number(value),
    // Behind the bar; that of a negative number, which grows the other way, behind its beginning.
    labelled: Math.max(Number(value), 0),
    exact: exactQuantity(value, result.unit),
    shown: readableQuantity(value, dimensionOf(result.unit) === null ? undefined : result.unit),
  }));
  const tooltip = [
    { field: "key", type: "nominal" as const, title: result.keyName },
    { field: "exact", type: "nominal" as const, title: result.valueName },
  ];
  const y = {
    field: "rank",
    type: "ordinal" as const,
    title: result.keyName,
    axis: {
      labelExpr: labelExpression(
        result.bars.map(({ key }) => keyLabel(key)),
        "datum.value",
      ),
      labelLimit: 280,
      ticks: false,
      domain: false,
      grid: false,
    },
  };
  const x = {
    field: "value",
    type: "quantitative" as const,
    title: dimensionOf(result.unit) === null ? valueTitle(result) : result.valueName,
    axis: { labelExpr: tickExpression(result.unit) ?? COUNT_TICKS, tickCount: 5 },
  };
  return {
    ...CHART_FRAME,
    title: { text: result.label === "" ? valueTitle(result) : result.label, ...subtitle(result) },
    description: `${result.label}: ${result.bars.length} bars`,
    width: 420,
    height: { step: 22 },
    data: { values },
    encoding: { y, x, tooltip },
    layer: [
      { mark: { type: "bar", aria: false, color: COLOURS.data, height: { band: 0.78 }, cornerRadiusEnd: 2 } },
      {
        mark: {
          type: "text",
          aria: false,
          align: "left",
          baseline: "middle",
          dx: 5,
          color: COLOURS.text,
          fontSize: 11,
        },
        encoding: { x: { ...x, field: "labelled" }, text: { field: "shown", type: "nominal" } },
      },
    ],
  };
}

function subtitle(result: BarsResult): { subtitle?: string } {
  if (result.totalBars <= result.bars.length) return {};
  return { subtitle: `the largest ${result.bars.length} of ${result.totalBars}` };
}

function valueTitle(result: BarsResult): string {
  return result.unit ? `${result.valueName} (${result.unit})` : result.valueName;
}
