/** Magics on a session that only takes note of what they ask of it. */
import {
  MagicError,
  magics,
  type MagicSession,
  type PlotRequest,
  type RowsRequest,
  type RunOptions,
} from "../../kernel/magics/index.js";
import { TestNotebook, traceback } from "../session/notebook.js";

class NotingSession implements MagicSession {
  text = "";
  run: RunOptions | null = null;
  readonly reset: string[] = [];
  dump: readonly string[] = [];

  get kept(): never {
    throw new Error("magics that keep nothing were meant");
  }
  print(text: string): void {
    this.text += text;
  }
  resetGlobal(name: string): boolean {
    this.reset.push(name);
    return true;
  }
  async resetAll(): Promise<void> {
    this.reset.push("everything");
  }
  globals(): ReturnType<MagicSession["globals"]> {
    return [
      { name: "calls", type: "array of long by string", size: 3n },
      { name: "total", type: "long", size: null },
      { name: "later", type: null, size: null },
    ];
  }
  setRun(options: RunOptions): void {
    this.run = options;
  }
  magics(): typeof magics {
    return magics;
  }
  readonly limitsSet: string[] = [];
  isGuru = false;
  setLimit(name: string, value: string): void {
    this.limitsSet.push(`${name} is ${value}`);
  }
  limits(): ReturnType<MagicSession["limits"]> {
    return [
      { name: "MAXACTION", value: 1000, meaning: "statements" },
      { name: "HIST_WIDTH", value: 50, meaning: "marks" },
    ];
  }
  setGuru(): void {
    this.isGuru = true;
  }
  readonly plots: PlotRequest[] = [];
  plot(request: PlotRequest): void {
    this.plots.push(request);
  }
  readonly gathered: RowsRequest[] = [];
  gatherRows(request: RowsRequest): void {
    this.gathered.push(request);
  }
  async writeTraceEvents(name: string, file: string): Promise<number> {
    this.changed.push(`wrote ${name} to ${file}`);
    return 3;
  }
  background: string | null = null;
  setBackground(name: string): void {
    this.background = name;
  }
  traces(): ReturnType<MagicSession["traces"]> {
    return ["reads", "writes"].map((name, index) => ({
      name,
      cell: `cell ${index + 1}`,
      state: "running",
      probes: [
        {
          point: `syscall.${name}`,
          mechanism: "a tracepoint",
          hits: 7n,
          isOn: index === 0,
          nanosecondsPerHit: index === 0 ? 12.4 : null,
        },
      ],
    }));
  }
  readonly changed: string[] = [];
  async stopTraces(names: readonly string[]): Promise<void> {
    this.changed.push(`stopped ${names.join(" ")}`);
  }
  pauseTraces(names: readonly string[], paused: boolean): void {
    this.changed.push(`${paused ? "paused" : "resumed"} ${names.join(" ")}`);
  }
  setCost(when: "only" | "first"): void {
    this.changed.push(`cost ${when}`);
  }
  showManual(name: string): void {
    this.changed.push(`manual of ${name}`);
  }
  async listProbes(pattern: string, most: number): Promise<{ listed: number; isCut: boolean }> {
    this.changed.push(`${most} of ${pattern}`);
    return { listed: pattern.includes("nothing") ? 0 : 3, isCut: pattern.includes("many") };
  }
  insertCell(text: string): void {
    this.changed.push(text);
  }
  watch(request: Parameters<MagicSession["watch"]>[0]): void {
    this.changed.push(JSON.stringify(request));
  }
  async stopWatches(): Promise<void> {
    this.changed.push("stopped watching");
  }
  setProbe(point: string, isOn: boolean): void {
    this.changed.push(`${point} ${isOn ? "on" : "off"}`);
  }
  setDump(kinds: readonly string[]): void {
    this.dump = kinds;
  }
  readonly hidden: (string | RegExp)[] = [];
  redact(rules: readonly (string | RegExp)[] | null): void {
    if (rules) this.hidden.push(...rules);
    else this.hidden.length = 0;
  }
  redactions(): readonly string[] {
    return this.hidden.map(String);
  }
  verifierLogs(): ReturnType<MagicSession["verifierLogs"]> {
    return [{ program: "sys_enter", log: "0: (95) exit\n" }];
  }
}

