/** Statistics inside probes: each script gives in the kernel what it gives in user space, and what was worked out by hand. */
import { array, assert, bigInt, integer, oneof, property } from "fast-check";
import { STATE_RUNNING } from "../../kernel/compiler/compiled.js";
import { Globals } from "../../kernel/tracing/globals.js";
import { LoadedScript } from "../../kernel/tracing/loaded_script.js";
import { loadNative, type Native, type NativeProgram } from "../../kernel/tracing/native.js";
import { readRecords } from "../../kernel/tracing/records.js";
import { TestNotebook, WORKLOAD } from "../session/notebook.js";
import { isRefusal, Sides, type Outcome, type Script } from "./sides.js";

const native = loadNative();
/** Other test files of this process may have left some. */
const openBefore = native.openHandles();
const sides = new Sides(native);

/** What both sides do; fails where they differ. */
function run(declarations: string, body: string): Outcome {
  const script = { declarations, body };
  const kernel = sides.inKernel(script);
  if (isRefusal(kernel)) throw new Error(`refused in the kernel: ${kernel.refused[0]?.message}`);
  expect(kernel).toEqual(sides.inUserSpace(script));
  return kernel;
}

function printed(declarations: string, body: string): string[] {
  const { printed: text, failure } = run(declarations, body);
  expect(failure).toBeNull();
  return text.trimEnd().split("\n");
}

const LEAST = "-0x7fffffffffffffff-1";
const MOST = "0x7fffffffffffffff";

describe("@variance", () => {
  // By hand: the squares of the distances from the mean, over one less than their number, rounded.
  test.each([
    [["5"], "0"],
    [["1", "2", "3", "4"], "2"], // 5/3
    [["1", "2"], "1"], // 1/2, rounded up
    [["2", "2", "2", "2"], "0"],
    [["-10", "10"], "200"],
    [["-7", "-3", "-5"], "4"],
    [["1000000000000", "1000000000002"], "2"],
    [["0", "4294967296"], "9223372036854775807"], // 2^63, and the largest number is one less
    [["0", "4294967295"], "9223372032559808513"], // (2^32 - 1)^2 / 2 = 9223372032559808512.5
    [[LEAST, MOST], "9223372036854775807"],
    [[LEAST, LEAST, `${LEAST}+3`], "3"],
    [[MOST, `${MOST}-2`], "2"],
  ])("of %p is %s", (values, expected) => {
    const records = values.map((value) => `s <<< ${value}`).join("\n");
    expect(printed("global s", `${records}\nprintln(@variance(s))`)).toEqual([expected]);
  });

  test("of many values is exact", () => {
    // 0, 3, 6, … 2997: nine times the variance of 0 … 999, which is 1000 · 1001 / 12.
    const body = "for (i = 0; i < 1000; i++) a[7] <<< i * 3\nprintln(@variance(a[7]))";
    expect(printed("global a", body)).toEqual(["750750"]);
  });

  test("of nothing is the error of an empty aggregate", () => {
    const { failure } = run("global s", "s <<< 1\ndelete s\nprintln(@variance(s))");
    expect(failure).toMatchObject({ message: "empty aggregate", line: 5 });
  });
});

