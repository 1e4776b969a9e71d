/** No output is larger than a notebook bears; what is left out is said. */
import { withinBounds } from "../../kernel/render/bounds.js";
import { renderResult } from "../../kernel/render/index.js";
import type { FlameNode } from "../../kernel/tracing/result.js";

const BORNE = 5 << 20;
const size = (bundle: { readonly data: object }): number => Buffer.byteLength(JSON.stringify(bundle), "utf8");

test("a small bundle is the very same", () => {
  const bundle = { data: { "text/plain": "small", "text/html": "<b>small</b>" }, metadata: {} };
  expect(withinBounds(bundle)).toBe(bundle);
});

test("the largest form goes first, with its metadata, and the text says so", () => {
  const bundle = {
    data: { "text/plain": "text", "image/svg+xml": "s".repeat(300), "application/x": { values: "v".repeat(700) } },
    metadata: { "application/x": { width: 1 }, tapbook: { provenance: {} } },
  };
  const bounded = withinBounds(bundle, 900);
  expect(Object.keys(bounded.data).toSorted()).toEqual(["image/svg+xml", "text/plain"]);
  expect(bounded.data["text/plain"]).toMatch(
    /^text\n\(left out: application\/x of 0\.0 MB, more than a notebook bears\)$/,
  );
  expect(bounded.metadata).toEqual({ tapbook: { provenance: {} } });
});

test("a text alone is cut, however much its characters take", () => {
  const bounded = withinBounds({ data: { "text/plain": "\u0001".repeat(6_000_000) }, metadata: {} });
  expect(size(bounded)).toBeLessThan(BORNE);
  expect(String(bounded.data["text/plain"])).toMatch(/… and \d+ more characters$/);
});

test("the widest and deepest flame graph that there can be is one output that a notebook bears", async () => {
  const tower = (name: string, depth: number): FlameNode => ({
    name: `${name}_${depth}_a_function_with_a_name_of_ordinary_length`,
    space: "user",
    value: 1n,
    children: depth === 0 ? [] : [tower(name, depth - 1)],
  });
  const children = Array.from({ length: 400 }, (_, index) => tower(`tower${index}`, 60));
  const root: FlameNode = { name: "all", space: "key", value: 400n, children };
  const bundle = await renderResult({ kind: "flame", label: "stacks", root });
  expect(size(bundle)).toBeLessThan(BORNE);
  expect(String(bundle.data["text/plain"])).toContain("left out: ");
});
