/** Globals and histograms as things to show. Texts leave the byte strings of the language here. */
import type { GlobalStore, HistogramOutput, Statistic, StoreEntry, Value } from "../compiler/closures/runtime.js";
import { extract } from "../compiler/closures/statistics.js";
import type { GlobalVariable, StatisticParts } from "../compiler/check/program.js";
import { countedBuckets, drawHistogram, type DrawingOptions } from "../compiler/text/histogram.js";
import { flameResult } from "./flames.js";
import type {
  BarsResult,
  Cell,
  Column,
  HistogramResult,
  HistogramsResult,
  NumberResult,
  Result,
  TableResult,
  TextResult,
} from "./result.js";
import { stackKeysOf } from "./stored_globals.js";

/** Rows of a table that are sent; the number of the others is told. */
const MOST_ROWS = 50;
const MOST_BARS = 20;
const MOST_PANELS = 8;

export function decodeText(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

export function valueResult(label: string, value: Value, unit?: string): NumberResult | TextResult {
  if (typeof value === "string") return { kind: "text", label, value: decodeText(value) };
  return { kind: "number", label, value, ...(unit === undefined ? {} : { unit }) };
}

export interface ShowOptions {
  readonly unit?: string | undefined;
  readonly drawing?: DrawingOptions;
  /** Makes the names in a decoded text of an array readable; a text alone is shown as it is. */
  readonly names?: (text: string) => string;
}

/** What a whole global shows: a number, a text, a table with a bar chart, or a histogram. */
export function globalResults(
  global: GlobalVariable,
  store: GlobalStore,
  { unit, drawing, names = (text) => text }: ShowOptions = {},
): Result[] {
  const { type } = global;
  const decode = (text: string): string => names(decodeText(text));
  if (type.kind === "scalar")
    return [valueResult(global.name, store.get([]) ?? (type.value === "long" ? 0n : ""), unit)];
  if (type.kind === "statistic") return statisticResults(global, store.getStatistic([]), unit, drawing);
  const entries = shownEntries(store);
  const table = arrayTable(global, entries, decode, unit);
  if (type.value === "statistic") return [table, ...arrayHistograms(global, entries, decode, unit, drawing)];
  const stacks = stackKeysOf(store);
  if (stacks && type.value === "long") return [table, flameResult(global.name, stacks, store.entries(), decode, unit)];
  const bars = type.value === "long" && entries.length > 1 ? [arrayBars(global, entries, decode, unit)] : [];
  return [table, ...bars];
}

/** With keys as people want to read them. */
function shownEntries(store: GlobalStore): StoreEntry[] {
  const entries = sortedEntries(store);
  const stacks = stackKeysOf(store);
  return stacks ? entries.map((entry) => ({ ...entry, key: stacks.shown(entry.key) })) : entries;
}

/** Largest first, as SystemTap shows them: by value, or by count. */
export function sortedEntries(store: GlobalStore): StoreEntry[] {
  const rank = ({ value, statistic }: StoreEntry): Value => statistic?.count ?? value;
  return store.entries().toSorted((left, right) => {
    const [a, b] = [rank(left), rank(right)];
    return a < b ? 1 : a > b ? -1 : 0;
  });
}

export function histogramResult(output: HistogramOutput, unit?: string): HistogramResult {
  const { statistic, scale, counts } = output;
  return {
    kind: "histogram",
    label: output.label,
    scale: scale.kind,
    buckets: countedBuckets(counts, scale),
    count: statistic.count,
    sum: statistic.sum,
    min: statistic.min,
    max: statistic.max,
    ...(unit === undefined ? {} : { unit }),
    text: output.text,
  };
}

/** More than one, since one alone compares with nothing; with the same buckets for all. */
function arrayHistograms(
  { name: label }: GlobalVariable,
  entries: readonly StoreEntry[],
  decode: (text: string) => string,
  unit?: string,
  drawing?: DrawingOptions,
): HistogramsResult[] {
  const kept = entries.flatMap(({ key, statistic }) =>
    statistic?.log && statistic.count > 0n ? [{ key, counts: statistic.log, count: statistic.count }] : [],
  );
  if (kept.length === 0) return [];
  const scale = { kind: "log" } as const;
  const shown = kept.slice(0, MOST_PANELS);
  const bounds = countedBuckets(sumOf(shown.map(({ counts }) => counts)), scale);
  const start = bounds[0]?.low ?? 0n;
  const panels = shown.map(({ key, counts, count }) => {
    const own = new Map(countedBuckets(counts, scale).map((bucket) => [bucket.low, bucket.count]));
    return {
      key: decode(key.join(", ")),
      buckets: bounds.map(({ low, high }) => ({ low, high, count: own.get(low ?? start) ?? 0n })),
      count,
      text: drawHistogram(counts, scale, drawing),
    };
  });
  return [
    {
      kind: "histograms",
      label,
      scale: "log",
      ...(unit === undefined ? {} : { unit }),
      panels,
      totalPanels: kept.length,
    },
  ];
}

function sumOf(lists: readonly (readonly bigint[])[]): bigint[] {
  return (lists[0] ?? []).map((_, index) => lists.reduce((sum, list) => sum + (list[index] ?? 0n), 0n));
}

function statisticResults(
  { name: label, parts }: GlobalVariable,
  statistic: Statistic | undefined,
  unit?: string,
  drawing?: DrawingOptions,
): Result[] {
  const summary: TableResult = {
    kind: "table",
    label,
    columns: statisticColumns(parts, unit),
    keyColumns: 0,
    rows: statistic ? [statisticCells(statistic, parts)] : [],
    totalRows: statistic ? 1 : 0,
  };
  if (!statistic?.log || statistic.count === 0n) return [summary];
  const scale = { kind: "log" } as const;
  const output: HistogramOutput = {
    label,
    scale,
    statistic,
    counts: statistic.log,
    text: drawHistogram(statistic.log, scale, drawing),
  };
  return [summary, histogramResult(output, unit)];
}

/** Shown where a script has asked for any percentile: the buckets have them all. */
const PERCENTILES = [50n, 90n, 99n];
const PERCENTILE_NOTE = "the least value that so many percent do not exceed; off by one part in sixteen at most";

function statisticColumns({ percentiles }: StatisticParts, unit?: string): Column[] {
  const measured = unit === undefined ? {} : { unit };
  return [
    { name: "count", type: "long" },
    { name: "min", type: "long", ...measured },
    { name: "avg", type: "long", ...measured },
    ...(percentiles ? PERCENTILES : []).map((percent): Column => ({
      name: `p${percent}`,
      type: "long",
      ...measured,
      note: PERCENTILE_NOTE,
    })),
    { name: "max", type: "long", ...measured },
    { name: "sum", type: "long", ...measured },
  ];
}

function statisticCells(statistic: Statistic, parts: StatisticParts): Cell[] {
  const { count, min, max, sum } = statistic;
  const percents = parts.percentiles ? PERCENTILES : [];
  if (count === 0n) return [0n, "", "", ...percents.map(() => ""), "", 0n];
  return [count, min, sum / count, ...percents.map((percent) => extract(statistic, { percent })), max, sum];
}

function arrayTable(
  global: GlobalVariable,
  entries: readonly StoreEntry[],
  decode: (text: string) => string,
  unit?: string,
): TableResult {
  const { type } = global;
  if (type.kind !== "array") throw new Error(`${global.name} is no array`);
  const keys: Column[] = type.keys.map((key, column) => ({
    name: type.keys.length === 1 ? "key" : `key ${column + 1}`,
    type: key,
  }));
  const values: Column[] =
    type.value === "statistic"
      ? statisticColumns(global.parts, unit)
      : [{ name: "value", type: type.value, ...(unit === undefined ? {} : { unit }) }];
  const cell = (value: Value): Cell => (typeof value === "string" ? decode(value) : value);
  return {
    kind: "table",
    label: global.name,
    columns: [...keys, ...values],
    keyColumns: keys.length,
    rows: entries
      .slice(0, MOST_ROWS)
      .map(({ key, value, statistic }) => [
        ...key.map(cell),
        ...(statistic ? statisticCells(statistic, global.parts) : [cell(value)]),
      ]),
    totalRows: entries.length,
  };
}

function arrayBars(
  global: GlobalVariable,
  entries: readonly StoreEntry[],
  decode: (text: string) => string,
  unit?: string,
): BarsResult {
  return {
    kind: "bars",
    label: global.name,
    keyName: "key",
    valueName: "value",
    ...(unit === undefined ? {} : { unit }),
    bars: entries
      .slice(0, MOST_BARS)
      .map(({ key, value }) => ({ key: decode(key.join(", ")), value: value as bigint })),
    totalBars: entries.length,
  };
}
