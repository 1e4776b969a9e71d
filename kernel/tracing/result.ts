/** What a trace or a cell has to show, as data. `render/` has one file for each kind. */

/** A number or a text of the script, the text decoded for people. */
export type Cell = bigint | string;

/** One number. */
export interface NumberResult {
  readonly kind: "number";
  readonly label: string;
  readonly value: bigint;
  /** Such as `ns`, where known. */
  readonly unit?: string;
}

/** One text. */
export interface TextResult {
  readonly kind: "text";
  readonly label: string;
  readonly value: string;
}

/** What stands in a column of a table. */
export interface Column {
  readonly name: string;
  readonly type: "long" | "string";
  readonly unit?: string;
  /** Its numbers are names, as that of a process is: their digits stay together. */
  readonly isName?: boolean;
  /** What to know of its numbers, such as how exact they are. */
  readonly note?: string;
}

/** An array, or an array of statistics with a column for each extractor. */
export interface TableResult {
  readonly kind: "table";
  readonly label: string;
  readonly columns: readonly Column[];
  /** How many of the first columns are keys. */
  readonly keyColumns: number;
  readonly rows: readonly (readonly Cell[])[];
  /** Rows there were before the list was cut for display. */
  readonly totalRows: number;
}

/** A counting array's largest entries, for a bar chart. */
export interface BarsResult {
  readonly kind: "bars";
  readonly label: string;
  readonly keyName: string;
  readonly valueName: string;
  readonly unit?: string;
  /** Largest first. */
  readonly bars: readonly { readonly key: string; readonly value: bigint }[];
  readonly totalBars: number;
}

/** A bucket of a histogram. */
export interface Bucket {
  /** Inclusive; null where the bucket has no lower end. */
  readonly low: bigint | null;
  /** Exclusive; null where the bucket has no upper end. */
  readonly high: bigint | null;
  readonly count: bigint;
}

/** The histogram of one statistic. */
export interface HistogramResult {
  readonly kind: "histogram";
  readonly label: string;
  readonly scale: "log" | "linear";
  readonly buckets: readonly Bucket[];
  readonly count: bigint;
  readonly sum: bigint;
  readonly min: bigint;
  readonly max: bigint;
  /** As exactly as the buckets tell them; absent where they do not. */
  readonly quantiles?: readonly { readonly name: string; readonly value: Measured }[];
  readonly unit?: string;
  /** SystemTap's own drawing, byte for byte, with its final empty line. */
  readonly text: string;
}

/** Histograms of an array's statistics, to be compared: all with the same buckets. */
export interface HistogramsResult {
  readonly kind: "histograms";
  readonly label: string;
  readonly scale: "log" | "linear";
  readonly unit?: string;
  /** Most values first. */
  readonly panels: readonly HistogramPanel[];
  readonly totalPanels: number;
}

/** The histogram of one key. */
export interface HistogramPanel {
  readonly key: string;
  readonly buckets: readonly Bucket[];
  readonly count: bigint;
  /** SystemTap's own drawing. */
  readonly text: string;
}

/** The same histograms in one chart, a line each. */
export interface OverlayResult extends Omit<HistogramsResult, "kind"> {
  readonly kind: "overlay";
}

/** How the values of a histogram lay while time went by. */
export interface HeatmapResult {
  readonly kind: "heatmap";
  readonly label: string;
  readonly unit?: string;
  /** Seconds since the start at which columns begin, and at which the last one ends. */
  readonly times: readonly number[];
  /** Lowest first; their counts are of the whole time. */
  readonly buckets: readonly Bucket[];
  /** For each column the count in each bucket. */
  readonly columns: readonly (readonly bigint[])[];
}

/** The same of an array's statistics, to be compared: all over the same times and buckets. */
export interface HeatmapsResult extends Omit<HeatmapResult, "kind" | "columns"> {
  readonly kind: "heatmaps";
  /** Most values first. */
  readonly panels: readonly HeatmapPanel[];
  readonly totalPanels: number;
}

/** The heat map of one key. */
export interface HeatmapPanel {
  readonly key: string;
  readonly count: bigint;
  readonly columns: HeatmapResult["columns"];
}

/** Numbers that moved while time went by. */
export interface SeriesResult {
  readonly kind: "series";
  readonly label: string;
  /** What the numbers are, such as `value` or `average`. */
  readonly valueName: string;
  readonly unit?: string;
  /** Largest first; of what has no keys the one with an empty key. */
  readonly lines: readonly SeriesLine[];
  readonly totalLines: number;
}

