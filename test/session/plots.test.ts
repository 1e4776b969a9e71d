/** `%plot`: forms that fit and forms that do not, in the cell of a trace, after it, and while it runs. */
import { WaitingWorkload } from "../native/workload.js";
import { TestNotebook, plainTexts, traceback, workloadReport, WORKLOAD, type CellResult } from "./notebook.js";

let notebook: TestNotebook;
beforeEach(() => void (notebook = new TestNotebook()));
afterEach(() => notebook.close());

const VEGALITE = "application/vnd.vegalite.v5+json";

interface Spec {
  readonly data: { readonly values: readonly Readonly<Record<string, number>>[] };
}

function spec(cell: CellResult, index = 0): Spec {
  return cell.bundles[index]!.data[VEGALITE] as Spec;
}

const FILL = `global calls, lat, name = "x"
calls["read"] = 30; calls["write"] = 10; calls["open"] = 20
lat["read"] <<< 5; lat["read"] <<< 6; lat["write"] <<< 100`;

describe("without a trace", () => {
  beforeEach(async () => void (await notebook.run(`${FILL}\nprintln(name)`)));

  test.each([
    ["%plot calls", /^calls\nkey .*█/s, true],
    ["%plot calls as table", /^calls\nkey +value\n/, false],
    ["%plot calls as bars top 2", /… and 1 more$/, true],
    ["%plot calls as table top 1", /read +30\n… and 2 more rows$/, false],
    ["%plot lat", /^lat\[read\]\n/, true],
    ["%plot lat as bars", /^lat\nkey +count\n-+ +-+\nread +2 /, true],
    ["%plot lat as hist top 1", /… and 1 more\n$/, true],
    ["%plot name", /^name="x"$/, false],
  ])("%s", async (code, text, isChart) => {
    const cell = await notebook.run(code);
    expect(cell.outcome.status).toBe("ok");
    expect(plainTexts(cell)).toEqual([expect.stringMatching(text)]);
    expect(VEGALITE in cell.bundles[0]!.data).toBe(isChart);
  });

  test("two of them, in their order", async () => {
    const cell = await notebook.run("%plot lat as bars\n%plot calls as table");
    expect(plainTexts(cell).map((text) => text.split("\n")[0])).toEqual(["lat", "calls"]);
  });

  test("an overlay, with the percentiles of its lines in a table below", async () => {
    // Of write: 64 to 127 once, which is known; of slow: ten values below 8, ninety between 1024 and 2047.
    await notebook.run(
      'global wait\nfor (i = 0; i < 100; i++) wait["slow"] <<< (i < 10 ? 5 : 1500 + i)\nwait["once"] <<< 100\nwait["once"] <<< 100',
    );
    const cell = await notebook.run("%plot wait as overlay");
    const [chart, table] = plainTexts(cell);
    expect(chart).toMatch(/^wait\n *value +slow \(n = 100\) +once \(n = 2\)\n/);
    expect(chart).toMatch(/\n +4 – 7 +10\.0 %\n/);
    expect(chart).toMatch(/\n +64 – 127 +100\.0 %\n/);
    const lines = spec(cell).data.values;
    const of = (line: number): number[] => lines.filter((row) => row["line"] === line).map((row) => row["share"]!);
    // Buckets from 4 to 2047, the same for both.
    expect(of(0)).toEqual([0.1, 0, 0, 0, 0, 0, 0, 0, 0.9]);
    expect(of(1)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
    // The bucket from 1024 on ends at the largest value, 1599: its middle is 1311, from which it is 288 to either end, 22 %.
    expect(table).toMatch(/^wait: percentiles\nkey +count +min +p50 ±22 % +p90 ±22 % +p99 ±22 % +p99\.9 +max\n/);
    expect(table).toMatch(/\nslow +100 +5 +1311 +1311 +1311 +1599 +1599\n/);
    expect(table).toMatch(/\nonce +2 +100 +100 +100 +100 +100 +100$/);
  });

  test("an overlay has eight lines at most, and says how many keys there are", async () => {
    await notebook.run("global wide\nfor (i = 0; i < 12; i++) for (n = 0; n <= i; n++) wide[i] <<< 1 << i");
    const cell = await notebook.run("%plot wide as overlay top 20");
    expect(plainTexts(cell).map((text) => /… and .*$/.exec(text)?.[0])).toEqual(["… and 4 more", "… and 4 more rows"]);
    expect(new Set(spec(cell).data.values.map((row) => row["line"])).size).toBe(8);
  });

  test.each(["hist", "overlay"])("%s of an array in which nothing has been recorded says so", async (form) => {
    const cell = await notebook.run(`%plot lat as ${form}\ndelete lat`);
    expect(plainTexts(cell)).toEqual(["lat: nothing has come yet"]);
  });

  test("one element of an array, as what it is", async () => {
    const cell = await notebook.run(
      '%plot lat["read"] as hist\n%plot calls["write"]\n%plot lat["none"]\n%plot lat["read"] as table',
    );
    const [histogram, number, nothing, table] = plainTexts(cell);
    // Of 5 and 6.
    expect(histogram).toMatch(/\n +4 \|@@ +2\n/);
    expect(number).toBe('calls["write"]=10');
    expect(nothing).toMatch(/^lat\["none"\]\ncount .*\n[- ]+$/);
    expect(table).toMatch(/^lat\["read"\]\ncount +min +avg +max +sum\n[- ]+\n +2 +5 +5 +6 +11$/);
  });

  test("a key as it is shown, with quotes and line breaks in it", async () => {
    await notebook.run('global odd\nodd["a \\"b\\"\\n]", -3] = 7');
    expect(plainTexts(await notebook.run('%plot odd["a \\"b\\"\\n]", -3] as value'))).toEqual([
      'odd["a \\"b\\"\\n]", -3]=7',
    ]);
  });

  test("a snapshot", async () => {
    await notebook.run('%snapshot before\ncalls["read"] = 0');
    expect(plainTexts(await notebook.run("%plot calls@before as table"))).toEqual([expect.stringMatching(/read +30/)]);
  });

  test.each([
    [
      "%plot calls as hist",
      "calls cannot be shown as hist",
      "it is an array of long by string, which fits bars, table, series",
    ],
    ["%plot lat as flame", "lat cannot be shown as flame", "which fits hist, overlay, heatmap, table, bars, series"],
    ['%plot lat["read"] as bars', 'lat["read"] cannot be shown as bars', "it is a statistic, which fits hist, heatmap"],
    ["%plot lat[1]", "lat has other keys", "a key of it is a text in quotes"],
    ["%plot name[1]", "name has no keys", "it is a string"],
    ['%plot lat["read"] as heatmap', 'nothing is known of how lat["read"] moved', "a trace that writes it is needed"],
    ["%plot name as bars", "name cannot be shown as bars", "it is a string, which fits value"],
    ["%plot call", "there is no global call", "did you mean calls?"],
    ["%plot lat as heatmap", "nothing is known of how lat moved", "a trace that writes it is needed"],
  ])("%s says what is wrong", async (code, message, hint) => {
    const cell = await notebook.run(code);
    const [first, second] = traceback(cell);
    expect(first).toBe(`error: ${message}`);
    expect(second).toContain(hint);
    expect(cell.shown).toEqual([]);
  });
});

test("in the cell of a trace it takes the place of what the global shows otherwise", async () => {
  const cell = await notebook.run(
    `%%trace -c '${WORKLOAD} syscalls getppid --count 400 --rate 400'
%plot sizes as heatmap
%plot n rate
global sizes, n
probe syscall.getppid { if (pid() == target()) { sizes <<< 8; n++ } }`,
  );
  expect(cell.outcome.status).toBe("ok");
  const calls = workloadReport(cell.stdout).calls["getppid"]!;
  const finalMap = [...cell.updates].findLast(([, { data }]) =>
    JSON.stringify(data[VEGALITE] ?? "").includes('"bucket"'),
  )!;
  const rows = (finalMap[1].data[VEGALITE] as Spec).data.values;
  expect(rows.reduce((sum, row) => sum + row["count"]!, 0)).toBe(calls);
  // It came at a steady pace, and so lies in many columns of one bucket.
  expect(new Set(rows.map((row) => row["bucket"])).size).toBe(1);
  expect(rows.length).toBeGreaterThanOrEqual(3);
  // While it ran there were frames with a part of it.
  const sums = cell.updates
    .map(([, { data }]) => data[VEGALITE] as Spec | undefined)
    .flatMap((chart) => (chart?.data.values.some((row) => "bucket" in row) ? [chart.data.values] : []))
    .map((values) => values.reduce((sum, row) => sum + row["count"]!, 0));
  expect(sums).toEqual(sums.toSorted((left, right) => left - right));
  // No table and no histogram besides.
  expect(plainTexts(cell).filter((text) => text.startsWith("sizes\ncount"))).toEqual([]);

  // Afterwards, from what was sampled.
  const later = await notebook.run("%plot sizes as heatmap\n%plot n rate");
  expect(spec(later).data.values.reduce((sum, row) => sum + row["count"]!, 0)).toBe(calls);
  const points = spec(later, 1).data.values;
  const counted = points.reduce(
    (sum, { seconds, value }, index) => sum + value! * (seconds! - (points[index - 1]?.["seconds"] ?? 0)),
    0,
  );
  // The first point has its interval before it, as every one.
  expect(counted).toBeGreaterThan(calls * 0.98);
  expect(counted).toBeLessThan(calls * 1.02);
});

test("a heat map of an array is one for each key, and of one key alone where that is named", async () => {
  const cell = await notebook.run(
    `%%trace -c '${WORKLOAD} syscalls getppid sched_yield --count 200 --rate 400'
%plot sizes as heatmap
global sizes
probe syscall.getppid { if (pid() == target()) { sizes["parent", 1] <<< 8; sizes["parent", 1] <<< 9 } }
probe syscall.sched_yield { if (pid() == target()) sizes["yield", 2] <<< 64 }`,
  );
  const { calls } = workloadReport(cell.stdout);
  const rows = spec(await notebook.run("%plot sizes as heatmap")).data.values;
  const sum = (kept: typeof rows): number => kept.reduce((all, row) => all + row["count"]!, 0);
  const [first, second] = [0, 1].map((panel) => sum(rows.filter((row) => row["panel"] === panel)));
  expect([first, second]).toEqual([2 * calls["getppid"]!, calls["sched_yield"]!]);
  const parent = await notebook.run('%plot sizes["parent", 1] as heatmap');
  expect(sum(spec(parent).data.values)).toBe(2 * calls["getppid"]!);
  expect(plainTexts(parent)[0]).toMatch(/^sizes\["parent", 1\]\n/);
});

test("a form that does not fit stops the cell before its trace begins", async () => {
  const cell = await notebook.run("%plot n as hist\nglobal n\nprobe timer.ms(10) { n++ }\nprobe begin { println(1) }");
  expect(traceback(cell)[0]).toBe("error: n cannot be shown as hist");
  expect(cell.stdout).toBe("");
});

test("a global of a trace in the background is shown as it moves, and stays when the trace ends", async () => {
  const program = await WaitingWorkload.start("syscalls", "getppid", "--count", "300");
  try {
    await notebook.run(`%%bg calls\nglobal n; probe syscall.getppid { if (pid() == ${program.pid}) n[execname()]++ }`);
    let moved: () => void = () => undefined;
    const hasMoved = new Promise<void>((resolve) => (moved = resolve));
    const cell = await notebook.run("%plot n as table", {}, undefined, ({ data }) => {
      if (String(data["text/plain"]).includes("300")) moved();
    });
    expect(plainTexts(cell)).toEqual([expect.not.stringContaining("workload")]);
    await program.run();
    await hasMoved;
    const frames = cell.updates.length;
    await notebook.run("%stop calls");
    // The last word comes when the trace is seen to have ended.
    while (cell.updates.length === frames) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(String(cell.updates.at(-1)![1].data["text/plain"])).toMatch(/workload +300$/);
    expect(cell.updates.at(-1)![1].metadata["tapbook"]).toHaveProperty("provenance");
  } finally {
    program.stop();
  }
});
