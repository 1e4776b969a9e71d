import { plainResult, renderResult } from "../../kernel/render/index.js";
import { TABLE } from "./results.js";

async function html(): Promise<string> {
  return String((await renderResult(TABLE)).data["text/html"]);
}

test("as text: aligned, every digit there, control characters visible", () => {
  expect(plainResult(TABLE)).toBe(
    [
      "reads",
      "execname                      pid              avg (ns)",
      "---------------------------  ----  --------------------",
      "bash                         4021               1234567",
      "<script>alert('x')</script>     7  -9223372036854775808",
      "a\\tb\\n                         12                     0",
      "… and 12 more rows",
    ].join("\n"),
  );
});

describe("as text in a terminal", () => {
  const path = "/usr/lib/a folder/with-a-name-that-is-long/and/another/one/below/it/file.so.6";
  const frames = Array.from({ length: 30 }, (_, frame) => `function_${frame}`).join(" < ");
  const wide = {
    ...TABLE,
    columns: [{ name: "path", type: "string" }, { name: "stack", type: "string" }, TABLE.columns[2]!] as const,
    rows: [[path, frames, -9223372036854775808n] as const, ["x".repeat(200), "b", 7n] as const],
    totalRows: 2,
  };

  test("no line is wider than one, and nothing is left out", () => {
    const [, head = "", , ...lines] = plainResult(wide).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    const stackAt = head.indexOf("stack");
    const read = (from: number, to: number): string => lines.map((line) => line.slice(from, to)).join("");
    // What was broken behind a blank has lost nothing but what a line's end cannot show.
    const bare = (text: string): string => text.replaceAll(" ", "");
    expect(bare(read(0, stackAt))).toBe(bare(`${path}${"x".repeat(200)}`));
    expect(bare(read(stackAt, head.indexOf("avg") - 10))).toContain("function_0<function_1<");
    for (const value of ["-9223372036854775808", " 7"])
      expect(lines.filter((line) => line.endsWith(value))).toHaveLength(1);
  });

  test("lines are broken between words where they can be", () => {
    const lines = plainResult(wide).split("\n");
    expect(lines.join("\n")).not.toMatch(/functio\s*\n/);
    expect(lines.some((line) => line.startsWith("/usr/lib/a folder/"))).toBe(true);
  });

  test("a table that fits is as wide as it is", () => {
    expect(plainResult({ ...TABLE, totalRows: 3 })).toContain("<script>alert('x')</script>     7");
  });
});

test("as HTML: what was traced is text, not markup", async () => {
  expect(await html()).toContain('<td style="text-align:left">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</td>');
  expect(await html()).not.toMatch(/<script|<\/script/);
});

test("as HTML: copying a number copies its digits", async () => {
  const cells = Array.from((await html()).matchAll(/<td style="text-align:right">(.*?)<\/td>/g), ([, cell = ""]) =>
    cell.replaceAll(/<[^>]*>/g, ""),
  );
  expect(cells).toEqual(["4021", "1234567", "7", "-9223372036854775808", "12", "0"]);
});

test("as HTML: only values are grouped, a process number is a name", async () => {
  expect(await html()).toContain(">4021<");
  expect(await html()).toContain(">1<span>234</span><span>567</span><");
});

test("nothing is said to be left out of a whole table", async () => {
  const whole = { ...TABLE, totalRows: TABLE.rows.length };
  expect(plainResult(whole)).not.toContain("more");
  expect(String((await renderResult(whole)).data["text/html"])).not.toContain("more row");
});

test("one row left out is one row", () => {
  expect(plainResult({ ...TABLE, totalRows: 4 })).toMatch(/… and 1 more row$/);
});
