import { histogramSpec } from "../../kernel/render/histogram.js";
import { renderResult } from "../../kernel/render/index.js";
import type { HistogramResult } from "../../kernel/tracing/result.js";
import { LOG_HISTOGRAM } from "./results.js";

/** By hand: of 1501 values all but one are from 1024 to 2000. */
const MARKED: HistogramResult = {
  ...LOG_HISTOGRAM,
  quantiles: [
    { name: "p0.01", value: { value: 1n, low: 1n, high: 1n } },
    { name: "p50", value: { value: 1512n, low: 1024n, high: 2000n } },
    { name: "p99", value: { value: 1512n, low: 1024n, high: 2000n } },
  ],
};

interface Layers {
  readonly layer: readonly { readonly data?: { readonly values: readonly Readonly<Record<string, unknown>>[] } }[];
}

test("quantiles stand where their value is, in their bucket", () => {
  const { layer } = histogramSpec(MARKED) as unknown as Layers;
  const rules = layer[1]!.data!.values;
  // The last of eleven buckets starts at 1024 and ends at 2048.
  expect(rules.map(({ at }) => at)).toEqual([0, 10 + (1512 - 1024) / 1024, 10 + (1512 - 1024) / 1024]);
  // Two in one place share a label.
  expect(rules.map(({ name }) => name)).toEqual(["p0.01", "", "p50 p99"]);
  expect(rules.map(({ known }) => known)).toEqual([
    "p0.01: 1 ns",
    "p50: 1\u202f024 ns – 2\u202f000 ns",
    "p99: 1\u202f024 ns – 2\u202f000 ns",
  ]);
});

test("the picture says how far they are known", async () => {
  const svg = String((await renderResult(MARKED)).data["image/svg+xml"]);
  expect(svg).toContain("p0.01 1 ns · p50 1.51 µs ±32 % · p99 1.51 µs ±32 %<");
  expect(svg).toContain(">p50 p99</text>");
});
