import { parseFormat } from "../../kernel/compiler/text/format.js";
import { PrintedRows } from "../../kernel/tracing/printed_rows.js";
import { timelineColumns, timelineResult } from "../../kernel/tracing/timelines.js";
import { traceEventsJson } from "../../kernel/tracing/trace_events.js";

function rowsOf(columns: string, format: string, rows: readonly (readonly (bigint | string)[])[]): PrintedRows {
  const parsed = parseFormat(format);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  const printed = new PrintedRows("events", columns.split(" "));
  for (const row of rows) printed.add(parsed.pieces, row);
  return printed;
}

test("units of columns are minded, events are ordered by their starts, lanes by their numbers", () => {
  const rows = rowsOf("time_ms duration_us cpu what", "%d %d %d %s\n", [
    [12n, 5n, 10n, "b"],
    [10n, 7n, 2n, "a"],
  ]);
  const { lanes, events, laneName } = timelineResult(rows, timelineColumns(rows)!);
  expect([laneName, lanes]).toEqual(["cpu", ["2", "10"]]);
  expect(events).toMatchObject([
    { start: 0n, duration: 7_000n, lane: 0, name: "a" },
    { start: 2_000_000n, duration: 5_000n, lane: 1, name: "b" },
  ]);
});

test("an event that says its end begins before it", () => {
  const rows = rowsOf("end_ns took_ns tid", "%d %d %d\n", [
    [1000n, 400n, 7n],
    [2000n, 100n, 7n],
  ]);
  const { events } = timelineResult(rows, timelineColumns(rows)!);
  expect(events.map(({ start, duration }) => [start, duration])).toEqual([
    [0n, 400n],
    [1300n, 100n],
  ]);
});

test("lanes can be chosen, and the busiest are shown", () => {
  const rows = rowsOf("time_s cpu comm", "%d %d %s\n", [
    [1n, 0n, "a"],
    [2n, 1n, "b"],
    [3n, 1n, "b"],
  ]);
  expect(timelineResult(rows, timelineColumns(rows, "comm")!, 1)).toMatchObject({
    lanes: ["b"],
    totalLanes: 2,
    laneName: "comm",
  });
  expect(timelineColumns(rowsOf("when cpu", "%d %d\n", [[1n, 2n]]))).toBeNull();
});

test("the trace format has microseconds, moments without a length, and every other column as argument", () => {
  const rows = rowsOf("time_ns cpu name bytes", "%d %d %s %d\n", [
    [5_000n, 1n, "read", 42n],
    [6_500n, 0n, "write", 1n << 62n],
  ]);
  const { traceEvents, displayTimeUnit } = JSON.parse(traceEventsJson(rows, timelineColumns(rows)!)) as {
    traceEvents: Record<string, unknown>[];
    displayTimeUnit: string;
  };
  expect(displayTimeUnit).toBe("ns");
  expect(traceEvents.filter(({ ph }) => ph !== "M")).toEqual([
    { name: "read", pid: 1, tid: 2, ts: 0, ph: "i", s: "t", args: { bytes: 42 } },
    { name: "write", pid: 1, tid: 1, ts: 1.5, ph: "i", s: "t", args: { bytes: String(1n << 62n) } },
  ]);
  expect(traceEvents.filter(({ name }) => name === "thread_name")).toEqual([
    { ph: "M", pid: 1, tid: 1, name: "thread_name", args: { name: "cpu 0" } },
    { ph: "M", pid: 1, tid: 2, name: "thread_name", args: { name: "cpu 1" } },
  ]);
});