/** One line of a chart over time. */
export interface SeriesLine {
  readonly key: string;
  readonly points: readonly { readonly seconds: number; readonly value: number }[];
}

/** Two numbers of each printed row, one against the other. */
export interface ScatterResult {
  readonly kind: "scatter";
  readonly label: string;
  readonly x: Column;
  readonly y: Column;
  /** What tells the points apart by colour. */
  readonly group?: Column;
  readonly points: readonly ScatterPoint[];
  /** Points there were before they were thinned for display. */
  readonly totalPoints: number;
}

/** One printed row. */
export interface ScatterPoint {
  readonly x: bigint;
  readonly y: bigint;
  /** Empty where nothing tells them apart. */
  readonly group: string;
}

/** Counts by call stack, as a tree from the outermost caller inwards. */
export interface FlameResult {
  readonly kind: "flame";
  readonly label: string;
  readonly unit?: string;
  readonly root: FlameNode;
}

/** A function as its callers reach it. */
export interface FlameNode {
  readonly name: string;
  /** Where its code is, which its colour tells; `key`: no code, but another part of the array's key. */
  readonly space: "kernel" | "user" | "key";
  /** Of all stacks that go through it. */
  readonly value: bigint;
  /** Largest first. */
  readonly children: readonly FlameNode[];
}

/** Two counts by call stack, one earlier and one later, as one tree. */
export interface FlameDifferenceResult {
  readonly kind: "flame_difference";
  readonly label: string;
  readonly unit?: string;
  /** By how much the earlier numbers were multiplied, where both wholes were made equal. */
  readonly scaled?: number;
  readonly root: ChangedNode;
}

/** A function as its callers reach it, then and now. */
export interface ChangedNode {
  readonly name: string;
  readonly space: FlameNode["space"];
  /** Of all stacks that go through it; 0 where there were none. */
  readonly before: bigint;
  readonly after: bigint;
  /** Largest first. */
  readonly children: readonly ChangedNode[];
}

/** Numbers then and now, a row each, with the change of each. */
export interface ChangesResult {
  readonly kind: "changes";
  readonly label: string;
  /** The names of the two sides, such as `x@before` and `x`. */
  readonly before: string;
  readonly after: string;
  /** Headings of the columns that tell rows apart. */
  readonly keys: readonly string[];
  /** The greatest change first. */
  readonly rows: readonly ChangedRow[];
  /** Rows there were before the list was cut for display. */
  readonly totalRows: number;
  /** Numbers that are the same on both sides, and are in no row. */
  readonly unchanged: number;
}

/** A key, then and now. */
export interface ChangedRow {
  readonly key: readonly Cell[];
  /** Null where there was nothing. */
  readonly before: Measured | null;
  readonly after: Measured | null;
  readonly unit?: string;
}

/** A number as far as it is known: it lies between `low` and `high`, both included. */
export interface Measured {
  readonly value: bigint;
  readonly low: bigint;
  readonly high: bigint;
}

/** Histograms then and now, back to back on the same buckets. */
export interface MirrorResult {
  readonly kind: "mirror";
  readonly label: string;
  /** The names of the two sides, such as `x@before` and `x`. */
  readonly before: string;
  readonly after: string;
  readonly scale: "log" | "linear";
  readonly unit?: string;
  /** One, or one for each key of an array: the greatest change first. All have the same buckets. */
  readonly panels: readonly MirrorPanel[];
  readonly totalPanels: number;
}

/** The histograms of one key, then and now. */
export interface MirrorPanel {
  /** Empty where there is one alone. */
  readonly key: string;
  readonly buckets: readonly MirrorBucket[];
  /** All values of a side. */
  readonly before: bigint;
  readonly after: bigint;
}

/** A bucket of both. */
export interface MirrorBucket {
  readonly low: bigint | null;
  readonly high: bigint | null;
  readonly before: bigint;
  readonly after: bigint;
}

/** What functions took altogether and in themselves, from the outermost caller inwards. */
export interface CallTreeResult {
  readonly kind: "call_tree";
  readonly label: string;
  readonly unit?: string;
  readonly root: CallNode;
}

