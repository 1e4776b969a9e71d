/** `%diff`: what changed since a snapshot, or between two. */
import { WaitingWorkload } from "../native/workload.js";
import { plainTexts, TestNotebook, traceback } from "./notebook.js";

let notebook: TestNotebook;
beforeEach(() => void (notebook = new TestNotebook()));
afterEach(() => notebook.close());

async function shown(code: string): Promise<string[]> {
  const cell = await notebook.run(code);
  if (cell.outcome.status === "error") throw new Error(traceback(cell).join("\n"));
  return plainTexts(cell);
}

const rows = (text = ""): string[][] => text.split("\n").map((line) => line.trim().split(/ {2,}/));

test("a counting array: every key that changed, the greatest change first, and how many did not", async () => {
  await notebook.run('global n; n["up"] = 100; n["down"] = 5; n["gone"] = 7; n["same"] = 1\n');
  await notebook.run("%snapshot before");
  await notebook.run('n["up"] = 250; n["down"] = 1; delete n["gone"]; n["new"] = 12');
  const [text] = await shown("%diff n n@before");
  expect(rows(text)).toEqual([
    ["n compared with n@before"],
    ["key", "n@before", "n", "change", "change %"],
    expect.anything(),
    ["up", "100", "250", "+150", "+150 %"],
    ["new", "12", "new"],
    ["gone", "7", "gone"],
    ["down", "5", "1", "-4", "-80.0 %"],
    ["1 unchanged"],
  ]);
  // Whichever is written first, the earlier one is what it starts from.
  expect(await shown("%diff n@before n")).toEqual([text]);
});

test("two snapshots are compared in the order in which they were taken", async () => {
  await notebook.run("global total = 1");
  await notebook.run("%snapshot a");
  await notebook.run("total = 4");
  await notebook.run("%snapshot b");
  await notebook.run("total = 100");
  const [text] = await shown("%diff total@b total@a");
  expect(rows(text).slice(1)).toEqual([
    ["total@a", "total@b", "change", "change %"],
    expect.anything(),
    ["1", "4", "+3", "+300 %"],
  ]);
});

test("a statistic: the change of each figure with its error, and both histograms on the same buckets", async () => {
  // 1 to 1000, then 400 more a thousand times as far apart: the median moves from 500 to 700, the largest to 400,000.
  await notebook.run("global lat; for (i = 1; i <= 1000; i++) lat <<< i\n@percentile(lat, 50)");
  await notebook.run("%snapshot before");
  await notebook.run("for (i = 1; i <= 400; i++) lat <<< i * 1000");
  const [figures, mirrored] = await shown("%diff lat lat@before");
  const figure = (name: string): string[] => rows(figures).find(([first]) => first === name) ?? [];
  expect(figure("count")).toEqual(["count", "1000", "1400", "+400", "+40.0 %", "exact"]);
  // (500,500 + 80,200,000) / 1400
  expect(figure("mean").slice(0, 3)).toEqual(["mean", "500", "57643"]);
  expect(figure("max").slice(1, 4)).toEqual(["1000", "400000", "+399000"]);
  const off = (text: string | undefined, truth: number): number =>
    Math.abs(Number(text?.replace("≈ ", "")) - truth) / truth;
  const truths = { p50: [500, 700], p99: [990, 386000], "p99.9": [999, 399000] } as const;
  for (const [name, [before, now]] of Object.entries(truths)) {
    expect(off(figure(name)[1], before)).toBeLessThan(1 / 16);
    expect(off(figure(name)[2], now)).toBeLessThan(1 / 16);
  }
  expect(figure("p50").at(-1)).toMatch(/^±[0-3]\.\d %$/);
  // Powers of two up to 1000 hold 489 values of 512 and more; the later ones lie between 1000 and 400,000.
  const bucket = rows(mirrored).find(([first]) => first === "512 – 1\u202f023");
  expect(bucket?.[1]).toBe("489");
  expect(bucket?.at(-1)).toBe("490");
});

test("an array of statistics: the keys that changed most, each with its figures and histograms", async () => {
  await notebook.run("global by; for (i = 0; i < 9; i++) by[sprint(i)] <<< 10");
  await notebook.run("%snapshot before");
  await notebook.run("for (i = 1; i < 9; i++) by[sprint(i)] <<< i * 1000");
  const [figures, mirrored] = await shown("%diff by by@before");
  expect([
    ...new Set(
      rows(figures)
        .slice(3, -1)
        .map(([key]) => key),
    ),
  ]).toEqual(["8", "7", "6", "5", "4", "3"]);
  expect(figures).toContain("… and 2 more that changed · 1 unchanged");
  expect(mirrored!.match(/^\[\d\]$/gm)).toEqual(["[8]", "[7]", "[6]", "[5]", "[4]", "[3]"]);
});

test("stacks of a snapshot have names, and two of them are one differential flame graph", async () => {
  const first = await WaitingWorkload.start("chain", "--count", "40");
  const trace = (name: string, pid: number): string =>
    `%%bg ${name} -x ${pid}\nglobal stacks\nprobe syscall.getppid { if (pid() == target()) stacks[ubacktrace()]++ }`;
  await notebook.run(trace("one", first.pid));
  await first.run();
  await notebook.run("%stop one");
  await notebook.run("%snapshot before stacks");
  const [table, flame] = await shown("stacks@before");
  expect(flame ?? table).toContain("chain_middle");
  const second = await WaitingWorkload.start("chain", "--count", "100");
  await notebook.run(trace("two", second.pid));
  await second.run();
  await notebook.run("%stop two");
  const cell = await notebook.run("%diff stacks stacks@before");
  const [changes, difference] = plainTexts(cell);
  expect(changes).toContain("chain_middle");
  expect(difference).toMatch(/chain_middle.* 40 .*100/);
  expect(Object.keys(cell.bundles[1]!.data)).toContain("application/vnd.vega.v5+json");
});

test.each([
  ["%diff n", "%diff compares two globals"],
  ["%diff n lat", "n and lat cannot be compared"],
  ["%diff n n@befor", "no snapshot holds n@befor"],
  ["%diff m n", "there is no global m"],
  ["%diff later n", "later has not been used yet"],
])("%s is refused", async (code, message) => {
  await notebook.run("global n, lat, later; n[1] = 1; lat <<< 1");
  await notebook.run("%snapshot before n");
  expect(traceback(await notebook.run(code))[0]).toBe(`error: ${message}`);
});
