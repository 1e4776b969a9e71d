/** `%snapshot` and `x@name`: copies that scripts read wherever they read the global, in cells and in probes. */
import { plainTexts, TestNotebook, traceback, WORKLOAD, type CellResult } from "./notebook.js";

let notebook: TestNotebook;
beforeEach(() => void (notebook = new TestNotebook()));
afterEach(() => notebook.close());

/** Runs so many getppid() under a command name of this test's own. */
const traced = (count: number, script: string): Promise<CellResult> =>
  notebook.run(`%%trace -c '${WORKLOAD} syscalls getppid --count ${count} --name tapsnap'\n${script}`);

const OURS = 'if (execname() == "tapsnap")';

async function printed(code: string): Promise<string> {
  const cell = await notebook.run(code);
  if (cell.outcome.status === "error") throw new Error(cell.outcome.error.traceback.join("\n"));
  return cell.stdout;
}

test("arrays, scalars, texts and statistics are read as they were, in every place where they can be read", async () => {
  await notebook.run(`global n, total, text, lat, by
n["a"] = 1; n["b"] = 2; total = 7; text = "before"; lat <<< 4; lat <<< 6; by["x", 1] <<< 10`);
  expect(await printed("%snapshot before")).toMatch(/^before, taken .*\n {4}n@before: array of long by string \(2\)\n/);
  await notebook.run(
    'n["a"] = 100; delete n["b"]; n["c"] = 3; total = 0; text = "after"; lat <<< 1000; by["y", 2] <<< 1',
  );
  expect(
    await printed(`printf("%d %d %d %d\\n", n@before["a"], n["a"], "b" in n@before, "b" in n)
foreach (k+ in n@before) printf("%s=%d ", k, n@before[k])
printf("\\n%d %s %d %d %d %d\\n", total@before, text@before, @count(lat@before), @avg(lat@before), @max(lat@before), @max(lat))
foreach ([a, b] in by@before) printf("%s/%d=%d\\n", a, b, @sum(by@before[a, b]))
printf("%d\\n", [*, 2] in by@before)
print(@hist_log(lat@before))`),
  ).toBe(`1 100 1 0\na=1 b=2 \n7 before 2 5 6 1000\nx/1=10\n0\n`);
  expect((await notebook.run("total@before + 1")).result?.data["text/plain"]).toBe("8");
  expect((await notebook.run("n@before")).result?.data["text/plain"]).toMatch(/^n@before\nkey.*\n.*\nb +2\na +1$/);
  const shown = await notebook.run('by@before["x", 1]');
  expect(shown.result?.data["text/plain"]).toContain("8 |");
});

test("a trace that goes on fills the global, and not its snapshot", async () => {
  await notebook.run(`%%bg counting\nglobal n probe syscall.getppid { ${OURS} n++ }`);
  await notebook.run(`!${WORKLOAD} syscalls getppid --count 30 --name tapsnap`);
  await notebook.run("%snapshot early");
  await notebook.run(`!${WORKLOAD} syscalls getppid --count 12 --name tapsnap`);
  expect(await printed('printf("%d %d", n@early, n - n@early)')).toBe("30 12");
  await notebook.run("%stop counting");
});

test("probes in the kernel read snapshots: numbers, texts, statistics, whether a key is there", async () => {
  await notebook.run(`global limits, label, lat, names
limits["tapsnap"] = 5; limits["a name longer than any command"] = 9; label = "a text of the snapshot"; lat <<< 30; lat <<< 10
names["getppid"] = 2`);
  await notebook.run("%snapshot kept");
  await notebook.run("delete limits; delete label; delete lat; delete names");
  const cell = await traced(
    8,
    `global seen, sums
probe syscall.getppid { ${OURS} if (execname() in limits@kept && seen < limits@kept[execname()]) {
  seen++; sums += @sum(lat@kept) + names@kept[name]
  if (seen == 1) { printf("%s\\n", label@kept); foreach (k in limits@kept) printf("%s ", k) }
} }
probe end { printf("\\n%d %d %d\\n", seen, sums, limits@kept["a name longer than any command"]) }`,
  );
  expect(cell.outcome.status === "error" ? traceback(cell) : []).toEqual([]);
  expect(cell.stdout).toContain("a text of the snapshot\ntapsnap a name longer than any command ");
  expect(cell.stdout).toContain("\n5 210 9\n");
  expect(await printed('println(limits@kept["tapsnap"])')).toBe("5\n");
});

test("a text in memory that is longer than what a probe looks for fits the map", async () => {
  await notebook.run('global wanted, hit; wanted["a long key that no probe has"] = 1; wanted["tapsnap"] = 2');
  await traced(4, `probe syscall.getppid { ${OURS} hit += wanted[execname()] }`);
  expect(await printed('printf("%d %d", hit, wanted["a long key that no probe has"])')).toBe("8 1");
});

