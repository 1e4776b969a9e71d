import { fidelityPlain, isClean, renderResult } from "../../kernel/render/index.js";
import type { FidelityResult } from "../../kernel/tracing/result.js";
import { CLEAN } from "./results.js";

const RED = "--jp-error-color1";

async function html(result: FidelityResult): Promise<string> {
  return String((await renderResult(result)).data["text/html"]);
}

test("a clean run is one quiet line", async () => {
  expect(fidelityPlain(CLEAN)).toBe(
    "events 1204331 · lost 0 · map-full 0 · missed 0 · errors 0 · 31 ns/hit · 0.8 % of a CPU · 3.0 s",
  );
  expect(isClean(CLEAN)).toBe(true);
  expect(await html(CLEAN)).not.toContain(RED);
});

test("what was not measured is not mentioned", () => {
  expect(fidelityPlain({ ...CLEAN, nanosecondsPerHit: null, cpuShare: null })).toBe(
    "events 1204331 · lost 0 · map-full 0 · missed 0 · errors 0 · 3.0 s",
  );
});

test("a small cost is not called none", () => {
  expect(fidelityPlain({ ...CLEAN, cpuShare: 0.0001 })).toContain("<0.1 % of a CPU");
  expect(fidelityPlain({ ...CLEAN, cpuShare: 0 })).toContain("0.0 % of a CPU");
});

test.each<[string, Partial<FidelityResult>]>([
  ["lost 3", { lost: 3n }],
  ["map-full 3", { mapFull: 3n }],
  ["missed 3", { missed: 3n }],
  ["errors 3", { errors: 3n }],
  ["output cut by 3 lines, 80 bytes", { cut: { lines: 3n, bytes: 80n } }],
])("%s is red", async (text, change) => {
  const result = { ...CLEAN, ...change };
  expect(isClean(result)).toBe(false);
  expect(fidelityPlain(result)).toContain(text);
  expect(await html(result)).toMatch(new RegExp(`style="color:var\\(${RED},[^"]*">${text}</span>`));
  expect(await html(result)).toContain("incomplete");
});

test("the counts are in the metadata, exact", async () => {
  const { metadata } = await renderResult({ ...CLEAN, events: 2n ** 60n, lost: 7n });
  expect(metadata["tapbook"]).toMatchObject({ fidelity: { events: "1152921504606846976", lost: 7, seconds: 3.02 } });
});
