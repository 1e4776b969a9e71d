import { parseFormat } from "../../kernel/compiler/text/format.js";
import { PrintedRows } from "../../kernel/tracing/printed_rows.js";
import { rowsScatter, rowsTable } from "../../kernel/tracing/row_results.js";

function pieces(format: string) {
  const parsed = parseFormat(format);
  if ("problem" in parsed) throw new Error(parsed.problem.message);
  return parsed.pieces;
}

test("directives are columns, names tell units, and texts leave the language's bytes", () => {
  const rows = new PrintedRows("reads", ["pid", "comm", "latency_us", "address"]);
  const format = pieces("%d %s took %5d at %p\n");
  expect(rows.add(format, [7n, "caf\u00c3\u00a9", 250n, 0xffff8000n])).toBe(true);
  expect(rows.columns).toEqual([
    { name: "pid", type: "long", isName: true },
    { name: "comm", type: "string" },
    { name: "latency", type: "long", unit: "µs" },
    { name: "address", type: "string" },
  ]);
  expect(rowsTable(rows)).toMatchObject({ label: "reads", rows: [[7n, "café", 250n, "0xffff8000"]], totalRows: 1 });
  expect([rows.column("latency_us"), rows.column("latency"), rows.column("nothing")]).toEqual([2, 2, null]);
});

test("without names, the text before a directive tells them", () => {
  const rows = new PrintedRows("rows", []);
  rows.add(pieces("pid=%d comm: %s, %d\n"), [7n, "bash", 3n]);
  expect(rows.columnNames).toEqual(["pid", "comm", "column 3"]);
});

test("what has another shape is no row", () => {
  const rows = new PrintedRows("rows", ["a", "b"]);
  expect(rows.add(pieces("begin\n"), [])).toBe(false);
  expect(rows.add(pieces("%d\n"), [1n])).toBe(false);
  expect(rows.add(pieces("%d %s\n"), [1n, "x"])).toBe(true);
  expect(rows.add(pieces("%s %d\n"), ["x", 1n])).toBe(false);
  expect(rows.add(pieces("%d %s %d\n"), [1n, "x", 2n])).toBe(false);
  expect(rows.add(pieces("%*d %s\n"), [9n, 2n, "y"])).toBe(true);
  expect(rows.rows).toEqual([
    [1n, "x"],
    [2n, "y"],
  ]);
});

test("rows beyond those that are kept are counted, and the table says how many", () => {
  const rows = new PrintedRows("rows", ["n", "square"], 150);
  const format = pieces("%d %d\n");
  for (let n = 0n; n < 400n; n++) rows.add(format, [n, n * n]);
  expect([rows.rows.length, rows.total]).toEqual([150, 400]);
  const table = rowsTable(rows);
  expect([table.rows.length, table.totalRows]).toEqual([100, 400]);
  expect(table.rows.at(-1)).toEqual([99n, 9801n]);
});

test("a scatter of many rows has every so many-th of them", () => {
  const rows = new PrintedRows("rows", ["n", "square", "parity"]);
  const format = pieces("%d %d %s\n");
  for (let n = 0n; n < 5000n; n++) rows.add(format, [n, n * n, n % 2n === 0n ? "even" : "odd"]);
  const { points, totalPoints, x, y, group } = rowsScatter(rows, [0, 1, 2]);
  expect([x.name, y.name, group?.name]).toEqual(["n", "square", "parity"]);
  expect(totalPoints).toBe(5000);
  expect(points.length).toBeLessThanOrEqual(2000);
  expect(points.slice(0, 2)).toEqual([
    { x: 0n, y: 0n, group: "even" },
    { x: 3n, y: 9n, group: "odd" },
  ]);
});
