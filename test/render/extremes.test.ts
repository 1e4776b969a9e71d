/** Charts of what is rare: nothing, one thing, the largest and the least numbers, and keys as nobody expects them. */
import { renderResult } from "../../kernel/render/index.js";
import type { BarsResult, Result, SeriesResult } from "../../kernel/tracing/result.js";
import {
  BARS,
  HEATMAP,
  HEATMAPS,
  HISTOGRAMS,
  LOG_HISTOGRAM,
  MIRROR,
  MIRRORS,
  OVERLAY,
  SCATTER,
  SERIES,
  TIMELINE,
} from "./results.js";

const [MOST, LEAST] = [(1n << 63n) - 1n, -(1n << 63n)];

const KEYS = [
  "/usr/lib/a".repeat(30),
  `it's "quoted" \\ <b>bold</b> <script>alert(1)</script> ]] --> \${x} {{y}} 'z'`,
  "line\nbreak\ttab\0",
  "emoji 😀👩‍👩‍👧 日本語 العربية",
  "",
];

/** Powers of two from one end of the numbers to the other. */
const BUCKETS = [
  { low: LEAST, high: -1n, count: 3n },
  { low: -1n, high: 0n, count: 0n },
  { low: 0n, high: 1n, count: 1n },
  { low: 1n << 62n, high: 1n << 63n, count: MOST },
];

const bars = (...values: readonly bigint[]): BarsResult => ({
  ...BARS,
  bars: values.map((value, index) => ({ key: KEYS[index % KEYS.length]!, value })),
});
const series = (...points: SeriesResult["lines"][number]["points"]): SeriesResult => ({
  ...SERIES,
  lines: KEYS.map((key) => ({ key, points })),
});
const event = { start: 0n, duration: null, lane: 0, name: KEYS[1]! };

const CASES: readonly (readonly [string, Result])[] = [
  ["bars of nothing", bars()],
  ["bars of every size", bars(MOST, LEAST, 0n, -1n, 1n)],
  ["bars of long times", { ...bars(MOST, LEAST, 0n, -1n, 1n), unit: "ns" }],
  ["a histogram of everything", { ...LOG_HISTOGRAM, label: KEYS[1]!, buckets: BUCKETS, min: LEAST, max: MOST }],
  ["a histogram of nothing", { ...LOG_HISTOGRAM, buckets: [], count: 0n }],
  [
    "histograms of odd keys",
    { ...HISTOGRAMS, panels: KEYS.map((key) => ({ key, buckets: BUCKETS, count: MOST + 4n, text: "" })) },
  ],
  [
    "lines of odd keys",
    { ...OVERLAY, panels: KEYS.map((key) => ({ key, buckets: BUCKETS, count: MOST + 4n, text: "" })) },
  ],
  ["a line of one bucket", { ...OVERLAY, panels: [{ key: "", buckets: BUCKETS.slice(2, 3), count: 1n, text: "" }] }],
  ["a heat map of everything", { ...HEATMAP, buckets: BUCKETS, times: [0, 1], columns: [[3n, 0n, 1n, MOST]] }],
  [
    "heat maps of odd keys",
    {
      ...HEATMAPS,
      buckets: BUCKETS,
      times: [0, 1],
      panels: KEYS.map((key) => ({ key, count: MOST, columns: [[3n, 0n, 1n, MOST]] })),
    },
  ],
  ["a series of nothing", { ...SERIES, lines: [] }],
  ["a series of one moment", series({ seconds: 0, value: -5 })],
  ["a series of every size", series({ seconds: 0, value: Number(LEAST) }, { seconds: 1e7, value: Number(MOST) })],
  ["a scatter of everything", { ...SCATTER, points: KEYS.map((group) => ({ x: LEAST, y: MOST, group })) }],
  ["a timeline of one moment", { ...TIMELINE, lanes: KEYS, laneName: "comm", events: [event] }],
  [
    "a timeline of an age",
    { ...TIMELINE, lanes: KEYS, events: [event, { ...event, start: 5n, duration: MOST, lane: 2 }] },
  ],
  ["a mirror of one bucket", { ...MIRROR, panels: [{ ...MIRROR.panels[0]!, buckets: [], before: 0n, after: 0n }] }],
  ["mirrors of odd keys", { ...MIRRORS, panels: KEYS.map((key) => ({ ...MIRRORS.panels[0]!, key })) }],
];

test.each(CASES)("%s is drawn, without a number that is none", async (_, result) => {
  const { data } = await renderResult(result);
  const svg = String(data["image/svg+xml"]);
  expect(/^<svg .*<\/svg>$/s.test(svg)).toBe(true);
  expect(/.{0,40}(?:NaN|undefined|Infinity|<script).{0,40}/.exec(svg)?.[0]).toBeUndefined();
});

const svgOf = async (result: Result): Promise<string> => String((await renderResult(result)).data["image/svg+xml"]);

test("counts have no ticks between one and the next", async () => {
  expect(await svgOf(bars(1n))).not.toMatch(/>(?:\d+m|0\.\d+)</);
  const one = { ...LOG_HISTOGRAM, buckets: [{ low: 4n, high: 8n, count: 1n }], count: 1n };
  expect(await svgOf(one)).not.toMatch(/>(?:\d+m|0\.\d+)</);
});

test("averages below one are written as such", async () => {
  const svg = await svgOf({
    ...SERIES,
    lines: [{ key: "", points: [0, 10].map((seconds) => ({ seconds, value: seconds / 10 })) }],
  });
  expect(svg).toContain(">0.2</text>");
});

test("the number of a bar that grows to the left stands beside it", async () => {
  const svg = await svgOf(bars(500n, -700n));
  const places = [...svg.matchAll(/<text [^>]*translate\((-?[\d.]+),[^>]*>(-?\d+)<\/text>/g)].map(([, x, text]) => [
    text,
    Number(x),
  ]);
  const place = Object.fromEntries(places) as Record<string, number>;
  // At the zero line, and behind the end of the bar.
  expect(place["-700"]).toBeLessThan(place["500"]!);
  expect(place["-700"]).toBeGreaterThan(420 / 2);
});

test("an empty key is seen", async () => {
  for (const result of [bars(5n, 4n, 3n, 2n, 1n), series({ seconds: 0, value: 1 }, { seconds: 1, value: 2 })])
    expect(await svgOf(result)).toMatch(/>(?:""|&quot;&quot;)</);
});

test("a line of one point is a dot", async () => {
  const widths = (svg: string): string[] =>
    [...svg.matchAll(/<path [^>]*stroke-width="(\d+)" stroke-linecap="round"/g)].map(([, width = ""]) => width);
  expect(widths(await svgOf(series({ seconds: 1, value: 1 })))).toEqual(KEYS.map(() => "7"));
  expect(widths(await svgOf(series({ seconds: 1, value: 1 }, { seconds: 2, value: 2 })))).toEqual(KEYS.map(() => "2"));
});
