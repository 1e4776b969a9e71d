/** Heat maps and series: what their text says, and what their pictures say. */
import { plainResult, renderResult } from "../../kernel/render/index.js";
import { heatmapSpec } from "../../kernel/render/heatmap.js";
import type { HeatmapResult } from "../../kernel/tracing/result.js";
import { HEATMAP, HEATMAPS, SERIES } from "./results.js";

const svgOf = async (result: Parameters<typeof renderResult>[0]): Promise<string> =>
  String((await renderResult(result)).data["image/svg+xml"]);

test("a heat map's text has large values above, and the darker the more", () => {
  // By hand: 9 is the most, and 4 is two thirds of it by the root: three of four shades.
  expect(plainResult(HEATMAP)).toBe(
    ["lat", "  2 µs | █", "  1 µs |", "512 ns |▓", "       +--", "        0 … 1 s; █ is 18 per second"].join("\n"),
  );
});

test("columns of different width are compared by what came in a second", () => {
  // 18 in a second as before, and 2 in a second: of 9, a third by the root, which is two of four shades.
  const wide = { ...HEATMAP, times: [0, 2, 2.5] };
  expect(plainResult(wide).split("\n").slice(1, 4)).toEqual(["  2 µs | █", "  1 µs |", "512 ns |▒"]);
});

test("a heat map draws no cell where nothing was, and names its axes", async () => {
  const svg = await svgOf(HEATMAP);
  for (const text of ["lat", "n = 13 in 1 s", "512 ns", "4.1 µs", "per second", "time since the start (s)"])
    expect(svg).toContain(`>${text}</text>`);
  const { data } = heatmapSpec(HEATMAP) as unknown as { data: { values: unknown[] } };
  expect(data.values).toEqual([
    { from: 0, to: 0.5, bucket: 0, count: 4 },
    { from: 0.5, to: 1, bucket: 2, count: 9 },
  ]);
});

test("heat maps of several keys have one measure", async () => {
  expect(plainResult(HEATMAPS)).toBe(
    [
      "lat[read] (n = 9)",
      "  2 µs | █",
      "  1 µs |",
      "512 ns |",
      "lat[it's <b>bold</b>] (n = 4)",
      "  2 µs |",
      "  1 µs |",
      "512 ns |▓",
      "       +--",
      "        0 … 1 s; █ is 18 per second",
      "… and 1 more",
    ].join("\n"),
  );
  const svg = await svgOf(HEATMAPS);
  for (const text of ["read  ·  n = 9", "it's &lt;b&gt;bold&lt;/b&gt;  ·  n = 4", "1 s · the 2 largest of 3 keys"])
    expect(svg).toContain(`>${text}</text>`);
  // One scale of colours for both.
  expect(svg.match(/>per second<\/text>/g)).toHaveLength(1);
});

test.each([
  [100, "s", ["0", "20", "100"]],
  [600, "min", ["0", "2", "10"]],
  [36_000, "h", ["0", "2", "10"]],
])("time over %i seconds is told in %s", async (end, unit, ticks) => {
  const svg = await svgOf({ ...HEATMAP, times: [0, end / 2, end] });
  expect(svg).toContain(`>time since the start (${unit})</text>`);
  for (const tick of ticks) expect(svg).toContain(`>${tick}</text>`);
});

test("the largest heat map that is kept is small enough to be sent four times a second", async () => {
  const columns = Array.from({ length: 241 }, () => HEATMAP.buckets.map(() => 123_456n));
  const times = Array.from({ length: 242 }, (_, index) => index * 1.2345);
  const large: HeatmapResult = { ...HEATMAP, columns, times };
  const { data } = await renderResult(large, { live: true });
  // Three buckets are always full here; twenty make seven times that.
  expect((7 * JSON.stringify(data).length) / 250).toBeLessThan(2000);
});

test("a series' text has least, last and greatest of each line", () => {
  const [heading, , , first, second, more] = plainResult(SERIES).split("\n");
  expect(heading).toBe("reads (per second)");
  expect(first).toMatch(/^it's <b>bash<\/b> +100 +251 +251 +/);
  expect(second).toMatch(/^cat +3 +3 +3 /);
  expect(more).toBe("… and 1 more");
});

test("a series names its lines, and its unseen points are in no picture", async () => {
  const svg = await svgOf(SERIES);
  for (const text of ["reads", "the largest 2 of 3", "cat", "per second", "it&#39;s &lt;b&gt;bash&lt;/b&gt;"])
    expect(svg.replaceAll("'", "&#39;")).toContain(`>${text}</text>`);
  expect(svg).not.toContain('opacity="0"');
});