/** A function as its callers reach it, with its own share. */
export interface CallNode {
  readonly name: string;
  readonly space: FlameNode["space"];
  /** With all that it called. */
  readonly total: bigint;
  /** Of the stacks that end in it. */
  readonly own: bigint;
  /** How many values its stacks have; null where only their numbers are known. */
  readonly count: bigint | null;
  /** Largest first. */
  readonly children: readonly CallNode[];
}

/** Printed rows on an axis of time. */
export interface TimelineResult {
  readonly kind: "timeline";
  readonly label: string;
  /** What lanes are, such as `cpu`. */
  readonly laneName: string;
  readonly lanes: readonly string[];
  /** Lanes there were before those with the fewest events were left out. */
  readonly totalLanes: number;
  readonly events: readonly TimelineEvent[];
  /** Events there were before some were left out. */
  readonly totalEvents: number;
}

/** Something that happened on a lane. */
export interface TimelineEvent {
  /** Nanoseconds since the first one. */
  readonly start: bigint;
  /** In nanoseconds; null for what has none. */
  readonly duration: bigint | null;
  /** Its position in the lanes. */
  readonly lane: number;
  readonly name: string;
}

/** How far what was shown can be trusted. Every count is of the whole trace. */
export interface FidelityResult {
  readonly kind: "fidelity";
  /** Probe hits that ran a handler. */
  readonly events: bigint;
  /** Output records that found the ring buffer full. */
  readonly lost: bigint;
  /** Insertions refused because an array was full. */
  readonly mapFull: bigint;
  /** Hits that the kernel skipped because the probe was already running on that CPU. */
  readonly missed: bigint;
  /** Run-time errors of handlers. */
  readonly errors: bigint;
  /** Lines and bytes left out of the display by the output cap. */
  readonly cut: { readonly lines: bigint; readonly bytes: bigint };
  /** Measured on a sample of the run; null where nothing was measured. */
  readonly nanosecondsPerHit: number | null;
  /** 1 is one whole CPU. */
  readonly cpuShare: number | null;
  readonly seconds: number;
  /** It was ended early since its programs took more of the machine's processor time than was allowed; 1 is all of it. */
  readonly overload?: { readonly share: number; readonly maxShare: number };
}

/** How far a trace that runs has come; its last word is a FidelityResult. */
export interface ProgressResult {
  readonly kind: "progress";
  readonly state: "running" | "paused";
  readonly fidelity: FidelityResult;
  readonly eventsPerSecond: number;
  /** Of each point, where there are several; the busiest first. */
  readonly probes: readonly { readonly point: string; readonly eventsPerSecond: number }[];
  /** How long it will run, where that is known. */
  readonly totalSeconds?: number;
}

/** How far a trace is with attaching or detaching what it has many of. */
export interface LinksResult {
  readonly kind: "links";
  /** `cancelling`: it was told to give up, and lets go of those that were done. */
  readonly work: "attaching" | "detaching" | "cancelling";
  readonly done: number;
  readonly total: number;
}

export type Result =
  | NumberResult
  | TextResult
  | TableResult
  | BarsResult
  | HistogramResult
  | HistogramsResult
  | OverlayResult
  | HeatmapResult
  | HeatmapsResult
  | SeriesResult
  | ScatterResult
  | FlameResult
  | FlameDifferenceResult
  | CallTreeResult
  | TimelineResult
  | ChangesResult
  | MirrorResult
  | FidelityResult
  | ProgressResult
  | LinksResult;

/** The figures of a fidelity line as JSON has them: a count beyond what its numbers hold exactly is a text. */
export interface FidelityFigures extends Readonly<
  Record<"events" | "lost" | "mapFull" | "missed" | "errors", number | string>
> {
  readonly cut: Readonly<Record<"lines" | "bytes", number | string>>;
  readonly nanosecondsPerHit: number | null;
  readonly cpuShare: number | null;
  readonly seconds: number;
  readonly overload?: { readonly share: number; readonly maxShare: number };
}

/** What a reader of the saved output needs to judge it; stored in the output's metadata. */
export interface Provenance {
  /** Of the whole trace, or of as much of it as there had been. */
  readonly fidelity?: FidelityFigures;
  readonly kernelRelease: string;
  readonly architecture: string;
  readonly machine: string;
  readonly cpus: number;
  /** SHA-256 of the script's text, in hexadecimal. */
  readonly scriptHash: string;
  readonly tapbookVersion: string;
  readonly probes: readonly { readonly point: string; readonly mechanism: string }[];
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly end: string;
}
