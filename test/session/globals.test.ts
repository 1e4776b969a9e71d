/** What globals do from cell to cell, on the kernel: their contents outlive the cells, and their maps grow. */
import { plainTexts, TestNotebook, traceback, WORKLOAD, type CellResult } from "./notebook.js";

let notebook: TestNotebook;
beforeEach(() => void (notebook = new TestNotebook()));
afterEach(() => notebook.close());

const value = async (expression: string): Promise<string | undefined> => {
  const { result, outcome } = await notebook.run(expression);
  if (outcome.status === "error") throw new Error(outcome.error.message);
  return result?.data["text/plain"] as string | undefined;
};

/** Runs so many getppid() under a command name of this test's own. */
const traced = (count: number, script: string): Promise<CellResult> =>
  notebook.run(`%%trace -c '${WORKLOAD} syscalls getppid --count ${count} --name tapglobals'\n${script}`);

const OURS = 'if (execname() == "tapglobals")';

test("a cell that declares starts afresh, a cell that uses adds", async () => {
  const declaring = `global n probe syscall.getppid { ${OURS} n[execname()]++ }`;
  const using = `probe syscall.getppid { ${OURS} n[execname()]++ }`;
  await traced(30, declaring);
  expect(await value('n["tapglobals"]')).toBe("30");
  await traced(12, using);
  expect(await value('n["tapglobals"]')).toBe("42");
  await traced(30, declaring);
  expect(await value('n["tapglobals"]')).toBe("30");
});

test("a cell that only empties a global does not show it", async () => {
  await traced(3, `global n, s probe syscall.getppid { ${OURS} { n[execname()]++; s++ } }`);
  const emptied = await notebook.run("delete n; delete s");
  expect(emptied).toMatchObject({ stdout: "", stderr: "", bundles: [] });
  // What else it does to one is shown, as at the end of any script.
  expect(plainTexts(await notebook.run('delete n; n["new"] = 1'))[0]).toMatch(/^n\nkey.*\n.*\nnew +1$/);
  expect(plainTexts(await notebook.run('delete n["new"]'))[0]).toMatch(/^n\nkey/);
});

test("of a large array the first 50 rows are shown, and how many there are beside", async () => {
  const [table] = plainTexts(await notebook.run("global many; for (i = 1; i <= 73; i++) many[i] = i"));
  expect(table!.split("\n").filter((line) => /^ *\d/.test(line))).toHaveLength(50);
  expect(table).toMatch(/… and 23 more rows$/);
});

test("an initial value comes back with its declaration", async () => {
  await notebook.run("global n = 5");
  await notebook.run("n += 2");
  expect(await value("n")).toBe("7");
  await notebook.run("global n = 5");
  expect(await value("n")).toBe("5");
});

test("longer keys widen the map and keep what is in it", async () => {
  await traced(7, `global a probe syscall.getppid { ${OURS} a[execname()]++ }`);
  const long = "forty characters of a key, to the letter";
  expect(long).toHaveLength(40);
  expect((await notebook.run(`a["${long}"] = 3`)).outcome.status).toBe("ok");
  expect(await value('a["tapglobals"]')).toBe("7");
  expect(await value(`a["${long}"]`)).toBe("3");
  await traced(5, `probe syscall.getppid { ${OURS} a[execname()]++ }`);
  expect(await value('a["tapglobals"]')).toBe("12");
  expect(await value(`a["${long}"]`)).toBe("3");
});

test("names of system calls and other texts are keys of one array", async () => {
  await traced(9, `global calls probe syscall.getppid { ${OURS} calls[name]++ }`);
  await notebook.run('calls["none of them"] = 4');
  await traced(2, `probe syscall.getppid { ${OURS} calls[name . "!"]++ }`);
  await traced(1, `probe syscall.getppid { ${OURS} calls[name]++ }`);
  expect(await value('calls["getppid"]')).toBe("10");
  expect(await value('calls["getppid!"]')).toBe("2");
  expect(await value('calls["none of them"]')).toBe("4");
});

