import type { TopLevelSpec } from "vega-lite";
import { barsPlain, barsSpec } from "../../kernel/render/bars.js";
import { chartBundle } from "../../kernel/render/chart.js";
import { histogramSpec } from "../../kernel/render/histogram.js";
import { renderResult } from "../../kernel/render/index.js";
import { COLOURS } from "../../kernel/render/theme.js";
import { BARS, LINEAR_HISTOGRAM, LOG_HISTOGRAM } from "./results.js";

function valuesOf(spec: TopLevelSpec): readonly Readonly<Record<string, unknown>>[] {
  return (spec.data as { values: Record<string, unknown>[] }).values;
}

/** What a reader sees: the texts of the picture, in order. */
async function textsOf(result: typeof LOG_HISTOGRAM | typeof BARS): Promise<string[]> {
  const svg = String((await renderResult(result)).data["image/svg+xml"]);
  return Array.from(svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g), (match) => match[1] ?? "");
}

describe("a logarithmic histogram's chart", () => {
  test("holds the counts and bounds of the result", () => {
    const values = valuesOf(histogramSpec(LOG_HISTOGRAM));
    expect(values.map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1500]);
    expect(values.map(({ low }) => low)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
    expect(values.at(-1)).toMatchObject({ range: "1\u202f024 – 2\u202f047 ns", exact: "1\u202f500", share: "99.9 %" });
    expect(values[0]).toMatchObject({ range: "1 ns", share: "0.1 %" });
  });

  test("labels powers of two in fitting units, and sums up", async () => {
    const texts = await textsOf(LOG_HISTOGRAM);
    expect(texts).toEqual(expect.arrayContaining(["1 ns", "4 ns", "16 ns", "64 ns", "256 ns", "1 µs", "time"]));
    expect(texts).toContain("n = 1\u202f501 · min 1 ns · average 1.2 µs · max 2 µs");
  });

  test("without a unit counts in powers of 1024", async () => {
    const { unit: _unit, ...bare } = LOG_HISTOGRAM;
    expect(await textsOf(bare)).toEqual(expect.arrayContaining(["1", "4", "256", "1Ki", "value"]));
  });

  test("shows nothing where nothing was counted", async () => {
    const empty = { ...LOG_HISTOGRAM, buckets: [], count: 0n, sum: 0n, min: 0n, max: 0n };
    expect(Object.keys((await renderResult(empty)).data)).toContain("image/svg+xml");
  });
});

describe("a linear histogram's chart", () => {
  test("sets the values outside its scale apart", () => {
    const values = valuesOf(histogramSpec(LINEAR_HISTOGRAM));
    expect(values.map(({ outside }) => outside)).toEqual([true, false, false, false, true]);
    expect(values.map(({ range }) => range)).toEqual(["below 0", "0 – 9", "10 – 19", "20 – 29", "30 and more"]);
  });

  test("keeps counts exact beyond what a number of JSON holds", () => {
    expect(valuesOf(histogramSpec(LINEAR_HISTOGRAM))[3]).toMatchObject({
      exact: ["9", "007", "199", "254", "740", "993"].join("\u202f"),
    });
  });

  test("labels the bounds of its buckets", async () => {
    expect(await textsOf(LINEAR_HISTOGRAM)).toEqual(expect.arrayContaining(["−∞", "0", "10", "20", "30", "∞"]));
  });
});

describe("a bar chart", () => {
  test("holds the values of the result, largest first, two like keys apart", () => {
    const values = valuesOf(barsSpec(BARS));
    expect(values.map(({ key, value }) => [key, value])).toEqual(
      BARS.bars.map(({ key, value }) => [key, Number(value)]),
    );
    expect(values.map(({ rank }) => rank)).toEqual([0, 1, 2]);
  });

  test("shows keys and values as they are, whatever they hold", async () => {
    const texts = await textsOf(BARS);
    expect(texts.filter((text) => text === "bash")).toHaveLength(2);
    expect(texts).toEqual(expect.arrayContaining(["1\u202f000", "500", "24", "the largest 3 of 12"]));
    expect(texts.join("\n")).toMatch(/it's (&quot;|")quoted(&quot;|") \\ and &lt;script&gt;/);
  });

  test("scales times", async () => {
    const seconds = { ...BARS, unit: "us", bars: [{ key: "read", value: 2_500_000n }] };
    expect(await textsOf(seconds)).toEqual(expect.arrayContaining(["2.5 s", "500 ms", "1 s"]));
  });

  test("is a table with bars as text", () => {
    expect(barsPlain({ ...BARS, bars: BARS.bars.slice(0, 1).concat({ key: "sh", value: 25n }) })).toBe(
      [
        "progs",
        "execname  count",
        "--------  -----",
        `bash       1000  ${"█".repeat(40)}`,
        "sh           25  █",
        "… and 10 more",
      ].join("\n"),
    );
  });

  test("of a key that no terminal has room for, the text shows beginning and end", () => {
    const key = "/usr/lib/x86_64-linux-gnu/libsomething.so.6.0.32";
    const [, , , row = ""] = barsPlain({ ...BARS, bars: [{ key, value: 1000n }] }).split("\n");
    expect(row).toMatch(/^\/usr\/lib\/x\S*…\S*\.so\.6\.0\.32 +1000 +█{40}$/);
    expect(row.length).toBeLessThanOrEqual(80);
  });
});

test("a chart that cannot be drawn leaves the text and the reason", async () => {
  const broken = {
    mark: "bar",
    data: { values: [{ a: 1 }] },
    encoding: { x: { field: "a", type: "quantitative", axis: { labelExpr: "((" } } },
  };
  const bundle = await chartBundle(broken as TopLevelSpec, "the text");
  expect(Object.keys(bundle.data)).toEqual(["text/plain"]);
  expect(bundle.data["text/plain"]).toMatch(/^the text\n\(no chart: .+\)$/);
  expect(bundle.metadata).toEqual({});
});

// WCAG 2.1, relative luminance and contrast ratio.
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe("colours", () => {
  test.each(Object.entries(COLOURS))("%s stands out from white and from a dark page", (_, colour) => {
    expect(contrast(colour, "#ffffff")).toBeGreaterThanOrEqual(3);
    expect(contrast(colour, "#111111")).toBeGreaterThanOrEqual(3);
  });
});
