/** What a table says of its rows' places; that a browser puts them there is test/lab's affair. */
import { renderResult } from "../../kernel/render/index.js";
import type { TableResult } from "../../kernel/tracing/result.js";
import { TABLE } from "./results.js";

async function html(result: TableResult): Promise<string> {
  return String((await renderResult(result)).data["text/html"]);
}

/** The rows' first cells in the order of a column's places. */
async function sortedBy(result: TableResult, column: number): Promise<string[]> {
  const rows = [...(await html(result)).matchAll(/<tr style="([^"]*)"><td[^>]*>(.*?)<\/td>/g)];
  const place = (style: string): number => Number(new RegExp(`--p${column}:(\\d+)`).exec(style)![1]);
  return rows
    .map(([, style = "", first = ""]) => ({ place: place(style), first }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ first }) => first);
}

test("every row knows its place by each column: numbers by size, texts by alphabet, what is missing first", async () => {
  const rows = [
    ["disk10", 7n, -3n],
    ["disk9", 100n, ""],
    ["Cache", -1n, 9_007_199_254_740_993n],
    ["disk2", 7n, 9_007_199_254_740_992n],
  ] as const;
  const table = { ...TABLE, rows, totalRows: rows.length };
  expect(await sortedBy(table, 0)).toEqual(["Cache", "disk2", "disk9", "disk10"]);
  expect(await sortedBy(table, 1)).toEqual(["Cache", "disk10", "disk2", "disk9"]);
  expect(await sortedBy(table, 2)).toEqual(["disk9", "disk10", "disk2", "Cache"]);
});

test("there is no script, and one row alone is not sorted", async () => {
  expect(await html(TABLE)).toContain('type="radio"');
  expect(await html(TABLE)).not.toMatch(/<script|onclick/);
  expect(await html({ ...TABLE, rows: TABLE.rows.slice(0, 1) })).not.toContain("radio");
});