async function used(name: string, argument: string): Promise<NotingSession> {
  const session = new NotingSession();
  await magics.find((magic) => magic.name === name)!.run(argument, session);
  return session;
}

describe("%%trace", () => {
  test.each<[string, RunOptions]>([
    ["", {}],
    ["for=2", { seconds: 2 }],
    ["for=2s", { seconds: 2 }],
    ["for=250ms", { seconds: 0.25 }],
    ["for=1.5m", { seconds: 90 }],
    ["for=1h", { seconds: 3600 }],
    ["max=2%", { maxShare: 0.02 }],
    ["max=0.5 for=1s", { maxShare: 0.005, seconds: 1 }],
    ["-c true", { command: "true" }],
    ["-c 'ls -l \"a b\"' for=1s", { command: 'ls -l "a b"', seconds: 1 }],
    ['-c "echo it\'s"', { command: "echo it's" }],
    ["-x 42", { pid: 42 }],
    ["out=/tmp/a.txt", { out: "/tmp/a.txt" }],
    ["out='/tmp/a b.txt'   for=3s", { out: "/tmp/a b.txt", seconds: 3 }],
  ])("%s", async (argument, options) => {
    const { run } = await used("trace", argument);
    expect(run).toEqual({
      ...options,
      ...(options.seconds === undefined ? {} : { seconds: expect.closeTo(options.seconds, 9) }),
    });
  });

  test.each([
    ["for=", "does not understand `for=`"],
    ["for=0", "above 0"],
    ["for=-1s", "does not understand `for=-1s`"],
    ["for=1.s", "does not understand"],
    ["max=0%", "above 0"],
    ["max=101%", "up to 100%"],
    ["max=%", "does not understand `max=%`"],
    ["for=5d", "does not understand `for=5d`"],
    ["for=1s2", "does not understand"],
    ["for=9999h", "at most 24 days"],
    ["for=1s for=2s", "each of its arguments once"],
    ["-c", "does not understand `-c`"],
    ["-c ''", "-c needs a value"],
    ["-c 'ls", "does not understand"],
    ["-x 0", "-x 0 can be no process"],
    ["-x 99999999", "can be no process"],
    ["-x self", "does not understand"],
    ["-x 1 -c true", "give one of them"],
    ["out=''", "out= needs a value"],
    ["5s", "does not understand `5s`"],
  ])("refuses %s and tells its usage", async (argument, message) => {
    const error = await used("trace", argument).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MagicError);
    expect((error as MagicError).message).toContain(message);
    expect((error as MagicError).hint).toMatch(/^usage: %%trace /);
  });
});

describe("%%table", () => {
  test.each<[string, RowsRequest, RunOptions]>([
    ["", { name: "rows", columns: [] }, {}],
    ["pid comm size_bytes", { name: "rows", columns: ["pid", "comm", "size_bytes"] }, {}],
    ["reads: pid, comm for=2s", { name: "reads", columns: ["pid", "comm"] }, { seconds: 2 }],
    ["reads: -c 'ls -l'", { name: "reads", columns: [] }, { command: "ls -l" }],
    ["pid -x 42", { name: "rows", columns: ["pid"] }, { pid: 42 }],
    ["pid out=f", { name: "rows", columns: ["pid"] }, { out: "f" }],
  ])("%s", async (argument, rows, run) => {
    const session = await used("table", argument);
    expect([session.gathered, session.run]).toEqual([[rows], run]);
  });

  test.each([
    ["pid pid", "names the column pid twice"],
    ["pid 3", "does not understand `3`"],
    ["pid for=", "does not understand `for=`"],
  ])("refuses %s", async (argument, message) => {
    const error = await used("table", argument).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MagicError);
    expect((error as MagicError).message).toContain(message);
  });
});

