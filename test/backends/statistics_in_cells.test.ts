/** Statistics from a cell's probes to what the notebook shows. */
import { loadNative } from "../../kernel/tracing/native.js";
import { TestNotebook, WORKLOAD } from "../session/notebook.js";

const native = loadNative();

/** Other test files of this process may have left some. */

const openBefore = native.openHandles();
let notebook: TestNotebook;
beforeEach(() => (notebook = new TestNotebook(native)));
afterEach(async () => {
  await notebook.close();
  expect(native.openHandles()).toBe(openBefore);
});

/** A hundred calls of a process of our own, the n-th recording n. */
const CELL = `%%trace -c '${WORKLOAD} syscalls getppid --count 100'
  global s, a, n
  probe syscall.getppid {
    if (pid() != target()) next
    s <<< ++n
    a[n % 2 ? "odd" : "even"] <<< n
    if (n == 100) print(@hist_linear(s, 0, 100, 25))
  }`;

test("a probe prints a histogram when it has counted enough", async () => {
  const { shown, bundles } = await notebook.run(CELL);
  expect(
    bundles.some(
      ({ data }) => "application/vnd.vegalite.v5+json" in data && /value \|/.test(String(data["text/plain"])),
    ),
  ).toBe(true);
  // 1–24, three times 25, and 100 by itself.
  const drawing = shown.map(([, text]) => text).find((text) => text.includes("value |"))!;
  const rows = drawing.split("\n").filter((line) => /^ *\d+ \|/.test(line));
  expect(rows.map((row) => row.replace(/\|@*/, ""))).toEqual([
    expect.stringMatching(/^ *0 +24$/),
    expect.stringMatching(/^ *25 +25$/),
    expect.stringMatching(/^ *50 +25$/),
    expect.stringMatching(/^ *75 +25$/),
    expect.stringMatching(/^ *100 +1$/),
  ]);
});

test("percentiles have columns once a script asks for one, and say how exact they are", async () => {
  await notebook.run(CELL.replace("print(", 'if (0) println(@percentile(s, 99), @median(a["odd"])); print('));
  const scalar = await notebook.run("s");
  expect(String(scalar.result!.data["text/plain"])).toMatch(/count +min +avg +p50 +p90 +p99 +max +sum/);
  const table = await notebook.run("a");
  const [heading, , ...rows] = String(table.result!.data["text/plain"]).split("\n").slice(1);
  expect(heading!.trim().split(/ +/)).toEqual(["key", "count", "min", "avg", "p50", "p90", "p99", "max", "sum"]);
  const odd = rows
    .find((row) => row.startsWith("odd"))!
    .trim()
    .split(/ +/)
    .slice(1)
    .map(Number);
  const [count, min, average, p50, p90, p99, max, sum] = odd as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  expect([count, min, average, max, sum]).toEqual([50, 1, 50, 99, 2500]);
  // The 25th, 45th and 50th odd number.
  for (const [found, exact] of [
    [p50, 49],
    [p90, 89],
    [p99, 99],
  ] as const)
    expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact / 16);
  expect(String(table.result!.data["text/html"])).toMatch(
    /<th [^>]*title="[^"]*one part in sixteen[^"]*"[^>]*>(?:<label[^>]*>)?p99</,
  );
});

test("without being asked for they cost nothing, and a later cell is told so", async () => {
  await notebook.run(CELL);
  expect(String((await notebook.run("s")).result!.data["text/plain"])).not.toContain("p50");
  const { outcome } = await notebook.run("@percentile(s, 99)");
  expect(outcome).toMatchObject({ status: "error", error: { name: "SemanticError" } });
  expect(JSON.stringify(outcome)).toContain("@percentile");
});
