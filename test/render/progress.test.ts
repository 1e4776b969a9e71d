import { plainResult, renderResult } from "../../kernel/render/index.js";
import type { FidelityResult, ProgressResult } from "../../kernel/tracing/result.js";

const fidelity: FidelityResult = {
  kind: "fidelity",
  events: 1_234_567n,
  lost: 0n,
  mapFull: 0n,
  missed: 0n,
  errors: 0n,
  cut: { lines: 0n, bytes: 0n },
  nanosecondsPerHit: null,
  cpuShare: null,
  seconds: 2.54,
};
const progress: ProgressResult = { kind: "progress", state: "running", fidelity, eventsPerSecond: 4000.4, probes: [] };

test("a line says how long, how much and how fast", async () => {
  expect(plainResult(progress)).toBe("running 2.5 s · 1234567 events · 4000/s");
  expect(plainResult({ ...progress, state: "paused", totalSeconds: 10 })).toBe(
    "paused 2.5 of 10 s · 1234567 events · 4000/s",
  );
  expect(String((await renderResult(progress)).data["text/html"])).toContain("1\u202f234\u202f567 events");
});

test("the busiest of several points have rates of their own", async () => {
  const probes = [9000.6, 800, 70, 6, 5, 4, 3].map((eventsPerSecond, index) => ({
    point: `p<${index}>`,
    eventsPerSecond,
  }));
  expect(plainResult({ ...progress, probes }).split("\n")).toEqual([
    "running 2.5 s · 1234567 events · 4000/s",
    "p<0> 9001/s · p<1> 800/s · p<2> 70/s · p<3> 6/s · p<4> 5/s · and 2 more",
  ]);
  const html = String((await renderResult({ ...progress, probes })).data["text/html"]);
  expect(html).toContain("p&lt;0&gt; 9\u202f001/s · ");
});

test("a bar shows how far it is, where that is known", async () => {
  const html = async (result: ProgressResult): Promise<string> =>
    String((await renderResult(result)).data["text/html"]);
  expect(await html({ ...progress, totalSeconds: 10 })).toContain("width:25.4%");
  expect(await html({ ...progress, totalSeconds: 2 })).toContain("width:100.0%");
  expect(await html(progress)).not.toContain("width:");
});

test("what is lost is told at once", async () => {
  const html = String(
    (await renderResult({ ...progress, fidelity: { ...fidelity, lost: 7n, mapFull: 2n } })).data["text/html"],
  );
  expect(html).toContain("lost 7 · map-full 2</span>");
  expect(String((await renderResult(progress)).data["text/html"])).not.toContain("lost");
});
