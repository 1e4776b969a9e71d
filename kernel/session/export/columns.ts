/** A global as columns of equal length, which is what other programs read. */
import type { Statistic, StoreEntry, Value } from "../../compiler/closures/runtime.js";
import { sampleVariance } from "../../compiler/closures/statistics.js";
import type { GlobalType, StatisticParts, ValueType } from "../../compiler/check/program.js";
import { countedBuckets } from "../../compiler/text/histogram.js";
import { bucketRange } from "../../compiler/percentiles.js";
import type { LiveGlobal } from "../../tracing/globals.js";
import { quantileOf, QUANTILES } from "../../tracing/quantiles.js";
import type { Provenance } from "../../tracing/result.js";
import { decodeText } from "../../tracing/results.js";
import { stackKeysOf } from "../../tracing/stores/stored_globals.js";

export type ExportedValue = bigint | number | string | null;

export interface ExportedColumn {
  readonly name: string;
  readonly type: "long" | "double" | "string";
  readonly unit?: string;
  readonly meaning?: string;
  readonly values: readonly ExportedValue[];
}

/** What a reader of the data needs to judge it; goes along in whatever form has room for it. */
export interface ExportedAbout {
  readonly global: string;
  readonly provenance?: Provenance;
  /** What was hidden from the texts; absent where nothing was. */
  readonly redacted?: readonly string[];
}

export interface ExportedTable {
  readonly about: ExportedAbout;
  readonly rows: number;
  readonly columns: readonly ExportedColumn[];
}

export interface ColumnOptions {
  readonly unit?: string | undefined;
  /** A row for each bucket of the histograms instead of one for each statistic. */
  readonly buckets: boolean;
  /** What becomes of a text before it leaves. */
  readonly text: (text: string) => string;
}

type Column = Omit<ExportedColumn, "values"> & { readonly value: (row: StoreEntry) => ExportedValue };

export function exportedColumns({ variable, store }: LiveGlobal, options: ColumnOptions): readonly ExportedColumn[] {
  const { type, parts } = variable;
  const stacks = stackKeysOf(store);
  const entries = store.entries().map((entry) => (stacks ? { ...entry, key: stacks.shown(entry.key) } : entry));
  const isStatistic = type.kind === "statistic" || type.value === "statistic";
  const keys = keyColumns(type, options);
  if (isStatistic && options.buckets) return bucketColumns(entries, keys, options);
  const values = isStatistic ? statisticColumns(parts, options) : [valueColumn(variable.name, type, options)];
  return filled([...keys, ...values], entries);
}

function filled(columns: readonly Column[], entries: readonly StoreEntry[]): readonly ExportedColumn[] {
  return columns.map(({ value, ...column }) => ({ ...column, values: entries.map(value) }));
}

function keyColumns(type: GlobalType, { text }: ColumnOptions): readonly Column[] {
  const keys = type.kind === "array" ? type.keys : [];
  return keys.map((key, column) => ({
    name: keys.length === 1 ? "key" : `key_${column + 1}`,
    type: key,
    value: ({ key: parts }) => plain(parts[column], text),
  }));
}

function valueColumn(global: string, type: GlobalType, { text, unit }: ColumnOptions): Column {
  const value: ValueType = type.kind !== "statistic" && type.value === "string" ? "string" : "long";
  const name = type.kind === "array" ? "value" : global;
  return { name, type: value, ...unitIn(unit), value: (entry) => plain(entry.value, text) };
}

function plain(value: Value | undefined, text: (text: string) => string): ExportedValue {
  return typeof value === "string" ? text(decodeText(value)) : (value ?? null);
}

function statisticColumns(parts: StatisticParts, { unit }: ColumnOptions): readonly Column[] {
  const of =
    (read: (statistic: Statistic) => ExportedValue): Column["value"] =>
    ({ statistic }) =>
      statistic && statistic.count > 0n ? read(statistic) : null;
  const measured = unitIn(unit);
  const known = QUANTILES.flatMap((quantile): Column[] => {
    const name = quantile.name.replace(".", "_");
    const meaning = `${quantile.name}, which is known to lie between the two`;
    const end = (side: "low" | "high") => of((statistic) => quantileOf(statistic, quantile)?.[side] ?? null);
    return [
      { name: `${name}_low`, type: "long", ...measured, meaning, value: end("low") },
      { name: `${name}_high`, type: "long", ...measured, meaning, value: end("high") },
    ];
  });
  return [
    { name: "count", type: "long", value: ({ statistic }) => statistic?.count ?? 0n },
    { name: "sum", type: "long", ...measured, value: ({ statistic }) => statistic?.sum ?? 0n },
    { name: "min", type: "long", ...measured, value: of(({ min }) => min) },
    { name: "max", type: "long", ...measured, value: of(({ max }) => max) },
    { name: "mean", type: "double", ...measured, value: of(({ sum, count }) => quotient(sum, count)) },
    ...(parts.variance
      ? [{ name: "variance", type: "double" as const, meaning: "of the sample", value: of(variance) }]
      : []),
    ...(parts.percentiles || parts.log ? known : []),
  ];
}

function variance(statistic: Statistic): number {
  const { numerator, denominator } = sampleVariance(statistic);
  return quotient(numerator, denominator);
}

/** To the last digit that a double has, also where the parts are larger than it holds exactly. */
function quotient(numerator: bigint, denominator: bigint): number {
  const whole = numerator / denominator;
  return Number(whole) + Number(numerator - whole * denominator) / Number(denominator);
}

interface BucketRow extends StoreEntry {
  readonly low: bigint | null;
  readonly high: bigint | null;
  readonly count: bigint;
}

function bucketColumns(
  entries: readonly StoreEntry[],
  keys: readonly Column[],
  { unit }: ColumnOptions,
): readonly ExportedColumn[] {
  const rows = entries.flatMap((entry): BucketRow[] =>
    (entry.statistic ? bucketsOf(entry.statistic) : []).map((bucket) => ({ ...entry, ...bucket })),
  );
  const measured = unitIn(unit);
  const own = (read: (row: BucketRow) => bigint | null) => ({ values: rows.map(read) });
  return [
    ...filled(keys, rows),
    { name: "low", type: "long", ...measured, meaning: "least value of the bucket", ...own(({ low }) => low) },
    { name: "high", type: "long", ...measured, meaning: "greatest value of the bucket", ...own(({ high }) => high) },
    { name: "count", type: "long", ...own(({ count }) => count) },
  ];
}

/** The finest histogram that it keeps; ends are included, and null where a bucket has none. */
function bucketsOf({ percentiles, log, linear }: Statistic): readonly Pick<BucketRow, "low" | "high" | "count">[] {
  if (percentiles) return percentiles.map(([bucket, count]) => ({ ...bucketRange(bucket), count }));
  const [first] = linear;
  const buckets = log
    ? countedBuckets(log, { kind: "log" })
    : first
      ? countedBuckets(first.counts, { kind: "linear", ...first.scale })
      : [];
  return buckets.map(({ low, high, count }) => ({ low, high: high === null ? null : high - 1n, count }));
}

function unitIn(unit: string | undefined): { readonly unit?: string } {
  return unit === undefined ? {} : { unit };
}
