/** What changed between two globals, or between a global and what a snapshot holds of it. */
import type { Statistic, StoreEntry, Value } from "../compiler/closures/runtime.js";
import { countedBuckets, type HistogramScale } from "../compiler/text/histogram.js";
import { flameDifference } from "./flame_difference.js";
import { stackTree } from "./flames.js";
import type { LiveGlobal } from "./globals.js";
import { keyText } from "./stores/map_store.js";
import { exactly, quantileOf, QUANTILES } from "./quantiles.js";
import type { Cell, ChangedRow, ChangesResult, Measured, MirrorPanel, MirrorResult, Result } from "./result.js";
import { decodeText } from "./results.js";
import { stackKeysOf } from "./stores/stored_globals.js";

/** One of the two things that are compared, which are of one type. */
export interface Side {
  /** As scripts call it. */
  readonly name: string;
  readonly global: LiveGlobal;
}

export interface DifferenceOptions {
  readonly unit?: string | undefined;
  /** Makes the names in a decoded text readable. */
  readonly names?: (text: string) => string;
}

/** Rows of a table that are sent. */
const MOST_ROWS = 50;
/** Keys of an array of statistics whose histograms are shown, and whose figures. */
const MOST_PANELS = 6;

/** An element that is on one side at least. */
interface Pair {
  readonly key: readonly Value[];
  readonly before: StoreEntry | undefined;
  readonly after: StoreEntry | undefined;
}

export function differenceResults(before: Side, after: Side, options: DifferenceOptions = {}): Result[] {
  const { type } = after.global.variable;
  const pairs = pairsOf(before.global.store.entries(), after.global.store.entries());
  const names = options.names ?? ((text: string) => text);
  const show: Show = {
    before: before.name,
    after: after.name,
    label: `${after.name} compared with ${before.name}`,
    decode: (text) => names(decodeText(text)),
    ...(options.unit === undefined ? {} : { unit: options.unit }),
  };
  if (type.kind === "statistic" || (type.kind === "array" && type.value === "statistic"))
    return statisticDifferences(pairs, shownKeys(before, after), show);
  if (type.value === "string") return [textChanges(pairs, shownKeys(before, after), show)];
  const changes = numberChanges(pairs, shownKeys(before, after), show);
  const [earlier, later] = [stackKeysOf(before.global.store), stackKeysOf(after.global.store)];
  if (!earlier || !later) return [changes];
  const trees = [
    stackTree(earlier, before.global.store.entries(), show.decode),
    stackTree(later, after.global.store.entries(), show.decode),
  ] as const;
  return [changes, flameDifference(show.label, ...trees, { unit: options.unit })];
}

interface Show {
  readonly before: string;
  readonly after: string;
  readonly label: string;
  readonly unit?: string;
  readonly decode: (text: string) => string;
}

/** Keys as people want to read them: stacks by the names of their functions, wherever they were taken. */
type ShownKey = (pair: Pair) => readonly Value[];

function shownKeys(before: Side, after: Side): ShownKey {
  const [earlier, later] = [stackKeysOf(before.global.store), stackKeysOf(after.global.store)];
  return ({ key, after: own }) => (own ? later : earlier)?.shown(key) ?? key;
}

function pairsOf(before: readonly StoreEntry[], after: readonly StoreEntry[]): readonly Pair[] {
  const earlier = new Map(before.map((entry) => [keyText(entry.key), entry]));
  const later = new Map(after.map((entry) => [keyText(entry.key), entry]));
  return [...new Set([...later.keys(), ...earlier.keys()])].map((code) => {
    const [then, now] = [earlier.get(code), later.get(code)];
    return { key: (now ?? then)?.key ?? [], before: then, after: now };
  });
}

function numberChanges(pairs: readonly Pair[], shown: ShownKey, show: Show): ChangesResult {
  const numberOf = (entry: StoreEntry | undefined): bigint => (typeof entry?.value === "bigint" ? entry.value : 0n);
  const change = (pair: Pair): bigint => magnitude(numberOf(pair.after) - numberOf(pair.before));
  const changed = pairs
    .filter((pair) => change(pair) !== 0n || !pair.before !== !pair.after)
    .toSorted((left, right) => descending(change(left), change(right)));
  const rows = changed.slice(0, MOST_ROWS).map((pair): ChangedRow => {
    const number = (entry: StoreEntry | undefined): Measured | null => (entry ? exactly(numberOf(entry)) : null);
    return { key: cells(shown(pair), show), before: number(pair.before), after: number(pair.after), ...unitIn(show) };
  });
  const keys = headings(pairs[0]?.key.length ?? 0);
  return changes(show, keys, rows, changed.length, pairs.length - changed.length);
}

/** Texts have no difference but that they differ. */
function textChanges(pairs: readonly Pair[], shown: ShownKey, show: Show): Result {
  const changed = pairs.filter(({ before, after }) => before?.value !== after?.value);
  const text = (entry: StoreEntry | undefined): Cell => (entry ? show.decode(String(entry.value)) : "");
  const [first] = pairs;
  const keys = headings(first?.key.length ?? 0).map((name, column) => ({
    name,
    type: typeof first?.key[column] === "bigint" ? ("long" as const) : ("string" as const),
  }));
  return {
    kind: "table",
    label: show.label,
    columns: [...keys, { name: show.before, type: "string" }, { name: show.after, type: "string" }],
    keyColumns: keys.length,
    rows: changed.slice(0, MOST_ROWS).map((pair) => [...cells(shown(pair), show), text(pair.before), text(pair.after)]),
    totalRows: changed.length,
  };
}

