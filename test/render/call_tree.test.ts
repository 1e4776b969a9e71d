import { plainResult, renderResult } from "../../kernel/render/index.js";
import type { CallNode } from "../../kernel/tracing/result.js";
import { CALL_TREE } from "./results.js";

test("the text is a line for each function, callees below and to the right", () => {
  expect(plainResult(CALL_TREE)).toBe(
    [
      "time",
      "total  self  count    share  function",
      "-----  ----  -----  -------  --------",
      " 4 µs  1 µs      8  100.0 %  main",
      " 3 µs  3 µs      6   75.0 %    f<int>",
    ].join("\n"),
  );
});

test("the page opens and closes without a script, and names stay text", async () => {
  const { data } = await renderResult(CALL_TREE);
  expect(Object.keys(data).toSorted()).toEqual(["text/html", "text/plain"]);
  const html = String(data["text/html"]);
  expect(html).toContain("f&lt;int&gt;");
  expect(html).not.toMatch(/<script|onclick/);
  expect(html.match(/<details open>/g)).toHaveLength(1);
  expect(html.match(/<\/details>/g)).toHaveLength(1);
});

test("of very many functions the largest are shown", async () => {
  const children = Array.from({ length: 2000 }, (_, index): CallNode => ({
    name: `f${index}`,
    space: "user",
    total: BigInt(5000 - index),
    own: 1n,
    count: null,
    children: [],
  }));
  const html = String(
    (await renderResult({ ...CALL_TREE, root: { ...CALL_TREE.root, count: null, children } })).data["text/html"],
  );
  expect(html).toContain(">f0<");
  expect(html.match(/class="leaf"/g)!.length).toBeLessThanOrEqual(300);
});
