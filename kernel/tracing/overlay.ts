/** Histograms of several keys in one chart, with a table of what a chart cannot be read off to the last digit. */
import type { GlobalVariable } from "../compiler/check/program.js";
import type { Statistic, StoreEntry } from "../compiler/closures/runtime.js";
import { QUANTILES, quantileOf, type Quantile } from "./quantiles.js";
import type { Column, Measured, OverlayResult, TableResult } from "./result.js";
import { arrayHistograms, decoder, keyColumns, type ShowOptions } from "./results.js";

/** Lines that are told apart by their colours. */
const MOST_LINES = 8;

const NOTE = "the middle of where it lies for certain, and how far it may be off at most";

/** The chart, and the percentiles of its lines; null where nothing has a histogram. */
export function overlayResults(
  global: GlobalVariable,
  entries: readonly StoreEntry[],
  options: ShowOptions,
): [OverlayResult, TableResult] | null {
  const top = Math.min(options.top ?? MOST_LINES, MOST_LINES);
  const [histograms] = arrayHistograms(global, entries, { ...options, top });
  if (!histograms) return null;
  return [{ ...histograms, kind: "overlay" }, quantileTable(global, entries, { ...options, top })];
}

function quantileTable(global: GlobalVariable, entries: readonly StoreEntry[], options: ShowOptions): TableResult {
  const { unit, top } = options;
  const decode = decoder(options);
  const measured = unit === undefined ? {} : { unit };
  const kept = entries.flatMap(({ key, statistic }) =>
    statistic?.log && statistic.count > 0n ? [{ key, statistic }] : [],
  );
  const shown = kept.slice(0, top);
  const keys = keyColumns(global);
  const quantiles = QUANTILES.map((quantile) => columnOf(quantile, shown));
  return {
    kind: "table",
    label: `${global.name}: percentiles`,
    columns: [
      ...keys,
      { name: "count", type: "long" },
      { name: "min", type: "long", ...measured },
      ...quantiles.map(({ column }) => ({ ...column, ...measured })),
      { name: "max", type: "long", ...measured },
    ],
    keyColumns: keys.length,
    rows: shown.map(({ key, statistic: { count, min, max } }, row) => [
      ...key.map((part) => (typeof part === "string" ? decode(part) : part)),
      count,
      min,
      ...quantiles.map(({ values }) => values[row]?.value ?? ""),
      max,
    ]),
    totalRows: kept.length,
  };
}

/** A quantile of each, and how far the worst known of them may be off. */
function columnOf(
  quantile: Quantile,
  shown: readonly { readonly statistic: Statistic }[],
): { readonly column: Column; readonly values: readonly (Measured | null)[] } {
  const values = shown.map(({ statistic }) => quantileOf(statistic, quantile));
  const worst = values.reduce((most, value) => Math.max(most, value ? errorOf(value) : 0), 0);
  const { name } = quantile;
  if (worst === 0) return { column: { name, type: "long" }, values };
  return { column: { name: `${name} ±${Math.max(1, Math.ceil(100 * worst))} %`, type: "long", note: NOTE }, values };
}

/** As a part of the value. */
function errorOf({ value, low, high }: Measured): number {
  const size = value < 0n ? -value : value;
  return high === low ? 0 : Number(high - low) / 2 / Math.max(Number(size), 1);
}
