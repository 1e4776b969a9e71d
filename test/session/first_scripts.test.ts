/**
 * The scripts of the tour, which listens for a shorter time, on the kernel under our feet. What they count is checked against what the workload
 * says it did: `%%trace -c` starts it when the trace runs, and its command name tells it from everything else on the machine.
 */
import { plainTexts, TestNotebook, WORKLOAD, workloadReport, type CellResult } from "./notebook.js";

const CHART = "application/vnd.vegalite.v5+json";
let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

function expectClean(cell: CellResult): void {
  expect(cell.stderr).toBe("");
  expect(cell.outcome.status).toBe("ok");
  // Where the machine is slow, the line takes the place of the one that told how the trace fares.
  const moved = cell.updates.map(([, { data }]) => String(data["text/plain"]));
  const fidelity = [...plainTexts(cell), ...moved].find((text) => text.startsWith("events"));
  expect(fidelity).toMatch(/lost 0 · map-full 0 · missed 0 · errors 0/);
}

const linesOf = (cell: CellResult, pattern: RegExp): string[] =>
  cell.stdout.split("\n").filter((line) => pattern.test(line));

/** A table's row as numbers by the name of its column. */
function tableRow(cell: CellResult, key: string): Record<string, bigint> {
  const table = cell.bundles
    .map(({ data }) => data["text/plain"])
    .find((text) => typeof text === "string" && /^\w+\nkey /.test(text));
  const [, head, , ...rows] = String(table).split("\n");
  const names = head!.split(/\s{2,}/);
  const row = rows.find((line) => line.startsWith(`${key} `))!.split(/\s{2,}/);
  return Object.fromEntries(names.slice(1).map((name, index) => [name.replace(/ \(.*/, ""), BigInt(row[index + 1]!)]));
}

test("1: a line for every call, until interrupted", async () => {
  const script = 'probe kernel.function("sys_gettimeofday").return { printf("%d\\t%s\\n", pid(), execname()); }';
  const traced = await notebook.run(
    `%%trace -c '${WORKLOAD} syscalls gettimeofday --count 250 --name tapone'\n${script}`,
  );
  const report = workloadReport(traced.stdout);
  expectClean(traced);
  expect(report.calls["gettimeofday"]).toBe(250);
  expect(linesOf(traced, /\ttapone$/)).toEqual(Array.from({ length: 250 }, () => `${report.pid}\ttapone`));

  // Not before it runs: what is interrupted while its probes are attached has not run.
  const endless = notebook.run(`${script}\nprobe begin { println("begun") }`, {}, () => notebook.notebook.interrupt());
  expect((await endless).outcome.status).toBe("ok");
});

test("2: calls by program, as text", async () => {
  const cell = await notebook.run(`%%trace -c '${WORKLOAD} syscalls gettimeofday --count 1234 --name taptwo'
global progs
probe kernel.function("sys_gettimeofday").return { progs[execname()]++ }
probe timer.ms(5000) { exit() }
probe end {
  log("PROGRAM\\t\\tCOUNT\\tCOUNT/SEC")
  foreach (prog+ in progs) { rate = progs[prog] / 5; if (rate > 1) printf("%s\\t%d\\t%d\\n", prog, progs[prog], rate) }
}`);
  expectClean(cell);
  expect(linesOf(cell, /^PROGRAM/)).toEqual(["PROGRAM\t\tCOUNT\tCOUNT/SEC"]);
  expect(linesOf(cell, /^taptwo/)).toEqual(["taptwo\t1234\t246"]);
  const programs = linesOf(cell, /^\S+\t\d+\t\d+$/).map((line) => line.split("\t")[0]!);
  expect(programs).toEqual(programs.toSorted());
});

test("3: failed calls of the stat family, with their arguments", async () => {
  const cell = await notebook.run(`%%trace -c '${WORKLOAD} stat --missing 7 --existing 5 --name tapthree'
global last_stat; probe syscall.*stat { last_stat[pid()] = argstr }
probe syscall.*stat.return { if (returnstr(1) != "0") printf("%s(%d) %s(%s) -> %s\\n", execname(), pid(), probefunc(), last_stat[pid()], returnstr(1)) }
probe timer.ms(10000) { exit() }`);
  expectClean(cell);
  const { pid, errors } = workloadReport(cell.stdout);
  const lines = linesOf(cell, /^tapthree\(/);
  const failed = Object.values(errors).reduce((sum, { ENOENT = 0 }) => sum + ENOENT, 0);
  expect(failed).toBeGreaterThanOrEqual(14);
  expect(lines).toHaveLength(failed);
  for (const line of lines) {
    expect(line).toMatch(
      new RegExp(`^tapthree\\(${pid}\\) \\w+\\(.*"/dev/null.missing", 0x[0-9a-f]+.*\\) -> -2 \\(ENOENT\\)$`),
    );
  }
  const called = (name: string): number => lines.filter((line) => line.includes(`${name}(`)).length;
  expect(called("sys_newfstatat")).toBe(errors["newfstatat"]!["ENOENT"]);
  expect(called("sys_statx")).toBe(errors["statx"]!["ENOENT"]);
});

test("4: the cell shows the table of system calls itself", async () => {
  const every = await notebook.run(`%%trace -c '${WORKLOAD} syscalls getppid --count 4321 --name tapfour'
global calls; probe syscall_any { calls[name]++ } probe timer.s(3) { exit() }`);
  expectClean(every);
  expect(tableRow(every, "getppid")["value"]).toBeGreaterThanOrEqual(4321n);
  expect(every.bundles.some(({ data }) => "text/html" in data)).toBe(true);
  const ours = await notebook.run(`%%trace -c '${WORKLOAD} syscalls getppid lseek --count 999 --name tapfour'
global calls; probe syscall_any { if (execname() == "tapfour") calls[name]++ } probe timer.s(3) { exit() }`);
  expectClean(ours);
  expect(tableRow(ours, "getppid")["value"]).toBe(999n);
  expect(tableRow(ours, "lseek")["value"]).toBe(999n);
});

test("5 and 6: latencies as charts, and later cells that read and go on", async () => {
  const probes = `probe syscall.read { t[tid()] = gettimeofday_ns() }
probe syscall.read.return { if (tid() in t) { lat[execname()] <<< gettimeofday_ns() - t[tid()]; delete t[tid()] } }`;
  const cell = await notebook.run(`%%trace -c '${WORKLOAD} read --count 700 --size 64 --name tapfive'
global t, lat; ${probes}
probe timer.s(5) { exit() }
probe end { foreach (p in lat) if (p == "tapfive") print(@hist_log(lat[p])) }`);
  expectClean(cell);
  const { calls } = workloadReport(cell.stdout);
  expect(calls["read"]).toBe(700);
  const chart = cell.bundles.find(({ data }) => CHART in data)!;
  expect(Object.keys(chart.data).toSorted()).toEqual([CHART, "image/svg+xml", "text/plain"]);
  const text = String(chart.data["text/plain"]);
  expect(text).toMatch(/^ *value \|-{50} count\n/);
  expect([...text.matchAll(/^ *\d+ \|@* +(\d+)$/gm)].reduce((sum, match) => sum + Number(match[1]), 0)).toBe(700);

  const table = await notebook.run("lat");
  expect(tableRow(table, "tapfive")["count"]).toBe(700n);
  const { min, avg, max, sum } = tableRow(table, "tapfive");
  expect(min! <= avg! && avg! <= max! && sum! / 700n === avg).toBe(true);

  const histogram = await notebook.run('@hist_log(lat["tapfive"])');
  expect(histogram.result?.data["text/plain"]).toBe(text);
  expect(CHART in histogram.result!.data).toBe(true);
  expect((await notebook.run('@avg(lat["tapfive"])')).result?.data["text/plain"]).toBe(String(avg));

  const most = await notebook.run('foreach (p in calls- limit 2) println(p, " ", calls[p])');
  expect(most.stdout.split("\n").slice(0, 2).toSorted()).toEqual(["getppid 999", "lseek 999"]);
  expect((await notebook.run("delete calls")).outcome.status).toBe("ok");
  expect((await notebook.run("foreach (p in calls) println(p)")).stdout).toBe("");

  const more = await notebook.run(`%%trace -c '${WORKLOAD} read --count 300 --size 64 --name tapfive'\n${probes}`);
  expectClean(more);
  expect(tableRow(await notebook.run("lat"), "tapfive")["count"]).toBe(1000n);
});
