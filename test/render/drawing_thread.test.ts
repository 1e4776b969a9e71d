/** Here the thread's own file is not built, so that it ends as soon as it starts; test/end_to_end/drawing.test.ts has it as it is. */
import { DrawingThread, renderResult } from "../../kernel/render/index.js";
import { BARS, SERIES } from "./results.js";

const numbered = (bundle: unknown): string => JSON.stringify(bundle).replace(/\b(clip|gradient_)\d+\b/g, "$1");

test("what a thread was asked for when it ended is drawn all the same, and what it is asked for later", async () => {
  const drawer = new DrawingThread();
  const asked = [BARS, SERIES].map((result) => renderResult(result, { drawer }));
  const drawn = [...(await Promise.all(asked)), await renderResult(BARS, { drawer })];
  await drawer.close();
  const here = [await renderResult(BARS), await renderResult(SERIES), await renderResult(BARS)];
  expect(drawn.map(numbered)).toEqual(here.map(numbered));
});

test("what nothing can draw is text with the reason", async () => {
  const drawer = { draw: () => Promise.reject(new Error("no ink")) };
  const { data } = await renderResult(BARS, { drawer });
  expect(Object.keys(data)).toEqual(["text/plain"]);
  expect(data["text/plain"]).toMatch(/\n\(no chart: no ink\)$/);
});