describe("buckets of histograms", () => {
  const RECORDED = "s <<< 0\ns <<< 5\ns <<< 6\ns <<< -3\ns <<< 100";

  test("by number", () => {
    // 64 holds 0, 67 holds 4 to 7, 62 holds -2 and -3, 71 holds 64 to 127; linear: below, 0–1, 2–3, 4–5, 6–7, above.
    const body = `${RECORDED}
      printf("%d %d %d %d %d\\n", @hist_log(s)[64], @hist_log(s)[67], @hist_log(s)[62], @hist_log(s)[71], @hist_log(s)[70])
      for (i = 0; i < 7; i++) printf("%d ", @hist_linear(s, 0, 8, 2)[i])`;
    expect(printed("global s", body)).toEqual(["1 2 1 1 0", "1 1 0 1 1 0 1 "].map((line) => line.trimEnd()));
  });

  test.each(["-1", "128", "1 << 40"])("there is none with number %s", (index) => {
    const { failure } = run("global s", `${RECORDED}\nprintln(@hist_log(s)[${index}])`);
    expect(failure).toMatchObject({ message: "histogram index out of range", line: 8 });
  });

  test("in loops, from either end, with counts and limits", () => {
    const body = `${RECORDED}
      foreach (b in @hist_linear(s, 0, 8, 4)) printf("%d=%d ", b, @hist_linear(s, 0, 8, 4)[b])
      foreach (n = b- in @hist_linear(s, 0, 8, 4) limit 3) { if (b == 3) continue; printf("%d:%d ", b, n) }
      foreach (b in @hist_log(s)) { if (@hist_log(s)[b]) printf("%d ", b); if (b == 70) break }
      foreach (b in @hist_log(s) limit 0) println("never")`;
    // Buckets: below 0, 0–3, 4–7, 8–11, above.
    expect(printed("global s", body)).toEqual(["0=1 1=1 2=2 3=0 4=1 4:1 2:2 62 64 67"]);
  });

  test("a loop over those of nothing is an error", () => {
    const { failure } = run("global a", 'a["x"] <<< 1\nforeach (b in @hist_log(a["y"])) println(b)');
    expect(failure).toMatchObject({ message: "empty aggregate", line: 4 });
  });
});

describe("print(@hist_…)", () => {
  test("is drawn as user space draws it, between what else is printed", () => {
    const lines = printed(
      "global s",
      's <<< 1\ns <<< 3\ns <<< 3\nprint("before\\n")\nprint(@hist_log(s))\nprint("after")',
    );
    expect(lines).toEqual([
      "before",
      `value |${"-".repeat(50)} count`,
      `    0 |${" ".repeat(51)}0`,
      `    1 |@${" ".repeat(50)}1`,
      `    2 |@@${" ".repeat(49)}2`,
      `    4 |${" ".repeat(51)}0`,
      `    8 |${" ".repeat(51)}0`,
      "",
      "after",
    ]);
  });

  test("several, of elements and scalars, in one handler", () => {
    const body = `for (i = -20; i < 200; i++) { a[i % 3, "k"] <<< i; s <<< i * i }
      for (i = 0; i < 12; i++) { print(@hist_linear(a[i % 3, "k"], 0, 100, 10)); print(@hist_log(s)) }`;
    expect(printed("global a, s", body).length).toBeGreaterThan(12 * 20);
  });
});

describe("foreach over arrays of statistics", () => {
  const FILL = `a["c", 3] <<< 10
    a["a", 1] <<< 4; a["a", 1] <<< 6
    a["b", 2] <<< -5; a["b", 2] <<< 1; a["b", 2] <<< 40
    a["d", 4] <<< 7; a["d", 4] <<< 7`;

  // Counts 1 2 3 2, sums 10 10 36 14, smallest 10 4 -5 7, largest 10 6 40 7, averages 10 5 12 7, variances 0 2 603 0.
  test.each([
    ["[k, n] in a", "c a b d"],
    ["[k+, n] in a", "a b c d"],
    ["[k, n-] in a", "d c b a"],
    ["[k, n] in a+", "c a d b"],
    ["[k, n] in a-", "b a d c"],
    ["[k, n] in a @count-", "b a d c"],
    ["[k, n] in a @sum+", "c a d b"],
    ["[k, n] in a @min+", "b a d c"],
    ["[k, n] in a @max-", "b c d a"],
    ["[k, n] in a @avg-", "b c d a"],
    ["[k, n] in a @variance-", "b a c d"],
    ["[k, n] in a @avg+ limit 2", "a d"],
    ['[k, n] in a["b", *]', "b"],
    ["[k, n] in a[*, 4]", "d"],
  ])("foreach (%s)", (loop, expected) => {
    expect(printed("global a", `${FILL}\nforeach (${loop}) printf("%s ", k)`)).toEqual([expected]);
  });

  test("the elements are read in the loop", () => {
    const body = `${FILL}\nforeach ([k, n] in a-) { printf("%s %d %d\\n", k, @count(a[k, n]), @sum(a[k, n])) }`;
    expect(printed("global a", body)).toEqual(["b 3 36", "a 2 10", "d 2 14", "c 1 10"]);
  });
});

