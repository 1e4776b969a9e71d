/** Entries and returns as one event, against what can be said by hand. */
import { parseFormat } from "../../kernel/compiler/text/format.js";
import { PrintedRows } from "../../kernel/tracing/printed_rows.js";
import { timelineColumns, timelineEvents } from "../../kernel/tracing/timelines.js";

type Hit = readonly [time: number, thread: number, point: string];

/** Name, start, duration and thread of each event. */
function spansOf(hits: readonly Hit[]): (readonly [string, number, number | null, string])[] {
  const rows = PrintedRows.ofHits("hits", ["time_ns", "cpu", "tid", "name", "execname"]);
  const parsed = parseFormat("%d %d %d %s %s\n");
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  for (const [time, thread, point] of hits)
    rows.add(parsed.pieces, [BigInt(time), 0n, BigInt(thread), point, `program${thread}`]);
  return timelineEvents(rows, timelineColumns(rows)!).map(
    ({ name, start, duration, lane }) =>
      [name, Number(start), duration === null ? null : Number(duration), lane] as const,
  );
}

test("threads have calls of their own, whatever order they come in", () => {
  expect(
    spansOf([
      [100, 1, "syscall.read"],
      [180, 2, "syscall.read.return"],
      [120, 2, "syscall.read"],
      [150, 1, "syscall.read.return"],
    ]),
  ).toEqual([
    ["syscall.read", 0, 50, "1 program1"],
    ["syscall.read", 20, 60, "2 program2"],
  ]);
});

test("a function that calls itself returns from the last call first", () => {
  const point = 'process("a").function("f")';
  expect(
    spansOf([
      [0, 1, `${point}.call`],
      [10, 1, `${point}.call`],
      [20, 1, `${point}.return`],
      [50, 1, `${point}.return.maxactive(5)`],
    ]),
  ).toEqual([
    [point, 0, 50, "1 program1"],
    [point, 10, 10, "1 program1"],
  ]);
});

test("what has one end only, and what has none, is told as it is", () => {
  expect(
    spansOf([
      [5, 1, "syscall.poll.return"],
      [10, 1, "syscall.read"],
      [12, 1, 'kernel.trace("sched_switch")'],
      [20, 1, "syscall.write.return"],
    ]),
  ).toEqual([
    ["syscall.poll.return", 0, null, "1 program1"],
    ["syscall.read", 5, null, "1 program1"],
    ['kernel.trace("sched_switch")', 7, null, "1 program1"],
    ["syscall.write.return", 15, null, "1 program1"],
  ]);
});
