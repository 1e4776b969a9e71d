import { overlaySpec } from "../../kernel/render/overlay.js";
import { plainResult, renderResult } from "../../kernel/render/index.js";
import { OVERLAY } from "./results.js";

test("every key has a point in the middle of every bucket, as a share of its own values", () => {
  const { data } = overlaySpec(OVERLAY) as unknown as {
    data: { values: { line: number; middle: number; share: number }[] };
  };
  expect(data.values.map(({ line, middle, share }) => [line, middle, share])).toEqual([
    [0, 0.5, 0.25],
    [0, 1.5, 0],
    [0, 2.5, 0.75],
    [0, 3.5, 0],
    [1, 0.5, 0],
    [1, 1.5, 0],
    [1, 2.5, 0],
    [1, 3.5, 1],
  ]);
});

test("the picture names its axes, its keys and how many were left out", async () => {
  const svg = String((await renderResult(OVERLAY)).data["image/svg+xml"]);
  for (const text of [
    "lat",
    "read  ·  n = 4",
    "it's &lt;b&gt;bold&lt;/b&gt;  ·  n = 2",
    "share of the key's values",
    "time",
  ])
    expect(svg).toContain(`>${text}</text>`);
  expect(svg).toContain(">the 2 largest of 3 keys");
  // A curve through four points for each key.
  expect(svg.match(/<path [^>]*d="M[^"]*(?:L[^"]*){3}"[^>]*stroke-width="2"/g)).toHaveLength(2);
});

test("the text has a row for each bucket, and a column for each key", () => {
  expect(plainResult(OVERLAY).replaceAll("\u202f", " ")).toBe(
    [
      "lat",
      "           value  read (n = 4)  it's <b>bold</b> (n = 2)",
      "----------------  ------------  ------------------------",
      "  512 – 1 023 ns        25.0 %",
      "1 024 – 2 047 ns",
      "2 048 – 4 095 ns        75.0 %",
      "4 096 – 8 191 ns                                 100.0 %",
      "… and 1 more",
    ].join("\n"),
  );
});
