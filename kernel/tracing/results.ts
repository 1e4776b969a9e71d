/** Globals and histograms as things to show. Texts leave the byte strings of the language here. */
import type { GlobalStore, HistogramOutput, Statistic, StoreEntry, Value } from "../compiler/closures/runtime.js";
import { extract } from "../compiler/closures/statistics.js";
import type { GlobalVariable, StatisticParts } from "../compiler/check/program.js";
import { countedBuckets, drawHistogram, type DrawingOptions } from "../compiler/text/histogram.js";
import { callTreeResult } from "./call_tree.js";
import { flameResult } from "./flames.js";
import { QUANTILES, quantileOf } from "./quantiles.js";
import type {
  BarsResult,
  CallTreeResult,
  Cell,
  Column,
  FlameResult,
  HistogramResult,
  HistogramsResult,
  NumberResult,
  Result,
  TableResult,
  TextResult,
} from "./result.js";
import { stackKeysOf } from "./stores/stored_globals.js";

/** Rows of a table that are sent; the number of the others is told. */
const MOST_ROWS = 50;
const MOST_BARS = 20;
const MOST_PANELS = 8;

/** Those that a histogram marks. */
const SHOWN_QUANTILES = QUANTILES.slice(0, 3);

/** A byte string of the language as text. */
export function decodeText(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

/** A number or a byte string under its name. */
export function valueResult(label: string, value: Value, unit?: string): NumberResult | TextResult {
  if (typeof value === "string") return { kind: "text", label, value: decodeText(value) };
  return { kind: "number", label, value, ...(unit === undefined ? {} : { unit }) };
}

/** How a value is shown. */
export interface ShowOptions {
  readonly unit?: string | undefined;
  readonly drawing?: DrawingOptions;
  /** Makes the names in a decoded text of an array readable; a text alone is shown as it is. */
  readonly names?: (text: string) => string;
  /** How many of the largest are shown; where absent, as many as are read at a glance. */
  readonly top?: number | undefined;
}

/** What a whole global shows: a number, a text, a table with a bar chart, or a histogram. */
export function globalResults(global: GlobalVariable, store: GlobalStore, options: ShowOptions = {}): Result[] {
  const { type } = global;
  if (type.kind === "scalar") return [scalarResult(global, store, options)];
  if (type.kind === "statistic") return statisticResults(global, store.getStatistic([]), options);
  const entries = shownEntries(store);
  const table = arrayTable(global, entries, options);
  if (type.value === "statistic") return [table, ...arrayHistograms(global, entries, options)];
  if (type.value === "long" && stackKeysOf(store)) return [table, arrayFlame(global, store, options)];
  const bars = type.value === "long" && entries.length > 1 ? [arrayBars(global, entries, options)] : [];
  return [table, ...bars];
}

/** A global without keys; what has never been written is 0 or empty. */
export function scalarResult(
  { name, type }: GlobalVariable,
  store: GlobalStore,
  { unit }: ShowOptions,
): NumberResult | TextResult {
  const isText = type.kind === "scalar" && type.value === "string";
  return valueResult(name, store.get([]) ?? (isText ? "" : 0n), unit);
}

/** An array whose keys hold stacks, as a flame graph. */
export function arrayFlame({ name }: GlobalVariable, store: GlobalStore, options: ShowOptions): FlameResult {
  const stacks = stackKeysOf(store);
  if (!stacks) throw new Error(`the keys of ${name} hold no stacks`);
  return flameResult(name, stacks, store.entries(), decoder(options), options.unit);
}

/** An array whose keys hold stacks, as a tree of functions. */
export function arrayCallTree({ name }: GlobalVariable, store: GlobalStore, options: ShowOptions): CallTreeResult {
  const stacks = stackKeysOf(store);
  if (!stacks) throw new Error(`the keys of ${name} hold no stacks`);
  return callTreeResult(name, stacks, store.entries(), decoder(options), options.unit);
}

/** What makes text of an array's byte strings. */
export function decoder({ names = (text) => text }: ShowOptions): (text: string) => string {
  return (text) => names(decodeText(text));
}

/** With keys as people want to read them. */
export function shownEntries(store: GlobalStore): StoreEntry[] {
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

/** A histogram that a script printed. */
export function histogramResult(output: HistogramOutput, unit?: string): HistogramResult {
  const { statistic, scale, counts } = output;
  const quantiles = SHOWN_QUANTILES.flatMap((quantile) => {
    const value = quantileOf(statistic, quantile);
    return value ? [{ name: quantile.name, value }] : [];
  });
  return {
    kind: "histogram",
    label: output.label,
    scale: scale.kind,
    buckets: countedBuckets(counts, scale),
    count: statistic.count,
    sum: statistic.sum,
    min: statistic.min,
    max: statistic.max,
    ...(quantiles.length === 0 ? {} : { quantiles }),
    ...(unit === undefined ? {} : { unit }),
    text: output.text,
  };
}

/** More than one, since one alone compares with nothing; with the same buckets for all. */
export function arrayHistograms(
  { name: label }: GlobalVariable,
  entries: readonly StoreEntry[],
  options: ShowOptions,
): HistogramsResult[] {
  const { unit, drawing, top = MOST_PANELS } = options;
  const decode = decoder(options);
  const kept = entries.flatMap(({ key, statistic }) =>
    statistic?.log && statistic.count > 0n ? [{ key, counts: statistic.log, count: statistic.count }] : [],
  );
  if (kept.length === 0) return [];
  const scale = { kind: "log" } as const;
  const shown = kept.slice(0, top);
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

/** The summary as a table, and its histogram where there is one. */
export function statisticResults(
  { name: label, parts }: GlobalVariable,
  statistic: Statistic | undefined,
  { unit, drawing }: ShowOptions,
): (TableResult | HistogramResult)[] {
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

/** Those of what has no keys are none. */
export function keyColumns({ type }: GlobalVariable): Column[] {
  if (type.kind !== "array") return [];
  return type.keys.map((key, column) => ({
    name: type.keys.length === 1 ? "key" : `key ${column + 1}`,
    type: key,
  }));
}

/** An array as a table, in the order of the entries given. */
export function arrayTable(global: GlobalVariable, entries: readonly StoreEntry[], options: ShowOptions): TableResult {
  const { unit, top = MOST_ROWS } = options;
  const decode = decoder(options);
  const { type } = global;
  if (type.kind !== "array") throw new Error(`${global.name} is no array`);
  const keys = keyColumns(global);
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
      .slice(0, top)
      .map(({ key, value, statistic }) => [
        ...key.map(cell),
        ...(statistic ? statisticCells(statistic, global.parts) : [cell(value)]),
      ]),
    totalRows: entries.length,
  };
}

/** Of numbers, or of how many values the statistics hold. */
export function arrayBars(
  { name: label, type }: GlobalVariable,
  entries: readonly StoreEntry[],
  options: ShowOptions,
): BarsResult {
  const { unit, top = MOST_BARS } = options;
  const decode = decoder(options);
  const isCount = type.kind === "array" && type.value === "statistic";
  return {
    kind: "bars",
    label,
    keyName: "key",
    valueName: isCount ? "count" : "value",
    ...(unit === undefined || isCount ? {} : { unit }),
    bars: entries.slice(0, top).map(({ key, value, statistic }) => ({
      key: decode(key.join(", ")),
      value: statistic ? statistic.count : (value as bigint),
    })),
    totalBars: entries.length,
  };
}