/** Runs a program once on each CPU of a list. */
function runOnCpus({ declarations, body }: Script, cpus: readonly number[]): string {
  const { script } = sides.compile({ declarations, body });
  if (!script) throw new Error("the script is wrong");
  const programs: NativeProgram[] = [];
  const observed: Native = {
    ...native,
    loadProgram: (options) => {
      const program = native.loadProgram(options);
      programs.push(program);
      return program;
    },
  };
  const globals = new Globals(observed, 16);
  const draft = globals.prepare(script, []);
  const loaded = new LoadedScript(observed, script, draft);
  let text = "";
  const ring = native.openRingBuffer(loaded.ring, (batch) =>
    readRecords(batch, script.printSites, {
      output: (_, printedText) => (text += printedText),
      error: (_, site) => (text += `error: ${script.errorSites[site]?.message}`),
      exit: () => undefined,
      abort: () => undefined,
    }),
  );
  try {
    loaded.setState(STATE_RUNNING, 0n);
    for (const cpu of cpus) programs[0]!.testRun({ cpu });
    ring.drain();
    return text;
  } finally {
    ring.close();
    loaded.close();
    draft.discard();
    globals.close();
  }
}

test("the shares of several CPUs are one statistic", () => {
  // One new element a run: on a CPU of its choice the kernel test-runs with interrupts off, when it has memory for one.
  const turn = 'if (turns % 2) a["y" . sprint(turns / 2)] <<< 1; else a["x"] <<< 3 + turns * turns / 4\nturns++\n';
  const shown = `printf("%d %d %d %d %d %d\\n", @count(a["x"]), @sum(a["x"]), @min(a["x"]), @max(a["x"]), @avg(a["x"]), @variance(a["x"]))
    printf("%d %d\\n", @hist_log(a["x"])[66], @hist_log(a["x"])[67])
    printf("%d %d\\n", @median(a["x"]), @percentile(a["x"], 75))
    foreach (k in a) printf("%s ", k)
    foreach (k in a- limit 1) println(k)
    print(@hist_linear(a["x"], 0, 20, 5))`;
  const declarations = "global a, turns";
  const onCpus = runOnCpus({ declarations, body: `${turn} if (turns == 8) { ${shown} }` }, [0, 1, 1, 0, 1, 1, 0, 0]);
  // 3, 4, 7, 12: mean 6.5, squares of the distances 12.25 + 6.25 + 0.25 + 30.25 = 49, over 3.
  expect(onCpus.split("\n").slice(0, 4)).toEqual(["4 26 3 12 6 16", "1 2", "4 7", "x y0 y1 y2 y3 x"]);
  const inOne = sides.inUserSpace({ declarations, body: `for (i = 0; i < 8; i++) { ${turn} }\n${shown}` });
  expect(onCpus).toBe((inOne as Outcome).printed);
});

const VALUE = oneof(
  bigInt({ min: -100n, max: 100n }),
  bigInt({ min: -(1n << 40n), max: 1n << 40n }),
  bigInt({ min: -(1n << 63n) + 1n, max: (1n << 63n) - 1n }),
);

test("any values give the same variance, buckets and drawing", () => {
  assert(
    property(array(VALUE, { minLength: 1, maxLength: 30 }), (values) => {
      const records = values.map((one) => `s <<< ${one}`).join("\n");
      run(
        "global s",
        `${records}\nprintln(@variance(s), " ", @avg(s))\nprint(@hist_log(s))\nprint(@hist_linear(s, -90, 90, 20))`,
      );
    }),
    { numRuns: 40 },
  );
}, 60_000);

