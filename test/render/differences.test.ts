/** Then and now: the table of changes and the mirrored histogram, against numbers that were worked out by hand. */
import { plainResult, renderResult } from "../../kernel/render/index.js";
import { CHANGES, MIRROR, MIRRORS } from "./results.js";

test("a row says then, now, the change, its share, and how exactly all that is known", () => {
  expect(plainResult(CHANGES).split("\n").slice(1)).toEqual([
    "key     figure  lat@before         lat        change  change %  known to",
    "------  ------  ----------  ----------  ------------  --------  --------",
    "<read>  count          100         250          +150    +150 %     exact",
    // 1535 lies 512 from the end of its bucket, 6143 lies 2048 from its own.
    "<read>  p50      ≈ 1535 ns   ≈ 6143 ns    ≈ +4608 ns    +300 %   ±33.4 %",
    // The two ranges have numbers in common: nobody knows that anything changed.
    "<read>  p99      ≈ 6143 ns  ≈ 12191 ns  within error             ±34.4 %",
    "new     count                        3           new               exact",
    "gone    count            4                      gone               exact",
    "… and 2 more that changed · 12 unchanged",
  ]);
});

test("as HTML it says the same, and nothing of a traced system is markup", async () => {
  const html = String((await renderResult(CHANGES)).data["text/html"]);
  expect(html).toContain("&lt;read&gt;");
  expect(html).not.toContain("<read>");
  const cells = [...html.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map((match) => match[1]);
  expect(cells.slice(0, 7)).toEqual(["&lt;read&gt;", "count", "100", "250", "+150", "+150 %", "exact"]);
});

test("where everything is exact there is no column for errors; where nothing changed, that is said", () => {
  const exact = { ...CHANGES, rows: CHANGES.rows.slice(0, 1), totalRows: 1 };
  expect(plainResult(exact)).not.toContain("known to");
  expect(plainResult({ ...CHANGES, rows: [], totalRows: 0 })).toBe("lat compared with lat@before\n12 unchanged");
  expect(plainResult({ ...CHANGES, rows: [], totalRows: 0, unchanged: 0 })).toMatch(/nothing on either side$/);
});

test("as text, bars grow from the middle to both sides, each a share of its own side", () => {
  expect(plainResult(MIRROR).split("\n").slice(3)).toEqual([
    `1\u202f024 – 2\u202f047 ns     75  ${"@".repeat(25)}|  ${"@".repeat(8)}                     100`,
    `2\u202f048 – 4\u202f095 ns     25  ${" ".repeat(17)}${"@".repeat(8)}|  ${"@".repeat(25)}    300`,
  ]);
  expect(plainResult(MIRRORS)).toMatch(/\[reader\]\n[^]*\[writer\]\n[^]*\n… and 3 more$/);
});

test("the chart holds one bar up and one down for each bucket, on one axis", async () => {
  const spec = (await renderResult(MIRROR)).data["application/vnd.vegalite.v5+json"] as {
    data: { values: Record<string, unknown>[] };
  };
  expect(spec.data.values.map(({ side, position, share, exact }) => [side, position, share, exact])).toEqual([
    ["lat@before", 0, -0.75, "75"],
    ["lat", 0, 0.25, "100"],
    ["lat@before", 1, -0.25, "25"],
    ["lat", 1, 0.75, "300"],
  ]);
});