describe("mistakes", () => {
  const failure = async (code: string): Promise<string> => {
    const cell = await notebook.run(code);
    return cell.outcome.status === "error" ? traceback(cell).join("\n") : "no failure";
  };

  beforeEach(async () => {
    await notebook.run('global n, m; n["a"] = 1; m = 3');
    await notebook.run("%snapshot before n");
  });

  test.each([
    ['println(n@befor["a"])', ["no snapshot `befor` [snapshot/no-such]", "Did you mean `n@before`?"]],
    ["println(m@before)", ["the snapshot `before` holds no global `m`", "There are n@before."]],
    ['n@before["a"] = 2', ["`n@before` is a snapshot, which stays as it is [snapshot/written]"]],
    ['n@before["a"]++', ["[snapshot/written]"]],
    ["delete n@before", ["[snapshot/written]"]],
    ['delete n@before["a"]', ["[snapshot/written]"]],
    ["println(n@before)", ["[array/"]],
    ['println(n@before["a"] . "text")', ["[type/conflict]"]],
    ["%snapshot count", ["count cannot name a snapshot"]],
    ["%snapshot later nn", ["there is no global nn", "did you mean n?"]],
    ["%snapshots drop later", ["there is no snapshot later", "there are before"]],
    ["%snapshot", ["%snapshot needs a name", "usage: %snapshot NAME"]],
  ])("%s", async (code, parts) => {
    const text = await failure(code);
    for (const part of parts) expect(text).toContain(part);
    expect(await printed('println(n@before["a"])')).toBe("1\n");
  });

  test("where there is no snapshot at all, it says how to take one", async () => {
    await notebook.run("%snapshots drop before");
    expect(await failure("println(m@before)")).toContain("`%snapshot before` on a line of its own takes one.");
  });
});

test("an extractor tight behind a name stays what it is", async () => {
  await notebook.run("global by; by[1] <<< 5; by[2] <<< 6; by[2] <<< 6");
  expect(await printed('foreach (k in by@count-) printf("%d ", k)\nforeach (k in by@sum+) printf("%d ", k)')).toBe(
    "2 1 1 2 ",
  );
  expect(await printed("@define before %( [1] %)\nprintln(@count(by@before))")).toBe("1\n");
  expect(traceback(await notebook.run("%snapshot before"))).toContain("hint: @before is a macro; take another name");
});

test("%snapshots lists and drops; %reset forgets; a snapshot of a name replaces the former", async () => {
  await notebook.run("global n = 1");
  await notebook.run("n = 2");
  await notebook.run("%snapshot a\n%snapshot b");
  expect((await printed("%snapshots")).match(/^\w+(?=, taken)/gm)).toEqual(["a", "b"]);
  await notebook.run("n = 3");
  await notebook.run("%snapshot a");
  expect(await printed('printf("%d %d", n@a, n@b)')).toBe("3 2");
  await notebook.run("%snapshots drop b");
  expect(traceback(await notebook.run("println(n@b)"))[0]).toContain("snapshot/no-such");
  // The global itself may be declared afresh, as something else.
  await notebook.run('global n; n["text"] = "other"');
  expect(await printed("println(n@a)")).toBe("3\n");
  await notebook.run("%reset");
  expect(await printed("%snapshots")).toBe("no snapshots yet\n");
});

test("a trace that reads a snapshot ends when that is dropped, and says so", async () => {
  await notebook.run("global n; n = 2");
  await notebook.run("%snapshot a");
  await notebook.run("%%bg reading\nglobal seen probe timer.s(100) { seen += n@a }");
  const { stderr } = await notebook.run("%snapshots drop a");
  expect(stderr).toContain("The trace of cell 3 was stopped: it uses n@a");
  expect(await printed("%traces")).toBe("no trace runs in the background\n");
});

test("what a snapshot holds counts in the same unit as the global", async () => {
  await notebook.run("global lat; start = gettimeofday_ns(); lat <<< gettimeofday_ns() - start");
  await notebook.run("%snapshot before");
  expect(plainTexts(await notebook.run("lat@before")).join()).toContain("avg (ns)");
});

test("completion offers them behind the @, and where a global could stand", async () => {
  await notebook.run("global calls; calls[1] = 1");
  await notebook.run("%snapshot before");
  const texts = (code: string): string[] =>
    notebook.notebook.complete(code, code.length).matches.map((match) => match.text);
  expect(texts("println(calls@be")).toEqual(["calls@before"]);
  expect(texts("println(calls")).toEqual(["calls", "calls@before"]);
  expect(texts("%snapshots drop b")).toEqual(["before"]);
  expect(texts("%diff calls calls@")).toEqual(["calls@before"]);
  expect(texts("%snapshot x ca")).toEqual(["calls"]);
});