describe("percentiles", () => {
  test("inside a probe, of scalars and elements", () => {
    // 1 … 31 have a bucket each.
    const body = `for (i = 1; i <= 20; i++) { s <<< i; a["x"] <<< -i; a["y"] <<< i * 1000 }
      printf("%d %d %d %d\\n", @percentile(s, 0), @percentile(s, 25), @median(s), @percentile(s, 100))
      printf("%d %d %d\\n", @median(a["x"]), @percentile(a["x"], 90), @percentile(a["x"], 100))
      foreach (k in a @median-) printf("%s ", k)
      delete s
      s <<< 9
      println(@median(s))`;
    // Of -20 … -1 the tenth is -11, the eighteenth -3.
    expect(printed("global s, a", body)).toEqual(["1 5 10 20", "-11 -3 -1", "y x 9"]);
  });

  test("of nothing is the error of an empty aggregate", () => {
    expect(run("global s", "s <<< 1\ndelete s\nprintln(@median(s))").failure).toMatchObject({
      message: "empty aggregate",
      line: 5,
    });
  });

  test("any values, as in user space", () => {
    assert(
      property(array(VALUE, { minLength: 1, maxLength: 30 }), integer({ min: 1, max: 99 }), (values, percent) => {
        const records = values.map((one) => `s <<< ${one}`).join("\n");
        run("global s", `${records}\nprintln(@percentile(s, ${percent}), " ", @median(s), " ", @percentile(s, 99))`);
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});

test("names that travel as numbers sort as texts", async () => {
  const notebook = new TestNotebook(native);
  const loops =
    'foreach (k+ in n) printf("%s ", k) println() foreach ([k-, i] in m limit 3) printf("%s ", k) println()';
  const { stdout } = await notebook.run(`%%trace -c '${WORKLOAD} --count 10'
    global n, m
    probe syscall_any { if (pid() == target()) { n[name]++; m[name, 1]++; if (name == "exit_group") { ${loops} } } }
    probe end { ${loops} }`);
  await notebook.close();
  const lines = stdout.split("\n").filter((line) => !line.startsWith("{"));
  const ascending = lines[0]!.trim().split(" ");
  expect(ascending).toEqual(ascending.toSorted());
  expect(ascending).toContain("exit_group");
  expect(lines[1]!.trim().split(" ")).toEqual(ascending.slice(-3).toReversed());
  // The end probe sorts in user space.
  expect(lines.slice(2, 4)).toEqual(lines.slice(0, 2));
});

describe("slices", () => {
  const FILL = 'n["a", 1] = 1; n["a", 2] = 2; n["b", 1] = 3; n["b", 7] = 4';

  test("are deleted", () => {
    const body = `${FILL}\ndelete n[*, 1]\nforeach ([k, i] in n) printf("%s%d ", k, i)\ndelete n["b", *]\nforeach ([k, i] in n) printf("%s%d ", k, i)`;
    expect(printed("global n", body)).toEqual(["a2 b7 a2"]);
    expect(run("global n", `${FILL}\ndelete n[*, *]`).globals.get("n")).toEqual([]);
  });

  test("are looked for", () => {
    const body = `${FILL}
      printf("%d%d%d%d", ["a", *] in n, [*, 7] in n, ["c", *] in n, [*, 3] in n)
      if ([*, 2] in n && !(["longer than any", *] in n)) print(" yes")
      for (i = 0; i < 10; i++) if ([*, i] in n) printf(" %d", i)`;
    expect(printed("global n", body)).toEqual(["1100 yes 1 2 7"]);
  });

  test("of statistics", () => {
    const body = `s["a", 1] <<< 1; s["a", 2] <<< 2; s["b", 1] <<< 3\nprintf("%d ", [*, 2] in s)\ndelete s["a", *]
      printf("%d %d", [*, 2] in s, @sum(s["b", 1]))`;
    expect(printed("global s", body)).toEqual(["1 0 3"]);
  });
});

afterAll(() => expect(native.openHandles()).toBe(openBefore));
