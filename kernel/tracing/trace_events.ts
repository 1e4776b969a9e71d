/** Timelines in the JSON trace format of Chrome, which ui.perfetto.dev and chrome://tracing open. */
import type { PrintedRows } from "./printed_rows.js";
import { timelineEvents, type TimelineColumns } from "./timelines.js";

/** `shown` is what a text becomes that leaves the session. Lanes are threads of one process, named as they are; what else a row holds are the arguments of its event. */
export function traceEventsJson(
  printed: PrintedRows,
  columns: TimelineColumns,
  shown: (text: string) => string = (text) => text,
): string {
  const events = timelineEvents(printed, columns).map((event) => ({
    ...event,
    lane: shown(event.lane),
    name: shown(event.name),
  }));
  const lanes = [...new Set(events.map(({ lane }) => lane))].toSorted((left, right) =>
    left.localeCompare(right, "en", { numeric: true }),
  );
  const threads = new Map(lanes.map((lane, index) => [lane, index + 1]));
  const laneName = columns.lane === null ? "" : `${printed.columns[columns.lane]?.name ?? ""} `;
  const named = lanes.flatMap((lane) => {
    const place = { ph: "M", pid: 1, tid: threads.get(lane) };
    return [
      { ...place, name: "thread_name", args: { name: `${laneName}${lane}` } },
      { ...place, name: "thread_sort_index", args: { sort_index: threads.get(lane) } },
    ];
  });
  const places = new Set([columns.moment, columns.duration, columns.lane, columns.name]);
  const traceEvents = events.map(({ name, start, duration, lane, row }) => ({
    name,
    pid: 1,
    tid: threads.get(lane),
    // Microseconds, to the nanosecond.
    ts: Number(start) / 1000,
    ...(duration === null ? { ph: "i", s: "t" } : { ph: "X", dur: Number(duration) / 1000 }),
    args: Object.fromEntries(
      printed.columns.flatMap((column, position) =>
        places.has(position) ? [] : [[column.name, jsonValue(row[position], shown)]],
      ),
    ),
  }));
  const process = { ph: "M", pid: 1, name: "process_name", args: { name: printed.name } };
  return JSON.stringify({ traceEvents: [process, ...named, ...traceEvents], displayTimeUnit: "ns" });
}

/** A number that JSON would round is a text. */
function jsonValue(cell: bigint | string | undefined, shown: (text: string) => string): number | string {
  if (typeof cell !== "bigint") return shown(cell ?? "");
  return BigInt(Number(cell)) === cell && Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
}
