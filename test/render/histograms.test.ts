import { histogramsSpec } from "../../kernel/render/histograms.js";
import { plainResult, renderResult } from "../../kernel/render/index.js";
import { HISTOGRAMS } from "./results.js";

interface Row {
  readonly panel: number;
  readonly position: number;
  readonly share: number;
}

function rows(): Row[] {
  return (histogramsSpec(HISTOGRAMS) as unknown as { data: { values: Row[] } }).data.values;
}

test("every panel has every bucket, as a share of its own values", () => {
  expect(rows().map(({ panel, position, share }) => [panel, position, share])).toEqual([
    [0, 0, 0.25],
    [0, 1, 0],
    [0, 2, 0.75],
    [0, 3, 0],
    [1, 0, 0],
    [1, 1, 0],
    [1, 2, 0],
    [1, 3, 1],
  ]);
});

test("panels have a size in numbers, and say what they are of", async () => {
  const spec = histogramsSpec(HISTOGRAMS) as unknown as { spec: { width: unknown; height: unknown } };
  expect([typeof spec.spec.width, typeof spec.spec.height]).toEqual(["number", "number"]);
  expect(JSON.stringify(spec)).not.toMatch(/"url"|"container"/);
  const svg = String((await renderResult(HISTOGRAMS)).data["image/svg+xml"]);
  expect(svg).toContain("read  ·  n = 4");
  expect(svg).toContain("it's &lt;b&gt;bold&lt;/b&gt;  ·  n = 2");
  expect(svg).toContain("share of each key's values · the 2 largest of 3 keys");
  expect(svg).toContain(">time</text>");
});

test("the text has each drawing under its key", () => {
  expect(plainResult(HISTOGRAMS)).toBe(
    "lat[read]\ndrawing of reads\n\nlat[it's <b>bold</b>]\ndrawing of the other\n\n… and 1 more\n",
  );
});
