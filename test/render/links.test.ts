import { renderResult } from "../../kernel/render/index.js";

test("many probes: how many of how many, with a bar", async () => {
  const { data } = await renderResult({ kind: "links", work: "attaching", done: 340, total: 1000 });
  expect(data["text/plain"]).toBe("attaching 340 of 1000 probes");
  expect(data["text/html"]).toContain("width:34.0%");
});

test("given up, it tells how many there are to let go of", async () => {
  const { data } = await renderResult({ kind: "links", work: "cancelling", done: 340, total: 1000 });
  expect(data["text/plain"]).toBe("detaching 340 probes");
});