function statisticDifferences(pairs: readonly Pair[], shown: ShownKey, show: Show): Result[] {
  const filled = (entry: StoreEntry | undefined): Statistic | null =>
    entry?.statistic && entry.statistic.count > 0n ? entry.statistic : null;
  const all = pairs
    .map((pair) => ({ key: shown(pair), before: filled(pair.before), after: filled(pair.after) }))
    .filter(({ before, after }) => before || after);
  const changed = all
    .filter(({ before, after }) => !isSame(before, after))
    .toSorted((left, right) => descending(weight(left), weight(right)));
  const chosen = changed.slice(0, MOST_PANELS);
  const rows = chosen.flatMap(({ key, before, after }) =>
    FIGURES.flatMap(({ name, of, isCount }): ChangedRow[] => {
      const [then, now] = [before && of(before), after && of(after)];
      if (!then && !now) return [];
      return [{ key: [...cells(key, show), name], before: then, after: now, ...(isCount ? {} : unitIn(show)) }];
    }),
  );
  const keys = [...headings(all[0]?.key.length ?? 0), "figure"];
  const figures = changes(show, keys, rows, rows.length, all.length - changed.length);
  const left = changed.length - chosen.length;
  const table = left === 0 ? figures : { ...figures, totalRows: rows.length + left };
  return [table, ...mirror(chosen, changed.length, show)];
}

interface StatisticPair {
  readonly key: readonly Value[];
  readonly before: Statistic | null;
  readonly after: Statistic | null;
}

function isSame(left: Statistic | null, right: Statistic | null): boolean {
  return (
    !!left && !!right && left.count === right.count && left.sum === right.sum && String(left.log) === String(right.log)
  );
}

/** How much of what was measured has come or gone: by more values, or by greater ones. */
function weight({ before, after }: StatisticPair): bigint {
  return magnitude((after?.sum ?? 0n) - (before?.sum ?? 0n));
}

interface Figure {
  readonly name: string;
  /** It counts values, whatever these count. */
  readonly isCount?: true;
  readonly of: (statistic: Statistic) => Measured | null;
}

const FIGURES: readonly Figure[] = [
  { name: "count", isCount: true, of: ({ count }) => exactly(count) },
  { name: "mean", of: ({ sum, count }) => exactly(sum / count) },
  ...QUANTILES.map((quantile): Figure => ({ name: quantile.name, of: (statistic) => quantileOf(statistic, quantile) })),
  { name: "max", of: ({ max }) => exactly(max) },
];

/** What both keep. */
function mirror(pairs: readonly StatisticPair[], total: number, show: Show): MirrorResult[] {
  const statistics = pairs.flatMap(({ before, after }) => [before, after]).filter((one) => one !== null);
  const [first] = statistics;
  if (!first) return [];
  const isLog = statistics.every(({ log }) => log);
  const linear = first.linear[0]?.scale;
  if (!isLog && !linear) return [];
  const scale: HistogramScale = isLog || !linear ? { kind: "log" } : { kind: "linear", ...linear };
  const countsOf = (statistic: Statistic | null): readonly bigint[] =>
    (scale.kind === "log" ? statistic?.log : statistic?.linear[0]?.counts) ?? [];
  const bounds = countedBuckets(sumOf(statistics.map(countsOf)), scale);
  const panels = pairs.map(({ key, before, after }): MirrorPanel => {
    const [then, now] = [byLow(countsOf(before), scale), byLow(countsOf(after), scale)];
    const buckets = bounds.map(({ low, high }) => ({
      low,
      high,
      before: then.get(low) ?? 0n,
      after: now.get(low) ?? 0n,
    }));
    const text = key.map((part) => (typeof part === "string" ? show.decode(part) : String(part))).join(", ");
    return { key: text, buckets, before: before?.count ?? 0n, after: after?.count ?? 0n };
  });
  const { label, before, after } = show;
  return [{ kind: "mirror", label, before, after, scale: scale.kind, ...unitIn(show), panels, totalPanels: total }];
}

function byLow(counts: readonly bigint[], scale: HistogramScale): ReadonlyMap<bigint | null, bigint> {
  return new Map(countedBuckets(counts, scale).map(({ low, count }) => [low, count]));
}

function sumOf(lists: readonly (readonly bigint[])[]): bigint[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.reduce((sum, list) => sum + (list[index] ?? 0n), 0n));
}

function changes(
  { label, before, after }: Show,
  keys: readonly string[],
  rows: readonly ChangedRow[],
  totalRows: number,
  unchanged: number,
): ChangesResult {
  return { kind: "changes", label, before, after, keys, rows, totalRows, unchanged };
}

function headings(count: number): readonly string[] {
  return Array.from({ length: count }, (_, column) => (count === 1 ? "key" : `key ${column + 1}`));
}

function cells(key: readonly Value[], { decode }: Show): readonly Cell[] {
  return key.map((part) => (typeof part === "string" ? decode(part) : part));
}

function unitIn({ unit }: Show): { readonly unit?: string } {
  return unit === undefined ? {} : { unit };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function descending(left: bigint, right: bigint): number {
  return left < right ? 1 : left > right ? -1 : 0;
}
