/** Marks (USDT) of a program of which every one is known, and of the C++ library. */
import { execFileSync } from "node:child_process";
import { diagnosticsOf, only, thisTarget, traceProgram } from "../traced_workload.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const builds = [
  ["position-independent", programs.build("traced", "-O2", "-pie", "-fPIE")],
  ["at fixed addresses, not optimised", programs.build("fixed", "-O0", "-no-pie")],
  ["stripped", programs.path("stripped")],
] as const;
const [[, pie]] = builds;
execFileSync("strip", ["-o", programs.path("stripped"), pie]);

afterAll(() => programs.remove());

const machine = thisTarget();
const WAYS = (["uprobe_multi", "uprobe"] as const).filter((kind) => machine.refusal({ kind }) === null);
const END = 'probe end { foreach (text+ in seen) printf("%s: %d\\n", text, seen[text]) }';

describe.each(WAYS)("by %s", (way) => {
  const here = only(machine, way);
  const run = async (script: string, path: string): Promise<readonly string[]> =>
    (await traceProgram(`global seen\n${script}\n${END}`, [path, "3"], here)).printed.trimEnd().split("\n");

  test.each(builds)("operands of every kind by value, %s", async (_, path) => {
    const script = `probe process("${path}").mark("operands") {
      seen[sprintf("%s %s %d %d %d %d %s", $$provider, $$name, $arg1, $arg2, $arg3, $arg4, user_string($arg5))]++
    }`;
    const lines = [0, 1, 2].map((i) => `traced operands ${-i - 1} ${65000 + i} ${70000000000 + i} 12345 marked: 1`);
    expect(await run(script, path)).toEqual(lines);
  });

  test("a variable of the program, whose semaphore tells it that somebody listens", async () => {
    const script = `probe process("${pie}").mark("count{er,ed}") { seen[$$name . " " . sprint($arg1)]++ }`;
    const lines = ["counted 0", "counted 1", "counted 2", "counter -7", "counter 1", "counter 2", "counter 3"];
    const sums = lines.map((line) => `${line}: ${line === "counter -7" ? 3 : 1}`);
    expect(await run(script, pie)).toEqual(sums);
  });

  test("a program that nobody listens to prepares nothing", async () => {
    const script = `probe process("${pie}").mark("counter") { seen[sprint($arg1)]++ }`;
    expect(await run(script, pie)).toEqual(["-7: 3", "0: 3"]);
  });

  test("patterns, providers, points and lists of arguments", async () => {
    const script = `
      probe process("${pie}").provider("tra*").mark("te?t") { seen[pp() . " " . substr($$vars, 0, 7)]++ }
      probe process("${pie}").provider("traced").mark("*") { seen[$$name]++ }`;
    const lines = ["counted: 3", "counter: 6", "operands: 3"];
    const point = `process("${pie}").provider("traced").mark("text") arg1=0x: 3`;
    expect(await run(script, pie)).toEqual([...lines, point, "text: 3"]);
  });

  test("those of the distribution's C++ library, in processes of one program", async () => {
    const script = `probe process("${pie}").library("libstdc++.so.*").provider("libstdcxx").mark("{throw,catch}") {
      seen[$$name . " " . sprint($$name == "throw" ? user_int($arg1) : 0)]++
    }`;
    expect(await run(script, pie)).toEqual(["catch 0: 3", "throw 100: 1", "throw 101: 1", "throw 102: 1"]);
  });
});

test.each([
  [`process("${pie}").mark("operand")`, /has no mark operand$/],
  [`process("${pie}").provider("tarced").mark("*")`, /has no provider tarced/],
  [`process("${programs.library}").mark("*")`, /has no marks at all/],
  [`process("${pie}").mark("text").return`, /no part called \.return/],
])("%s is refused", (point, message) => {
  expect(diagnosticsOf(`probe ${point} {}`)[0]).toMatch(message);
});
