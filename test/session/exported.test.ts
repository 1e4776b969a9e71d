/** `%export` and the comm `tapbook.data`, read back by programs that are not ours: Python's csv and json, Arrow's own reader, Rust's Parquet. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC, type Table } from "apache-arrow";
import { readParquet } from "parquet-wasm";
import type { CommMessage } from "../../kernel/protocol/interpreter.js";
import { TestNotebook, traceback } from "./notebook.js";

let folder: string;
let notebook: TestNotebook;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapbook-export-"));
  notebook = new TestNotebook();
  await notebook.run(`global n, wide, lat, by, text, total, empty
n["cat"] = 9223372036854775807; n["a,\\"b\\"\\nc"] = -9223372036854775807 - 1; n["grün"] = 0; n[""] = 5
wide[1, "x"] = "first"; wide[-2, "y"] = ""
text = "it's"; total = 42; empty["x"] = 1; delete empty["x"]
for (i = 1; i <= 100; i++) lat <<< i
by["few"] <<< 3; by["few"] <<< 3
printf("%d %d", @percentile(lat, 50), @variance(lat))`);
});
afterAll(async () => {
  await notebook.close();
  rmSync(folder, { recursive: true });
});

async function exported(what: string, form: string, option = ""): Promise<string> {
  const path = join(folder, `${what.replace("@", "_")}.${form}`);
  const cell = await notebook.run(`%export ${what} ${path} ${option}`);
  if (cell.outcome.status === "error") throw new Error(traceback(cell).join("\n"));
  return path;
}

/** What a program in Python makes of a file, as JSON with its numbers as texts. */
function python(script: string, path: string): unknown {
  return JSON.parse(execFileSync("python3", ["-c", script, path], { encoding: "utf8" }));
}

const CSV = `import csv, json, sys; print(json.dumps(list(csv.reader(open(sys.argv[1], newline="", encoding="utf8")))))`;
const JSON_ROWS = `import json, sys; d = json.load(open(sys.argv[1], encoding="utf8"))
print(json.dumps([[str(v) if isinstance(v, int) else v for v in row.values()] for row in d["rows"]]))`;

function rowsOf(table: Table): unknown[][] {
  const names = table.schema.fields.map(({ name }) => name);
  return Array.from({ length: table.numRows }, (_, row) =>
    names.map((name) => {
      const value: unknown = table.getChild(name)?.get(row);
      return typeof value === "bigint" ? String(value) : value;
    }),
  );
}

const arrow = (path: string): Table => tableFromIPC(readFileSync(path));
const parquet = (path: string): Table => tableFromIPC(readParquet(readFileSync(path)).intoIPCStream());

const NUMBERS = [
  ["cat", "9223372036854775807"],
  ['a,"b"\nc', "-9223372036854775808"],
  ["grün", "0"],
  ["", "5"],
];

test("a counting array, to the last digit, in every form", async () => {
  expect(python(CSV, await exported("n", "csv"))).toEqual([["key", "value"], ...NUMBERS]);
  expect(python(JSON_ROWS, await exported("n", "json"))).toEqual(NUMBERS);
  for (const [form, read] of [
    ["arrow", arrow],
    ["parquet", parquet],
  ] as const) {
    const table = read(await exported("n", form));
    expect(table.schema.fields.map(({ name, type }) => `${name} ${String(type)}`)).toEqual(["key Utf8", "value Int64"]);
    expect(rowsOf(table)).toEqual(NUMBERS);
  }
});

test("keys of several parts, numbers among them, and texts as values", async () => {
  const rows = [
    ["1", "x", "first"],
    ["-2", "y", ""],
  ];
  expect(python(CSV, await exported("wide", "csv"))).toEqual([["key_1", "key_2", "value"], ...rows]);
  expect(rowsOf(parquet(await exported("wide", "parquet")))).toEqual(rows);
  expect(rowsOf(arrow(await exported("wide", "arrow")))).toEqual(rows);
});

test("a number and a text alone are one row", async () => {
  expect(python(CSV, await exported("total", "csv"))).toEqual([["total"], ["42"]]);
  expect(rowsOf(arrow(await exported("text", "arrow")))).toEqual([["it's"]]);
});

test("a statistic is a row: what is exact as it is, percentiles between two ends", async () => {
  const table = parquet(await exported("lat", "parquet"));
  const [row] = rowsOf(table);
  const value = (name: string): unknown => row![table.schema.fields.findIndex((field) => field.name === name)];
  // Of 1 to 100.
  expect(["count", "sum", "min", "max", "mean"].map(value)).toEqual(["100", "5050", "1", "100", 50.5]);
  expect(value("variance")).toBeCloseTo((100 * 101) / 12, 9);
  for (const [name, truth] of [
    ["p50", 50],
    ["p90", 90],
    ["p99", 99],
    ["p99_9", 100],
  ] as const) {
    expect(Number(value(`${name}_low`))).toBeLessThanOrEqual(truth);
    expect(Number(value(`${name}_high`))).toBeGreaterThanOrEqual(truth);
    expect(Number(value(`${name}_high`)) - Number(value(`${name}_low`))).toBeLessThanOrEqual(truth / 16);
  }
});