test("%%timeline gathers rows and shows them on an axis of time", async () => {
  const { gathered, plots, run } = await used("timeline", "calls: time_ns tid for=1s");
  expect([gathered, run]).toEqual([[{ name: "calls", columns: ["time_ns", "tid"] }], { seconds: 1 }]);
  expect(plots).toEqual([{ name: "calls", key: null, form: "timeline", top: null, perSecond: false, columns: [] }]);
});

test("%perfetto takes a name and a file", async () => {
  const session = await used("perfetto", "calls 'a b.json'");
  expect(session.changed).toEqual(["wrote calls to a b.json"]);
  await expect(used("perfetto", "calls")).rejects.toThrow("needs the name of gathered rows and a file");
});

describe("%plot", () => {
  const plain: PlotRequest = { name: "lat", key: null, form: null, top: null, perSecond: false, columns: [] };

  test.each<[string, Partial<PlotRequest>]>([
    ["lat", {}],
    ["lat as heatmap", { form: "heatmap" }],
    ["lat as overlay top 4", { form: "overlay", top: 4 }],
    ["lat top 5", { top: 5 }],
    ["lat as bars top=20", { form: "bars", top: 20 }],
    ["lat rate", { form: "series", perSecond: true }],
    ["rows as scatter x y", { name: "rows", form: "scatter", columns: ["x", "y"] }],
    ["rows as scatter x y comm", { name: "rows", form: "scatter", columns: ["x", "y", "comm"] }],
    ["rows as timeline", { name: "rows", form: "timeline" }],
    ["rows as timeline tid top 4", { name: "rows", form: "timeline", columns: ["tid"], top: 4 }],
    ['lat["disk"] as heatmap', { key: ["disk"], form: "heatmap" }],
    ['lat [ "a ] \\"b\\", \\n" , -3,0x10] top 2', { key: ['a ] "b", \n', -3n, 16n], top: 2 }],
    ["lat@before[7]", { name: "lat@before", key: [7n] }],
    ["lat@before as hist", { name: "lat@before", form: "hist" }],
  ])("%s", async (argument, asked) => {
    expect((await used("plot", argument)).plots).toEqual([{ ...plain, ...asked }]);
  });

  test.each([
    ["", "needs the name"],
    ["3", "needs the name"],
    ["lat[]", "does not understand the key []"],
    ["lat[disk]", "does not understand the key [disk]"],
    ['lat["disk"', "needs the name of a global"],
    ["lat as", "as needs a form: "],
    [
      "lat as pie",
      "there is no form pie; there are value, table, bars, hist, overlay, heatmap, series, flame, tree, scatter, timeline",
    ],
    ["lat top", "a number from 1 to 1000"],
    ["lat top 0", "a number from 1 to 1000"],
    ["lat top 1001", "a number from 1 to 1000"],
    ["lat as bars rate", "rate is of a series"],
    ["rows as scatter x", "a scatter needs two columns"],
    ["rows as scatter a b c d", "does not understand `d`"],
    ["lat heatmap", "does not understand `heatmap`"],
  ])("refuses %s and tells its usage", async (argument, message) => {
    const error = await used("plot", argument).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MagicError);
    expect((error as MagicError).message).toContain(message);
    expect((error as MagicError).hint).toMatch(/^usage: %plot /);
  });
});

test("%help lists every magic and the shell, each by its name and for a terminal, and tells of one", async () => {
  const { text } = await used("help", "");
  const named = text.split("\n").flatMap((line) => /^[%!]\S+/.exec(line)?.[0] ?? []);
  const names = magics.map(({ kind, name }) => (kind === "cell" ? `%%${name}` : `%${name}`));
  expect(named).toEqual([...names, "!COMMAND"]);
  expect(text).toMatch(/^%globals +lists the globals of the session with their types and sizes$/m);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect((await used("help", "%%trace")).text).toContain("%%trace for=5s");
  expect((await used("help", "reset")).text).toContain("%reset calls");
  await expect(used("help", "nothing")).rejects.toThrow("there is no magic nothing");
});

