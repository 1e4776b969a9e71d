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
