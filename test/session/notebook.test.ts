/** A notebook as front ends use it: completeness, user expressions, history. */
import type { HistoryRequest } from "../../kernel/protocol/interpreter.js";
import { History } from "../../kernel/session/history.js";
import { TestNotebook } from "./notebook.js";

let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

describe("completeness", () => {
  test.each([
    ["complete", "x = 1"],
    ["complete", "%help"],
    ["complete", "!ls /tmp/* {"],
    ["complete", "%%trace for=1s\nprobe begin { }"],
    ["complete", "%reset x\n"],
    ["complete", ""],
    ["incomplete", "%%trace for=1s"],
    ["incomplete", "%help\nprobe begin {"],
    ["incomplete", "!echo }\nprobe begin {"],
    ["incomplete", "probe begin { println(1)"],
    ["incomplete", "/* a comment\n%help"],
    ["incomplete", "x = 1 +"],
    ["invalid", "probe begin { } }"],
    ["invalid", 'x = "a string\n'],
  ])("%s: %j", (status, code) => {
    expect(notebook.notebook.isComplete(code).status).toBe(status);
  });

  test("the next line is indented", () => {
    expect(notebook.notebook.isComplete("%help\nprobe begin {")).toEqual({ status: "incomplete", indent: "  " });
  });

  test("macros of earlier cells count", async () => {
    expect((await notebook.run("@define opening %( probe begin { %)\nx = 1")).outcome.status).toBe("ok");
    expect(notebook.notebook.isComplete("@opening").status).toBe("incomplete");
  });
});

describe("user expressions", () => {
  test("each has its value or its own error, and shows nothing", async () => {
    const userExpressions = {
      sum: "n + 1",
      text: '"é"',
      bad: "n +",
      unknown: "nonsense()",
      wrong: "1 / 0",
      probe: "probe timer.s(100) { }",
      command: "!echo hi",
    };
    const { outcome, shown } = await notebook.run("global n = 4\nn++", { userExpressions });
    if (outcome.status === "error") throw new Error(outcome.error.message);
    const results = outcome.userExpressions;
    expect(results["sum"]).toMatchObject({ status: "ok", bundle: { data: { "text/plain": "6" } } });
    expect(results["text"]).toMatchObject({ status: "ok", bundle: { data: { "text/plain": "é" } } });
    expect(results["bad"]).toMatchObject({ status: "error", error: { name: "ParseError" } });
    expect(results["unknown"]).toMatchObject({ status: "error", error: { name: "SemanticError" } });
    expect(results["wrong"]).toMatchObject({
      status: "error",
      error: { name: "ScriptError", message: "division by 0" },
    });
    expect(results["probe"]).toMatchObject({
      status: "error",
      error: { message: "probes cannot be part of an expression" },
    });
    expect(results["command"]).toMatchObject({ status: "ok" });
    expect(Object.keys(results)).toEqual(Object.keys(userExpressions));
    expect(shown).toEqual([["display", "n=5"]]);
  });

  test("are not evaluated where the cell failed", async () => {
    const { outcome } = await notebook.run("1 / 0", { userExpressions: { one: "1" } });
    expect(outcome.status).toBe("error");
  });
});

test("a script that clears its screen clears what the cell has shown, for what it prints next", async () => {
  const own = new TestNotebook();
  const { shown } = await own.run(
    'global s\nprobe begin { s <<< 1; print(@hist_log(s)); println("old"); ansi_clear_screen(); println("last"); exit() }',
  );
  const kinds = shown.map(([kind, text]) => (kind === "stdout" ? text : kind));
  const cleared = kinds.indexOf("clear");
  expect(kinds.slice(0, cleared)).toContain("display");
  expect(kinds[cleared + 1]).toBe("last\n");
  expect(shown.map(([, text]) => text).join("")).not.toContain("\u001B");
  await own.close();
});

test("`exit` by itself leaves a console; as a statement it is the language's", async () => {
  const own = new TestNotebook();
  expect((await own.run(" exit\n")).outcome).toMatchObject({
    status: "ok",
    payload: [{ source: "ask_exit", keepkernel: false }],
  });
  expect((await own.run("exit()")).outcome).toMatchObject({ status: "ok", payload: [] });
  await own.close();
});

describe("history", () => {
  const request = (more: Partial<HistoryRequest>): HistoryRequest => ({
    access: "tail",
    output: true,
    session: 0,
    start: 0,
    stop: undefined,
    count: 10,
    pattern: "*",
    unique: false,
    ...more,
  });
  const past = new History();
  ["x = 1", "x", "println(x)", "x", "lat\n[1]"].forEach((input, index) =>
    past.add(index + 1, input, index === 1 ? "1" : ""),
  );
  const lines = (more: Partial<HistoryRequest>): number[] => past.find(request(more)).map(({ line }) => line);

  test("the tail: the newest, oldest first", () => {
    expect(lines({ count: 2 })).toEqual([4, 5]);
    expect(lines({ count: 100 })).toEqual([1, 2, 3, 4, 5]);
    expect(lines({ count: 0 })).toEqual([]);
  });

  test("a range, whose end is not in it", () => {
    expect(lines({ access: "range", start: 2, stop: 4 })).toEqual([2, 3]);
    expect(lines({ access: "range", start: 4 })).toEqual([4, 5]);
    expect(lines({ access: "range", session: -1, start: 1 })).toEqual([]);
  });

  test("a search by pattern, each text once if wanted", () => {
    expect(lines({ access: "search", pattern: "x" })).toEqual([2, 4]);
    expect(lines({ access: "search", pattern: "x", unique: true })).toEqual([4]);
    expect(lines({ access: "search", pattern: "*x*", count: 2 })).toEqual([3, 4]);
    expect(lines({ access: "search", pattern: "print?n(x)" })).toEqual([3]);
    expect(lines({ access: "search", pattern: "lat*" })).toEqual([5]);
    expect(lines({ access: "search", pattern: "(x)" })).toEqual([]);
  });

  test("is bounded", () => {
    const long = new History();
    for (let line = 1; line <= 10_050; line++) long.add(line, "x", "");
    expect(long.find(request({ access: "range" })).length).toBeLessThanOrEqual(10_000);
    expect(long.find(request({ count: 1 }))[0]!.line).toBe(10_050);
  });

  test("pairs what was typed with what it printed and its result", async () => {
    const own = new TestNotebook();
    await own.run('println("é"); 1 + 1');
    await own.run("x = 1");
    await own.run("println(2)", { silent: true });
    await own.run("println(3)", { storeHistory: false });
    await own.run('for (i = 0; i < 30000; i++) println("line")');
    await own.run("1 / 0");
    const found = own.notebook.history(request({}));
    expect(found.slice(0, 2)).toEqual([
      { session: 1, line: 1, input: 'println("é"); 1 + 1', output: "é\n2" },
      { session: 1, line: 2, input: "x = 1", output: null },
    ]);
    expect(found[2]).toMatchObject({ line: 5 });
    expect(found[2]!.output!.length).toBe(10_000);
    expect(found[3]).toEqual({ session: 1, line: 6, input: "1 / 0", output: null });
    expect(found).toHaveLength(4);
    await own.close();
  });
});
