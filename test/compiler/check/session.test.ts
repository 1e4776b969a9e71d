/** What cells share: globals with their types and parts, functions, aliases. */
import { DescribedTypes, member } from "../types/described.js";
import { check, checkCells, globalTypes, summary } from "./fixture.js";

describe("a session of cells", () => {
  test("a later cell goes on with a global and its type", () => {
    const result = checkCells(
      `global calls probe syscall.open { calls[execname()]++ }`,
      `foreach (p in calls- limit 5) println(p, " ", calls[p])`,
    );
    expect(summary(result)).toEqual([]);
    expect(globalTypes(result)).toEqual({ calls: "long[string]" });
    expect(result.declared).toEqual([]);
  });

  test("a declaration whose type nothing tells waits for the first cell that does", () => {
    expect(summary(check(`global x`))).toEqual([]);
    expect(check(`global x, y = 1`).declared).toEqual(["x", "y"]);
    const result = checkCells(`global x`, `delete x`, `x[1, "a"] = "b"`, `x`);
    expect(summary(result)).toEqual([]);
    expect(globalTypes(result)).toEqual({ x: "string[long,string]" });
    expect(summary(checkCells(`global x`, `println(x)`))).toEqual(["error type/unknown 1:9"]);
  });

  test("a later cell knows what an earlier one's values point to", () => {
    const types = new DescribedTypes();
    const int = types.number("int", 4, true);
    types.struct("task_struct", 8, [member("pid", int, 4)]);
    const machine = { dataTypes: () => types };
    const first = `global last, of[10] probe syscall.open { last = &@cast($fd, "task_struct")[0]; of[1] = last }`;
    const { definitions } = check(first, { machine });
    const later = (text: string) => summary(check(text, { machine, session: definitions, name: "cell 2" }));
    expect(later("probe syscall.open { println(last->pid, (of[2])->pid) }")).toEqual([]);
    expect(later("probe syscall.open { println(last->pidd) }")).toEqual(["error data/no-such-member 1:30"]);
    expect(later("global last probe syscall.open { last = 1; println(last->pid) }")).toEqual([
      "error data/untyped 1:52",
    ]);
  });

  test("a global declared again starts afresh, with a type of its own", () => {
    const result = checkCells(`global x = 1`, `global x probe begin { x = "text" }`);
    expect(summary(result)).toEqual([]);
    expect(globalTypes(result)).toEqual({ x: "string" });
    expect(result.declared).toEqual(["x"]);
  });

  test.each([
    [`x = "a"`, "type/conflict", "cell 2, line 2 declared `x`, a number"],
    [`x[1] = 1`, "array/not-array", "cell 2, line 2 declared `x`, a number"],
    [`a["k"] = "v"`, "type/conflict", "cell 2, line 3 made `a` an array of numbers by a string"],
    [`a[1] = 1`, "type/conflict", "cell 2, line 3 made `a` an array of numbers by a string"],
    [`a[1, 2] = 1`, "array/key-count", "cell 2, line 3 made `a` an array of numbers by a string"],
    [`println(a)`, "array/no-key", "cell 2, line 3 made `a` an array of numbers by a string"],
  ])("%s conflicts with an earlier cell, which is named", (text, code, related) => {
    const { diagnostics } = checkCells(`log("first")`, `\nglobal x = 1\nglobal a probe begin { a["k"] = 1 }`, text);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code, related: { message: related, span: { source: { name: "cell 2" } } } });
  });

  test("a conflict points at the place that settled the type, in whichever cell that is", () => {
    const cells = [`global a`, `println(1)\na["k"] = 3`, `a["k"]++`, `a["k"] = "v"`];
    const { diagnostics } = checkCells(...cells);
    expect(diagnostics).toHaveLength(1);
    const { source, start } = diagnostics[0]!.related!.span;
    expect([source.name, source.text.slice(start)]).toEqual(["cell 2", "3"]);
    const inKey = checkCells(...cells.slice(0, 3), `a[1] = 3`).diagnostics[0]!.related!.span;
    expect([inKey.source.name, inKey.source.text.slice(inKey.start)]).toEqual(["cell 2", '"k"] = 3']);
  });

  test("what is no statistic is not said to keep too little", () => {
    for (const use of ["@hist_log(x)", "@variance(x)", "@median(x)", "@hist_linear(x, 0, 9, 1)"])
      expect(
        summary(checkCells(`global x probe begin { x = 1 }`, `y = ${use.startsWith("@h") ? `${use}[1]` : use}`)),
      ).toEqual([expect.stringMatching(/^error type\/conflict 1:\d+$/)]);
  });

  test("a cell with mistakes leaves the session as it was", () => {
    const result = checkCells(`global x = 1`, `global x, y probe begin { x = "a" + 1 }`, `println(x + 1)`);
    expect(summary(result)).toEqual([]);
    expect([...result.definitions.globals.keys()]).toEqual(["x"]);
  });

  test("functions and aliases are known to later cells, and are replaced by name", () => {
    const text = `probe mine { println(twice(3)) }`;
    const result = checkCells(
      `function twice(n) { return n . n } probe mine = syscall.open { }`,
      `function twice(n) { return 2 * n } probe mine = syscall.read { }`,
      text,
    );
    expect(summary(result)).toEqual([]);
    expect(result.program.handlers.map(({ point }) => point)).toEqual(["syscall.read"]);
    expect(result.program.functions.map(({ returns }) => returns)).toEqual(["long"]);
  });

  test("a function is typed by the cell that calls it", () => {
    const define = `function same(x) { return x }`;
    expect(checkCells(define, `same("a")`).program.display).toMatchObject({ expression: { type: "string" } });
    expect(checkCells(define, `same("a")`, `same(1)`).program.display).toMatchObject({ expression: { type: "long" } });
  });

  test.each([
    ["@variance(s)", "@variance"],
    ["@hist_linear(s, 0, 10, 2)", "@hist_linear(…, 0, 10, 2)"],
  ])("%s of a statistic that does not keep it names the declaring cell", (use, part) => {
    const { diagnostics } = checkCells(`global s probe begin { s <<< 1; print(@hist_linear(s, 0, 10, 1)) }`, use);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({
      code: "statistic/not-kept",
      message: `\`s\` of cell 1 does not keep what ${part} needs`,
      hint: `Declare it again, \`global s\`, in a cell that uses ${part}.`,
      related: { message: "cell 1, line 1 declared it" },
    });
  });

  test("what a statistic does keep can be read in any later cell", () => {
    const result = checkCells(
      `global s probe begin { s <<< 1; print(@hist_linear(s, 0, 10, 1)) println(@variance(s)) }`,
      `s <<< 2 print(@hist_linear(s, 0, 10, 1)) print(@hist_log(s)) println(@variance(s))`,
    );
    expect(summary(result)).toEqual([]);
    expect(result.program.globals[0]?.parts).toEqual({
      log: true,
      linear: [{ low: 0n, high: 10n, step: 1n }],
      variance: true,
    });
  });
});