test("%globals lists names, types and sizes", async () => {
  expect((await used("globals", "")).text).toBe(
    "calls: array of long by string (3)\ntotal: long\nlater: not used yet\n",
  );
  await expect(used("globals", "calls")).rejects.toThrow("takes no argument");
});

test("%reset empties what is named, or forgets everything", async () => {
  expect((await used("reset", "calls, total")).reset).toEqual(["calls", "total"]);
  expect((await used("reset", "")).reset).toEqual(["everything"]);
  await expect(used("reset", "calls nothing")).rejects.toThrow("there is no global nothing");
});

describe("in a notebook", () => {
  let notebook: TestNotebook;
  beforeAll(() => void (notebook = new TestNotebook()));
  afterAll(() => notebook.close());

  test.each([
    ["%hlep", ["error: there is no magic %hlep", "hint: did you mean %help [MAGIC]?"]],
    ["%trace for=1s", ["error: there is no magic %trace", expect.stringMatching(/^hint: did you mean %%trace /)]],
    [
      "x = 1\n%%trace for=1s",
      ["error: %%trace must be the first thing in its cell", "hint: move it to the first line"],
    ],
    ["a = 7\n%q", ["error: there is no magic %q", expect.stringContaining("a remainder is written with a blank, % q")]],
    ["%limits MAXACTON=5", ["error: there is no limit MAXACTON", "hint: did you mean MAXACTION?"]],
    [
      "%limits NOTHING=5",
      ["error: there is no limit NOTHING", expect.stringMatching(/^hint: there are MAXSTRINGLEN, .*HIST_WIDTH$/)],
    ],
    [
      "%limits HIST_WIDTH=0",
      ["error: HIST_WIDTH wants a number from 1 to 1000, not 0", "hint: %limits HIST_WIDTH=50 is what holds without"],
    ],
    ["%%trace for=1s", ["error: %%trace has nothing to run", "hint: its script stands below it, in its cell"]],
    ["%%bg reads\n\n", ["error: %%bg has nothing to run", "hint: its script stands below it, in its cell"]],
    ["%%trace for=x", ["error: %%trace does not understand `for=x`", expect.stringMatching(/^usage: %%trace /)]],
  ])("%j is refused", async (code, lines) => {
    const cell = await notebook.run(code);
    expect(traceback(cell)).toEqual(lines);
    expect(cell.shown).toEqual([]);
  });
});

test("%limits hands on each setting, in any spelling of -D, or lists what holds", async () => {
  const { limitsSet, text } = await used("limits", "MAXACTION=5000, -DHIST_WIDTH=20  -D HIST_ELISION=-1");
  expect({ limitsSet, text }).toEqual({
    limitsSet: ["MAXACTION is 5000", "HIST_WIDTH is 20", "HIST_ELISION is -1"],
    text: "",
  });
  expect((await used("limits", "")).text).toBe("MAXACTION=1000  statements\nHIST_WIDTH=50   marks\n");
  await expect(used("limits", "MAXACTION")).rejects.toThrow("%limits does not understand `MAXACTION`");
});

test("%guru asks for guru mode, and takes no argument", async () => {
  expect((await used("guru", "")).isGuru).toBe(true);
  await expect(used("guru", "on")).rejects.toThrow("takes no argument");
});

test("%dump takes its words in any order, each once", async () => {
  expect((await used("dump", "bpf, types bpf")).dump).toEqual(["bpf", "types"]);
});

test("%verifier heads each log with its program", async () => {
  expect((await used("verifier", "")).text).toBe("# program sys_enter\n0: (95) exit\n");
});

