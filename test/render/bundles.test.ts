import { plainResult, renderResult } from "../../kernel/render/index.js";
import type { Result } from "../../kernel/tracing/result.js";
import {
  BARS,
  CALL_TREE,
  CHANGES,
  CLEAN,
  FLAME,
  HEATMAP,
  HEATMAPS,
  HISTOGRAMS,
  LINEAR_HISTOGRAM,
  LOG_HISTOGRAM,
  MIRROR,
  MIRRORS,
  NUMBER,
  OVERLAY,
  PROVENANCE,
  SCATTER,
  SERIES,
  TABLE,
  TEXT,
  TIMELINE,
} from "./results.js";

const VEGALITE = "application/vnd.vegalite.v5+json";
const EVERY_KIND: readonly Result[] = [
  NUMBER,
  TEXT,
  TABLE,
  BARS,
  LOG_HISTOGRAM,
  LINEAR_HISTOGRAM,
  HISTOGRAMS,
  OVERLAY,
  MIRROR,
  MIRRORS,
  CHANGES,
  HEATMAP,
  HEATMAPS,
  SERIES,
  SCATTER,
  TIMELINE,
  CALL_TREE,
  FLAME,
  CLEAN,
];
const COUNTING_CHARTS: readonly Result[] = [BARS, LOG_HISTOGRAM, LINEAR_HISTOGRAM];
const SINGLE_CHARTS: readonly Result[] = [...COUNTING_CHARTS, OVERLAY, HEATMAP, SERIES, SCATTER, TIMELINE];
const CHARTS: readonly Result[] = [...SINGLE_CHARTS, HISTOGRAMS, HEATMAPS, MIRROR, MIRRORS];

describe("every bundle", () => {
  test.each(EVERY_KIND)("of a $kind holds its plain text and travels as JSON", async (result) => {
    const bundle = await renderResult(result, { provenance: PROVENANCE });
    expect(bundle.data["text/plain"]).toBe(plainResult(result));
    expect(plainResult(result)).not.toBe("");
    expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle);
  });

  test.each(EVERY_KIND)("of a $kind says where it comes from", async (result) => {
    const bundle = await renderResult(result, { provenance: PROVENANCE });
    expect(bundle.metadata["tapbook"]).toMatchObject({ provenance: PROVENANCE });
  });
});

describe("a chart's bundle", () => {
  test.each(CHARTS)(
    "of a $kind holds chart, picture and text, and nothing that would be shown in their place",
    async (result) => {
      const bundle = await renderResult(result);
      expect(Object.keys(bundle.data).toSorted()).toEqual([VEGALITE, "image/svg+xml", "text/plain"]);
      expect(bundle.data["image/svg+xml"]).toMatch(/^<svg .*<\/svg>$/s);
      expect(bundle.metadata).toEqual({
        [VEGALITE]: { embed_options: expect.objectContaining({ renderer: "svg" }) },
      });
    },
  );

  test.each(CHARTS)("of a $kind carries a stand-in picture while it is live", async (result) => {
    const bundle = await renderResult(result, { live: true });
    expect(Object.keys(bundle.data).toSorted()).toEqual([VEGALITE, "image/png", "text/plain"]);
    const png = Buffer.from(String(bundle.data["image/png"]), "base64");
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  });

  test.each(SINGLE_CHARTS)("of a $kind has a size in numbers, its data inside, and fetches nothing", async (result) => {
    const spec = (await renderResult(result)).data[VEGALITE] as Record<string, unknown>;
    expect(spec["width"]).toEqual(expect.any(Number));
    expect(typeof spec["height"] === "number" || typeof (spec["height"] as { step: unknown }).step === "number").toBe(
      true,
    );
    expect(spec["data"]).toEqual({ values: expect.any(Array) });
    expect(JSON.stringify(spec)).not.toMatch(/"url"|"container"/);
  });

  test.each(COUNTING_CHARTS)("of a $kind names itself and its axes", async (result) => {
    const svg = String((await renderResult(result)).data["image/svg+xml"]);
    expect(svg).toContain("label" in result ? result.label : "");
    expect(svg).toContain(">count</text>");
  });
});

test("text that looks like markup stays text", async () => {
  expect((await renderResult(TEXT)).data).toEqual({ "text/plain": "<b>hello</b>" });
});

test("a label becomes SystemTap's way of showing a global", () => {
  expect(plainResult({ kind: "number", label: "errors", value: 42n })).toBe("errors=42");
  expect(plainResult({ kind: "number", label: "", value: -1n })).toBe("-1");
  expect(plainResult({ kind: "text", label: "name", value: "bash" })).toBe('name="bash"');
});

test("a number with a unit says what it amounts to", async () => {
  const html = String((await renderResult(NUMBER)).data["text/html"]);
  expect(html).toContain("1\u202f234\u202f567 ns");
  expect(html).toContain("(1.23 ms)");
});
