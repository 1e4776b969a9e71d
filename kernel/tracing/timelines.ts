/** Printed rows on an axis of time: which columns say when, how long, where and what. */
import type { PrintedRows } from "./printed_rows.js";
import type { Cell, TimelineEvent, TimelineResult } from "./result.js";
import { haveReturns, pairedSpans } from "./spans.js";

/** Events that are still told apart, and that a front end can bear. */
const MOST_EVENTS = 3000;
const MOST_LANES = 32;

const STARTS = ["time", "start", "timestamp", "ts", "at"];
const ENDS = ["end", "finish"];
const DURATIONS = ["duration", "latency", "took", "elapsed"];
const LANES = ["cpu", "tid", "thread", "pid", "comm", "execname", "process"];

const THREADS = ["tid", "thread"];
const PROGRAMS = ["comm", "execname", "process"];
/** Lanes that are told by a number, and read better with a name. */
const NUMBERED = ["tid", "pid"];

const NANOSECONDS: Readonly<Record<string, bigint>> = { ns: 1n, µs: 1_000n, ms: 1_000_000n, s: 1_000_000_000n };

/** Positions of the columns that a timeline is made of. */
export interface TimelineColumns {
  readonly moment: number;
  /** The moment is that of the end. */
  readonly isEnd: boolean;
  readonly duration: number | null;
  readonly lane: number | null;
  readonly name: number | null;
  /** Tells threads apart, of which entries and returns are paired; null where events say themselves how long they took. */
  readonly thread: number | null;
  /** What the numbers of threads and processes are called by, besides. */
  readonly program: number | null;
}

/** Null where no column says when. The lane is the column of that name, or the first that could be one. */
export function timelineColumns(printed: PrintedRows, laneName?: string): TimelineColumns | null {
  const find = (names: readonly string[]): number | null => {
    for (const name of names) {
      const position = printed.column(name);
      if (position !== null) return position;
    }
    return null;
  };
  const start = find(STARTS);
  const end = find(ENDS);
  const moment = start ?? end;
  if (moment === null) return null;
  const usual = printed.areHits ? THREADS : LANES;
  const lane = laneName === undefined ? find(usual) : printed.column(laneName);
  const text = printed.columns.findIndex(({ type }, position) => type === "string" && position !== lane);
  const name = text < 0 ? lane : text;
  const [duration, thread, program] = [find(DURATIONS), find(THREADS), find(PROGRAMS)];
  return {
    moment,
    isEnd: start === null,
    duration,
    lane,
    name,
    thread: duration === null && start !== null ? thread : null,
    program: lane !== null && NUMBERED.includes(printed.columnNames[lane] ?? "") && program !== name ? program : null,
  };
}

/** The first of the events, in the lanes that have the most of them. */
export function timelineResult(printed: PrintedRows, columns: TimelineColumns, top = MOST_LANES): TimelineResult {
  const all = timelineEvents(printed, columns);
  const counts = new Map<string, number>();
  for (const { lane } of all) counts.set(lane, (counts.get(lane) ?? 0) + 1);
  const busiest = [...counts].toSorted(([, left], [, right]) => right - left).slice(0, top);
  const lanes = busiest.map(([lane]) => lane).toSorted(byNumberOrText);
  const places = new Map(lanes.map((lane, place) => [lane, place]));
  const events = all.flatMap(({ lane, ...event }): TimelineEvent[] => {
    const place = places.get(lane);
    return place === undefined ? [] : [{ ...event, lane: place }];
  });
  return {
    kind: "timeline",
    label: printed.name,
    laneName: columns.lane === null ? "" : (printed.columns[columns.lane]?.name ?? ""),
    lanes,
    events: events.slice(0, MOST_EVENTS),
    totalLanes: counts.size,
    // What is not kept is not paired either.
    totalEvents: all.length + printed.total - printed.rows.length,
  };
}

export interface NamedEvent extends Omit<TimelineEvent, "lane"> {
  readonly lane: string;
  /** The row it comes from. */
  readonly row: readonly Cell[];
}

/** All that are kept, in the order of their starts; an entry and its return are one. */
export function timelineEvents(printed: PrintedRows, columns: TimelineColumns): NamedEvent[] {
  const label = laneLabels(printed, columns);
  const text = (row: readonly Cell[], column: number | null): string =>
    column === null ? "" : String(row[column] ?? "");
  const events = printed.rows.map((row) => {
    const duration = columns.duration === null ? null : nanoseconds(printed, row, columns.duration);
    const moment = nanoseconds(printed, row, columns.moment);
    return {
      start: columns.isEnd ? moment - (duration ?? 0n) : moment,
      duration,
      lane: label(text(row, columns.lane)),
      name: columns.name === null ? "event" : text(row, columns.name),
      thread: text(row, columns.thread),
      row,
    };
  });
  const first = events.reduce((least, { start }) => (start < least ? start : least), events[0]?.start ?? 0n);
  const ordered = events
    .map((event) => ({ ...event, start: event.start - first }))
    .toSorted((left, right) => (left.start < right.start ? -1 : left.start > right.start ? 1 : 0));
  return columns.thread !== null && haveReturns(ordered) ? pairedSpans(ordered) : ordered;
}

/** Lanes that are numbers of threads or processes are called by what these ran last, too. */
function laneLabels(printed: PrintedRows, { lane, program }: TimelineColumns): (lane: string) => string {
  if (lane === null || program === null) return (text) => text;
  const programs = new Map(printed.rows.map((row) => [String(row[lane] ?? ""), String(row[program] ?? "")]));
  return (text) => `${text} ${programs.get(text) ?? ""}`.trimEnd();
}

/** What tells no unit is in nanoseconds, as `gettimeofday_ns()` is. */
function nanoseconds(printed: PrintedRows, row: readonly Cell[], column: number): bigint {
  const value = row[column];
  return typeof value === "bigint" ? value * (NANOSECONDS[printed.columns[column]?.unit ?? "ns"] ?? 1n) : 0n;
}

function byNumberOrText(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}