describe("traces in the background", () => {
  test("%%bg takes a name, and what %%trace takes", async () => {
    const session = await used("bg", "reads for=2s -x 42");
    expect([session.background, session.run]).toEqual(["reads", { seconds: 2, pid: 42 }]);
    expect((await used("bg", "reads")).run).toEqual({});
  });

  test.each([
    ["", "%%bg needs a name to call the trace by, of letters and digits"],
    ["for=2s", "%%bg needs a name to call the trace by, of letters and digits"],
    ["a b", "%%bg does not understand `b`"],
  ])("%%%%bg %s: %s", async (argument, message) => {
    await expect(used("bg", argument)).rejects.toEqual(
      new MagicError(message, "usage: %%bg NAME [for=TIME] [max=PERCENT] [-c 'COMMAND'] [-x PID] [out=FILE]"),
    );
  });

  test("%traces lists them", async () => {
    expect((await used("traces", "")).text).toBe(
      "reads (cell 1): running\n    syscall.reads  by a tracepoint  hits 7 · 12 ns/hit\nwrites (cell 2): running\n    syscall.writes  by a tracepoint  hits 7 · off\n",
    );
  });

  test.each([
    ["stop", "reads", "stopped reads"],
    ["stop", "*", "stopped reads writes"],
    ["pause", "writes  reads", "paused writes reads"],
    ["resume", "reads", "resumed reads"],
    ["probe", "syscall.reads off", "syscall.reads off"],
    ["probe", "syscall.writes  on", "syscall.writes on"],
  ])("%%%s %s: %s", async (name, argument, changed) => {
    expect((await used(name, argument)).changed).toEqual([changed]);
  });

  test.each([
    ["stop", "", "%stop needs the name of a trace"],
    ["pause", "opens", "no trace opens runs in the background"],
  ])("%%%s %s: %s", async (name, argument, message) => {
    await expect(used(name, argument)).rejects.toEqual(new MagicError(message, "there are reads, writes"));
  });

  test.each([
    ["syscall.reads", "%probe needs a probe, and on or off", "usage: %probe POINT on|off"],
    ["", "%probe needs a probe, and on or off", "usage: %probe POINT on|off"],
    [
      "syscall.open off",
      "no trace in the background has a probe syscall.open",
      "there are syscall.reads, syscall.writes",
    ],
  ])("%%probe %s: %s", async (argument, message, hint) => {
    await expect(used("probe", argument)).rejects.toEqual(new MagicError(message, hint));
  });
});

describe("%watch", () => {
  test.each([
    ["calls", { expression: "calls", everySeconds: 1, forSeconds: null }],
    ["@avg(lat) every 500ms", { expression: "@avg(lat)", everySeconds: 0.5, forSeconds: null }],
    ["a[1, 2] every 2 for 1m", { expression: "a[1, 2]", everySeconds: 2, forSeconds: 60 }],
    ["x  for 10s  every 1s", { expression: "x", everySeconds: 1, forSeconds: 10 }],
    ['"a every 1s"', { expression: '"a every 1s"', everySeconds: 1, forSeconds: null }],
  ])("%s", async (argument, request) => {
    const { changed } = await used("watch", argument);
    expect(changed.map((each) => JSON.parse(each) as unknown)).toEqual([request]);
  });

  test("stop", async () => {
    expect((await used("watch", "stop")).changed).toEqual(["stopped watching"]);
  });

  test.each([
    ["", "%watch needs an expression"],
    ["every 1s", "%watch needs an expression"],
    ["x every 100ms", "at least 250ms"],
    ["x every often", "cannot read the time `often`"],
    ["x for 0s", "cannot read the time `0s`"],
    ["x for 9999h", "cannot read the time `9999h`"],
    ["x every 1s every 2s", "%watch takes every once"],
  ])("%s is refused", async (argument, message) => {
    const error = await used("watch", argument).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MagicError);
    expect((error as MagicError).message).toContain(message);
  });
});

describe("help", () => {
  test.each([
    ["man", "substr", "manual of substr"],
    ["probes", "sched", "1000 of **sched**"],
    ["probes", "syscall.*open*", "1000 of syscall.*open*"],
    ["cost", "", "cost only"],
  ])("%%%s %s: %s", async (name, argument, changed) => {
    expect((await used(name, argument)).changed).toEqual([changed]);
  });

  test("a list that is cut says so, one that is empty is a mistake", async () => {
    expect((await used("probes", "many.*")).text).toBe("… the first 3: a narrower pattern shows others\n");
    await expect(used("probes", "nothing")).rejects.toThrow("no probe point fits nothing");
  });
});
