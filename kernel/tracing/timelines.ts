/** Printed rows on an axis of time: which columns say when, how long, where and what. */
import type { PrintedRows } from "./printed_rows.js";
import type { Cell, TimelineEvent, TimelineResult } from "./result.js";

/** Events that are still told apart, and that a front end can bear. */
const MOST_EVENTS = 3000;
const MOST_LANES = 32;

const STARTS = ["time", "start", "timestamp", "ts", "at"];
const ENDS = ["end", "finish"];
const DURATIONS = ["duration", "latency", "took", "elapsed"];
const LANES = ["cpu", "tid", "thread", "pid", "comm", "execname", "process"];

const NANOSECONDS: Readonly<Record<string, bigint>> = { ns: 1n, µs: 1_000n, ms: 1_000_000n, s: 1_000_000_000n };

/** Positions of the columns that a timeline is made of. */
export interface TimelineColumns {
  readonly moment: number;
  /** The moment is that of the end. */
  readonly isEnd: boolean;
  readonly duration: number | null;
  readonly lane: number | null;
  readonly name: number | null;
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
  const lane = laneName === undefined ? find(LANES) : printed.column(laneName);
  const name = printed.columns.findIndex(({ type }, position) => type === "string" && position !== lane);
  return { moment, isEnd: start === null, duration: find(DURATIONS), lane, name: name < 0 ? lane : name };
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
    totalEvents: printed.total,
  };
}

export interface NamedEvent extends Omit<TimelineEvent, "lane"> {
  readonly lane: string;
  /** The row it comes from. */
  readonly row: readonly Cell[];
}

/** All that are kept, in the order of their starts. */
export function timelineEvents(printed: PrintedRows, columns: TimelineColumns): NamedEvent[] {
  const events = printed.rows.map((row) => {
    const duration = columns.duration === null ? null : nanoseconds(printed, row, columns.duration);
    const moment = nanoseconds(printed, row, columns.moment);
    return {
      start: columns.isEnd ? moment - (duration ?? 0n) : moment,
      duration,
      lane: columns.lane === null ? "" : String(row[columns.lane] ?? ""),
      name: columns.name === null ? "event" : String(row[columns.name] ?? ""),
      row,
    };
  });
  const first = events.reduce((least, { start }) => (start < least ? start : least), events[0]?.start ?? 0n);
  return events
    .map((event) => ({ ...event, start: event.start - first }))
    .toSorted((left, right) => (left.start < right.start ? -1 : left.start > right.start ? 1 : 0));
}

/** What tells no unit is in nanoseconds, as `gettimeofday_ns()` is. */
function nanoseconds(printed: PrintedRows, row: readonly Cell[], column: number): bigint {
  const value = row[column];
  return typeof value === "bigint" ? value * (NANOSECONDS[printed.columns[column]?.unit ?? "ns"] ?? 1n) : 0n;
}

function byNumberOrText(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}