test("what statements filled first, probes go on with, and the other way round", async () => {
  await notebook.run(
    'global n, s, text, total\nn["tapglobals"] = 100; s <<< 1; s <<< 1000; text = "before"; total = 50',
  );
  await traced(20, `probe syscall.getppid { ${OURS} { n[execname()]++; s <<< 10; text = execname(); total++ } }`);
  expect(await value('n["tapglobals"]')).toBe("120");
  expect(await value("total")).toBe("70");
  expect(await value("text")).toBe("tapglobals");
  expect([await value("@count(s)"), await value("@sum(s)"), await value("@max(s)")]).toEqual(["22", "1201", "1000"]);
  await notebook.run(
    'n["tapglobals"] += 1; s <<< 5; total--; text = "a text that is longer than the name of a command"',
  );
  expect(await value('n["tapglobals"]')).toBe("121");
  expect(await value("@count(s)")).toBe("23");
  expect(await value("total")).toBe("69");
  expect(await value("text")).toBe("a text that is longer than the name of a command");
});

test("delete and %reset empty, %reset alone forgets", async () => {
  await notebook.run('global n, m, s, i = 3\nn["a"] = 1; n["b"] = 2; m = 9; s <<< 4; i++\nfunction two() { return 2 }');
  await notebook.run('delete n["a"]');
  expect((await notebook.run("foreach (k in n) println(k)")).stdout).toBe("b\n");
  expect((await notebook.run("%reset n, m s")).outcome.status).toBe("ok");
  expect((await notebook.run("foreach (k in n) println(k)")).stdout).toBe("");
  expect(await value("m")).toBe("0");
  expect(await value("@count(s)")).toBe("0");
  expect(await value("i")).toBe("4");
  expect(await value("two()")).toBe("2");
  await notebook.run("%reset");
  expect((await notebook.run("%globals")).stdout).toBe("no globals yet\n");
  expect((await notebook.run("two()")).outcome).toMatchObject({ status: "error", error: { name: "SemanticError" } });
});

test("a misspelt name resets nothing", async () => {
  await notebook.run("global n = 1");
  await notebook.run("n = 8");
  const cell = await notebook.run("%reset n m");
  expect(cell.outcome).toMatchObject({
    status: "error",
    error: { name: "MagicError", message: "there is no global m" },
  });
  expect(await value("n")).toBe("8");
});

test("%globals lists what there is", async () => {
  await notebook.run('global n, s, waiting, i = 3\nn["a", 1] = 1; n["b", 2] = 2; s <<< 4; thread_indent(1)');
  const lines = (await notebook.run("%globals")).stdout.split("\n").filter((line) => line !== "");
  expect(lines.toSorted()).toEqual([
    "i: long",
    "n: array of long by string, long (2)",
    "s: statistic (1)",
    "waiting: not used yet",
  ]);
});

test("another type is refused with the cell and the line that settled it", async () => {
  await notebook.run('\n\nglobal n\nn["a"] = 1');
  const lines = traceback(await notebook.run('n["a"] = "text"')).join("\n");
  expect(lines).toMatch(/^error: .*type\/conflict/);
  expect(lines).toMatch(/^ --> cell 2:1:\d+$/m);
  expect(lines).toMatch(/^ --> cell 1:\d+:\d+$/m);
  expect(lines).toMatch(/cell 1, line 4 made `n` an array of numbers by a string/);
});

test("what a statistic does not keep is refused, and says what to do", async () => {
  await notebook.run("global s\ns <<< 4");
  const lines = traceback(await notebook.run("@hist_linear(s, 0, 10, 1)")).join("\n");
  expect(lines).toContain("statistic/not-kept");
  expect(lines).toContain("hint: Declare it again");
  expect(await value("@count(s)")).toBe("1");
});

test("a cell with a mistake leaves the session as it was", async () => {
  await notebook.run("global n = 5");
  expect((await notebook.run('global n = 1, m\nprobe begin { n = "x" + 1 }')).outcome.status).toBe("error");
  expect(await value("n")).toBe("5");
  expect((await notebook.run("%globals")).stdout).toBe("n: long\n");
});

test("a unit that the declaration of an earlier run told is not kept beyond it", async () => {
  await notebook.run("global lat\nlat <<< gettimeofday_ns() - gettimeofday_ns()");
  expect(plainTexts(await notebook.run("lat")).join("\n")).toContain("ns");
  await notebook.run("%reset");
  await notebook.run("global lat\nlat <<< 4");
  expect(plainTexts(await notebook.run("lat")).join("\n")).not.toContain("ns");
});