test("the buckets of a histogram are rows that count all values", async () => {
  const rows = rowsOf(arrow(await exported("by", "arrow", "buckets")));
  expect(rows).toEqual([["few", "2", "3", "2"]]);
  const buckets = python(CSV, await exported("lat", "csv", "buckets")) as string[][];
  expect(buckets[0]).toEqual(["low", "high", "count"]);
  const counted = buckets.slice(1).map((row) => row.map(Number)) as [number, number, number][];
  for (const [low, high, count] of counted) {
    const truth = Array.from({ length: 100 }, (_, index) => index + 1).filter((each) => each >= low && each <= high);
    expect(count).toBe(truth.length);
  }
  expect(counted.reduce((sum, [, , count]) => sum + count, 0)).toBe(100);
});

test("what the data are goes along: in the metadata of Arrow and Parquet, and beside the rows of JSON", async () => {
  const schema = {
    global: "n",
    columns: [
      { name: "key", type: "string" },
      { name: "value", type: "long" },
    ],
  };
  expect(JSON.parse(arrow(await exported("n", "arrow")).schema.metadata.get("tapbook")!)).toEqual(schema);
  expect(JSON.parse(parquet(await exported("n", "parquet")).schema.metadata.get("tapbook")!)).toEqual(schema);
  expect((JSON.parse(readFileSync(await exported("n", "json"), "utf8")) as { schema: unknown }).schema).toEqual(schema);
});

test("an array that holds nothing is a table without rows, where the form allows that", async () => {
  expect(python(CSV, await exported("empty", "csv"))).toEqual([["key", "value"]]);
  expect(arrow(await exported("empty", "arrow")).numRows).toBe(0);
  await expect(exported("empty", "parquet")).rejects.toThrow("empty holds nothing to write");
});

test("a snapshot is exported as the global would be", async () => {
  await notebook.run("%snapshot kept total");
  expect(python(CSV, await exported("total@kept", "csv"))).toEqual([["total@kept"], ["42"]]);
});

test.each([
  ["%export n", "%export needs a global and a file"],
  ["%export nn x.csv", "there is no global nn"],
  ["%export n x.xlsx", "x.xlsx does not tell in which form"],
  ["%export n FOLDER/none/x.csv", "cannot write FOLDER/none/x.csv: ENOENT"],
  ["%export n x.csv rows", "%export does not understand `rows`"],
])("%s is refused", async (code, message) => {
  expect(traceback(await notebook.run(code.replace("FOLDER", folder)))[0]).toContain(message.replace("FOLDER", folder));
});

describe("the comm", () => {
  /** What it answers to each message, the first of which opens it. */
  async function asked(...messages: readonly Record<string, unknown>[]): Promise<CommMessage[]> {
    const answers: CommMessage[] = [];
    const [opening, ...rest] = messages.map((data) => ({ data, buffers: [] }));
    let arrived: () => void = () => undefined;
    const comm = {
      id: "test",
      close: () => undefined,
      send: (data: CommMessage["data"], buffers: CommMessage["buffers"] = []) => {
        answers.push({ data, buffers });
        arrived();
      },
    };
    const next = (): Promise<void> => new Promise((resolve) => (arrived = resolve));
    let wait = next();
    const listener = notebook.notebook.commTargets.get("tapbook.data")!(comm, opening!);
    if (answers.length === 0) await wait;
    for (const message of rest) {
      const before = answers.length;
      wait = next();
      listener.message(message);
      if (answers.length === before) await wait;
    }
    return answers;
  }

  test("lists the globals, and gives one as a stream of Arrow with its schema", async () => {
    const [list, data] = await asked({}, { global: "n" });
    expect(list?.data["globals"]).toContainEqual({ name: "n", type: "array of long by string" });
    expect(data?.data).toMatchObject({ status: "ok", format: "arrow-stream", rows: 4, schema: { global: "n" } });
    expect(rowsOf(tableFromIPC(data!.buffers[0]))).toEqual(NUMBERS);
    expect(JSON.parse(JSON.stringify(data!.data))).toEqual(data!.data);
  });

  test("gives buckets where they are asked for, and says what is wrong", async () => {
    const [buckets, unknown, wrong] = await asked({ global: "by", buckets: true }, { global: "nn" }, { global: 5 });
    expect(rowsOf(tableFromIPC(buckets!.buffers[0]))).toEqual([["few", "2", "3", "2"]]);
    expect(unknown?.data).toEqual({ status: "error", message: "there is no global nn", hint: "did you mean n?" });
    expect(wrong?.data).toMatchObject({ status: "error", message: expect.stringContaining("`global` must be a text") });
  });
});
