import { plainResult, renderResult } from "../../kernel/render/index.js";
import { timelineSpec } from "../../kernel/render/timeline.js";
import { TIMELINE } from "./results.js";

test("the text is the first of the events", () => {
  const lines = plainResult(TIMELINE).split("\n");
  expect(lines[1]).toMatch(/^time +duration +cpu +event$/);
  expect(lines[3]).toMatch(/^ *0 +2 ms +it's <b>1<\/b> +read$/);
  expect(lines[4]).toMatch(/^5 ms +0 +<i>exit<\/i>$/);
  expect(lines.slice(-2)).toEqual(["… and 2 more", "(of the 2 busiest of 3 by cpu)"]);
});

test("the picture names lanes and events as they are, and what was left out", async () => {
  const svg = String((await renderResult(TIMELINE)).data["image/svg+xml"]).replaceAll("'", "&#39;");
  for (const text of ["calls", "cpu", "it&#39;s &lt;b&gt;1&lt;/b&gt;", "&lt;i&gt;exit&lt;/i&gt;", "read", "5 ms"])
    expect(svg).toContain(`>${text}</text>`);
  expect(svg).toContain("the first 2 of 4 events · the 2 busiest of 3 by cpu · wheel");
});

test("events without any length are marks", async () => {
  const events = TIMELINE.events.map((event) => ({ ...event, duration: null }));
  const moments = { ...TIMELINE, events };
  expect(timelineSpec(moments)).toMatchObject({ mark: { type: "tick" } });
  expect(timelineSpec(TIMELINE)).toMatchObject({ mark: { type: "bar" } });
  const { data } = await renderResult(moments);
  expect(data["image/svg+xml"]).toMatch(/^<svg /);
});
