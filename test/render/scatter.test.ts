import { plainResult, renderResult } from "../../kernel/render/index.js";
import { scatterSpec } from "../../kernel/render/scatter.js";
import type { ScatterResult } from "../../kernel/tracing/result.js";
import { SCATTER } from "./results.js";

interface Spec {
  readonly data: { readonly values: readonly { readonly group: number }[] };
  readonly encoding: Readonly<Record<"x" | "y", { readonly scale: { readonly type?: string } }>>;
  readonly transform: readonly { readonly calculate: string }[];
}

const specOf = (result: ScatterResult): Spec => scatterSpec(result) as unknown as Spec;

test("an axis is logarithmic where the values are far apart", () => {
  const near = { ...SCATTER, points: SCATTER.points.map((point, index) => ({ ...point, y: BigInt(index) })) };
  expect(specOf(SCATTER).encoding.y.scale.type).toBe("log");
  expect(specOf(near).encoding.y.scale.type).toBeUndefined();
});

test("its picture names axes, groups and what was left out", async () => {
  const svg = String((await renderResult(SCATTER)).data["image/svg+xml"]).replaceAll("'", "&#39;");
  for (const text of [
    "reads: latency by size",
    "3 of 4 rows",
    "size",
    "latency",
    "comm",
    "cat",
    "it&#39;s &lt;b&gt;bash&lt;/b&gt;",
  ])
    expect(svg).toContain(`>${text}</text>`);
});

test("more groups than there are colours share the last one, the rarest first", () => {
  // Group k of 12 has k points.
  const points = Array.from({ length: 12 }, (_, group) =>
    Array.from({ length: group + 1 }, () => ({ x: 1n, y: 1n, group: `g${group + 1}` })),
  ).flat();
  const { data, transform } = specOf({ ...SCATTER, points });
  expect(transform[0]!.calculate).toBe('["g12","g11","g10","g9","g8","g7","g6","others"][datum.group]');
  expect(data.values.filter(({ group }) => group === 7)).toHaveLength(1 + 2 + 3 + 4 + 5);
});

test("its text is the first of the rows", () => {
  expect(plainResult(SCATTER).split("\n").slice(0, 2)).toEqual([
    "reads",
    "comm                     size (bytes)  latency (µs)",
  ]);
  expect(plainResult(SCATTER)).toMatch(/\ncat +512 +40000\n.*\n… and 1 more$/);
});
