/** `%%table`: what probes and statements print becomes rows. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestNotebook, plainTexts, traceback, WORKLOAD, workloadReport, type CellResult } from "./notebook.js";

let notebook: TestNotebook;
beforeEach(() => void (notebook = new TestNotebook()));
afterEach(() => notebook.close());

test("a row for each event, the rest of the output as text, and other forms later", async () => {
  const cell = await notebook.run(
    `%%table calls: number comm twice -c '${WORKLOAD} syscalls getppid --count 250 --name taprows'
global n
probe begin { println("started") }
probe syscall.getppid { if (pid() == target()) { n++; printf("%d %s %d\\n", n, execname(), 2 * n) } }
probe end { printf("%d events\\n", n) }`,
  );
  expect(cell.outcome.status).toBe("ok");
  const calls = workloadReport(cell.stdout).calls["getppid"]!;
  expect(cell.stdout).toContain("started\n");
  expect(cell.stdout).toContain(`${calls} events\n`);
  expect(cell.stdout).not.toContain("taprows 2");
  const [table] = plainTexts(cell);
  const lines = table!.split("\n");
  expect(lines.slice(0, 2)).toEqual(["calls", "number  comm     twice"]);
  expect(lines.slice(3).map((line) => line.trim().split(/ +/).join(" "))).toEqual([
    ...Array.from({ length: 100 }, (_, index) => `${index + 1} taprows ${2 * (index + 1)}`),
    `… and ${calls - 100} more rows`,
  ]);

  const scatter = await notebook.run("%plot calls as scatter number twice comm");
  const spec = scatter.bundles[0]!.data["application/vnd.vegalite.v5+json"] as { data: { values: object[] } };
  expect(spec.data.values).toHaveLength(calls);
  expect(spec.data.values.at(-1)).toEqual({ x: calls, y: 2 * calls, group: 0 });
  expect(plainTexts(await notebook.run("%plot calls top 2"))[0]).toMatch(/ 2 +taprows +4\n… and \d+ more rows$/);
});

test("statements print rows as well, and a plot in the cell takes the table's place", async () => {
  const cell = await notebook.run(
    '%%table\n%plot rows as scatter x y\nfor (i = 1; i <= 5; i++) printf("x=%d y=%d\\n", i, i * i)',
  );
  expect(cell.stdout).toBe("");
  expect(plainTexts(cell)).toEqual([expect.stringMatching(/^rows\nx +y\n-+ +-+\n1 +1\n2 +4\n/)]);
});

test.each([
  ["%plot rows as bars", "rows cannot be shown as bars", "it is rows, which fit table, scatter, timeline"],
  ["%plot rows as timeline", "rows cannot be shown as timeline: no column says when", "call the one that does time_ns"],
  ["%perfetto rows /tmp/x.json", "no column of rows says when", "its columns are a, b"],
  ["%perfetto other /tmp/x.json", "there are no rows called other", "there are rows"],
  ["%plot rows as scatter a c", "rows has no column c", "its columns are a, b"],
  ["%plot rows as scatter a b", "rows cannot be shown as scatter by b, which is text", "a third one may be text"],
])("%s says what is wrong", async (code, message, hint) => {
  await notebook.run('%%table a b\nprintf("%d %s\\n", 1, "x")');
  const [first, second] = traceback(await notebook.run(code));
  expect(first).toBe(`error: ${message}`);
  expect(second).toContain(hint);
});

test("where no print is a row, it says what would be one", async () => {
  const cell = await notebook.run('%%table a b c\nprintln("nothing")');
  expect(cell.stdout).toBe("nothing\n");
  expect(plainTexts(cell)).toEqual(["rows: no row yet; a row is a printf with 3 values (a, b, c)"]);
});

test("rows are not called as a global is", async () => {
  await notebook.run("global calls = 3\nprintln(calls)");
  expect(traceback(await notebook.run('%%table calls: a b\nprintf("%d %d\\n", 1, 2)'))[0]).toBe(
    "error: calls is a global",
  );
});

test("a timeline has what the workload did in the order in which it did it, and other viewers can have it", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "tapbook-timeline-")), "trace.json");
  const cell = await notebook.run(
    `%%timeline calls: end_ns duration_ns tid name number -c '${WORKLOAD} syscalls getppid --count 50'
global n
probe syscall.getppid.return {
  if (pid() == target()) {
    now = gettimeofday_ns()
    printf("%d %d %d %s %d\\n", now, now - @entry(gettimeofday_ns()), tid(), name, ++n)
  }
}`,
  );
  expect(cell.outcome.status).toBe("ok");
  const { pid, calls } = workloadReport(cell.stdout);
  const spec = cell.bundles[0]!.data["application/vnd.vegalite.v5+json"] as {
    data: { values: readonly { start: number; end: number; lane: number; name: string }[] };
    encoding: { y: { axis: { labelExpr: string } } };
  };
  const { values } = spec.data;
  expect(values).toHaveLength(calls["getppid"]!);
  expect(spec.encoding.y.axis.labelExpr).toBe(`["${pid}"][datum.value]`);
  expect(new Set(values.map(({ name }) => name))).toEqual(new Set(["getppid"]));
  // One thread does one call after the other.
  for (const [index, event] of values.entries()) {
    expect(event.end).toBeGreaterThan(event.start);
    expect(event.start).toBeGreaterThanOrEqual(values[index - 1]?.end ?? 0);
  }

  const said = await notebook.run(`%perfetto calls ${file}`);
  expect(said.stdout).toBe(`${calls["getppid"]} events in ${file}\n`);
  const { traceEvents } = JSON.parse(readFileSync(file, "utf8")) as { traceEvents: Record<string, unknown>[] };
  const events = traceEvents.filter(({ ph }) => ph === "X");
  expect(events.map(({ args }) => (args as { number: number }).number)).toEqual(values.map((_, index) => index + 1));
  expect(events[0]).toMatchObject({ name: "getppid", pid: 1, tid: 1, ts: 0 });
  expect(traceEvents.filter(({ name }) => name === "thread_name")).toMatchObject([{ args: { name: `tid ${pid}` } }]);
});

test("what is to be hidden is in no file either", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "tapbook-timeline-")), "trace.json");
  await notebook.run('%%table time_ns name path\nprintf("%d %s %s\\n", 1, "open", "/home/somebody/letter")');
  await notebook.run(`%redact paths\n%perfetto rows ${file}`);
  expect(readFileSync(file, "utf8")).toContain('"name":"open"');
  expect(readFileSync(file, "utf8")).not.toContain("somebody");
});

describe("a timeline of a cell that prints nothing", () => {
  interface Drawn {
    readonly data: { readonly values: readonly { start: number; end?: number; lasted?: string; name: string }[] };
    readonly encoding: { readonly y: { readonly axis: { readonly labelExpr: string } } };
  }
  const drawn = (cell: CellResult): Drawn => cell.bundles[0]!.data["application/vnd.vegalite.v5+json"] as Drawn;

  test("has an event for each call of the command, from its entry to its return", async () => {
    const cell = await notebook.run(
      `%%timeline -c '${WORKLOAD} syscalls getppid sched_yield --count 40'\nprobe syscall.getppid, syscall.getppid.return { }\nprobe syscall.sched_yield { }`,
    );
    const { pid, calls } = workloadReport(cell.stdout);
    const { data, encoding } = drawn(cell);
    expect(encoding.y.axis.labelExpr).toBe(`["${pid} workload"][datum.value]`);
    const lasting = data.values.filter(({ lasted }) => lasted !== "");
    expect(lasting.map(({ name }) => name)).toEqual(Array.from({ length: calls["getppid"]! }, () => "syscall.getppid"));
    // What has no return is a moment.
    expect(data.values.filter(({ lasted }) => lasted === "").map(({ name }) => name)).toEqual(
      Array.from({ length: calls["sched_yield"]! }, () => "syscall.sched_yield"),
    );
    for (const [index, event] of lasting.entries()) {
      expect(event.end).toBeGreaterThan(event.start);
      expect(event.start).toBeGreaterThanOrEqual(lasting[index - 1]?.end ?? 0);
    }
    // The rows are there as those of other cells are.
    expect(plainTexts(await notebook.run("%plot rows as table top 1"))[0]).toMatch(
      /^rows\n +time \(ns\) +cpu +tid +name +execname\n[- ]+\n.*syscall\.getppid +workload\n… and/,
    );
  });

  test("leaves out what a handler leaves by next", async () => {
    const cell = await notebook.run(
      `%%timeline -c '${WORKLOAD} syscalls getppid --count 40'\nglobal n\nprobe syscall.getppid { if (n++ % 4) next }`,
    );
    expect(drawn(cell).data.values).toHaveLength(10);
  });

  test("says what it waits for", async () => {
    const cell = await notebook.run("%%timeline\nprobe begin { exit() }");
    expect(plainTexts(cell)).toEqual(["rows: no row yet; a row is a hit of a probe"]);
  });
});
