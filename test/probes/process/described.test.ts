/** Variables of a program by their names and types, in code that is optimised and in code that is not. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { diagnosticsOf, traceProgram } from "../traced_workload.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const optimised = programs.build("optimised", "-O2", "-g", "-pie", "-fPIE");
const plain = programs.build("plain", "-O0", "-g", "-no-pie");
const bare = programs.build("bare", "-O2");

afterAll(() => programs.remove());

const BUILDS = [
  ["optimised", optimised],
  ["not optimised", plain],
] as const;

describe.each(BUILDS)("%s", (_, path) => {
  const run = async (script: string): Promise<readonly string[]> => {
    const { printed, failures } = await traceProgram(script, [path, "3"]);
    expect(failures).toEqual([]);
    return printed.trimEnd().split("\n");
  };

  test("parameters in registers and on the stack, with their widths and signs", async () => {
    const script = `probe process("${path}").function("many_arguments") {
      printf("%d %d %s %d %d %d %d\\n", $first, $second, user_string($text), $fourth, $fifth, $sixth, $seventh)
    }`;
    expect(await run(script)).toEqual([0, 1, 2].map((i) => `${-i} ${10000000000 + i} text 65535 5 6 ${700 + i}`));
  });

  test("members of structures in the process's memory, and pretty printing", async () => {
    const script = `probe process("${path}").function("item_total") {
      printf("%d %s %d %s %d %s\\n", $item->number, user_string($item->next->name), $item->next->number,
        $factor == 1 ? $item->next$ : "", $item->next->next == 0, $$parms == sprintf("item=0x%x factor=0x%x", $item, $factor) ? "same" : $$parms)
    }`;
    const lines = await run(script);
    expect(lines[0]).toMatch(/^2 last 5 \{\.number=5, \.name="last", \.next=0x0\} 1 same$/);
    expect(lines.slice(1)).toEqual(["2 last 5  1 same", "2 last 5  1 same"]);
  });

  test("results with their sign, and parameters as they were at the entry", async () => {
    const script = `
      probe process("${path}").function("item_total").return { printf("%d %d\\n", $return, @entry($factor)) }
      probe process("${path}").function("inner_step").return { printf("%d of %d\\n", $return, $number) }`;
    expect(await run(script)).toEqual(["7 1", "14 2", "21 3", "0 of 0", "-1 of 1", "-2 of 2"]);
  });

  test("functions of one source file", async () => {
    const script = `global calls
      probe process("${path}").function("*_total@traced.cpp"), process("${path}").function("marked@process/traced.cpp") { calls[ppfunc()]++ }
      probe end { foreach (name+ in calls) printf("%s %d\\n", name, calls[name]) }`;
    expect(await run(script)).toEqual(["item_total 3", "marked 3"]);
    expect(diagnosticsOf(`probe process("${path}").function("marked@other.c") {}`)[0]).toMatch(
      /no function marked of other\.c/,
    );
  });
});

describe("lines of the source", () => {
  const source = readFileSync("test/probes/process/traced.cpp", "utf8").split("\n");
  const lineOf = (text: string): number => source.findIndex((line) => line.includes(text)) + 1;
  const run = async (script: string): Promise<string> => (await traceProgram(script, [plain, "3"])).printed;

  test("by number, with what is known there", async () => {
    const line = lineOf("STAP_PROBE5");
    const script = `probe process("${plain}").statement("marked@traced.cpp:${line}") {
      printf("%d %d %d %d %s\\n", $number, $narrow, $wide, $inMemory, probefunc())
    }`;
    expect(await run(script)).toBe(
      [0, 1, 2].map((i) => `${i} ${-i - 1} ${65000 + i} ${70000000000 + i} marked\n`).join(""),
    );
  });

  test("counted from the function, the nearest, and by address", async () => {
    const distance = lineOf("const signed char narrow") - lineOf("void marked(int number");
    const address = execFileSync("nm", [plain], { encoding: "utf8" }).match(/^([0-9a-f]+) T inner_step$/m)![1];
    const script = `global seen
      probe process("${plain}").statement("marked@traced.cpp+${distance}") { seen["relative"] += $number }
      probe process("${plain}").statement("item_total@traced.cpp:${lineOf("int item_total") - 1}").nearest { seen["nearest"]++ }
      probe process("${plain}").statement(0x${address}) { seen["address " . probefunc()]++ }
      probe end { foreach (what+ in seen) printf("%s %d\\n", what, seen[what]) }`;
    expect(await run(script)).toBe("address inner_step 3\nnearest 3\nrelative 3\n");
  });
});

test("calls of libraries through the linkage table", async () => {
  const script = `global seen
    probe process("${plain}").plt("library_answer") { seen["entry " . $$name, int_arg(1)]++ }
    probe process("${plain}").plt("{library_answer,getpid}").return { seen["return " . probefunc(), $$name == "getpid" ? 0 : $return]++ }
    probe end { foreach ([what+, value] in seen) printf("%s %d: %d\\n", what, value, seen[what, value]) }`;
  const lines = (await traceProgram(script, [plain, "2"])).printed.trimEnd().split("\n");
  expect(lines.toSorted()).toEqual([
    "entry library_answer 0: 1",
    "entry library_answer 1: 1",
    "return getpid 0: 1",
    "return library_answer 42: 1",
    "return library_answer 44: 1",
  ]);
});

test.each([
  [`process("${optimised}").function("item_total") { println($itme) }`, /has no `\$itme`/],
  [`process("${optimised}").function("item_total") { println($item->nubmer) }`, /`struct Item` has no member `nubmer`/],
  [`process("${optimised}").statement("item_total@traced.cpp:1") {}`, /no code at "item_total@traced\.cpp:1"/],
  [`process("${optimised}").statement("item_total") {}`, /"item_total" is no place in the source/],
  [`process("${bare}").statement("item_total@traced.cpp:50") {}`, /has no debug information/],
  [`process("${bare}").plt("library_anwser") {}`, /calls no function library_anwser/],
  [`process("${bare}").function("item_total@traced.cpp") {}`, /no function item_total of traced\.cpp/],
])("%s is refused", (probe, message) => {
  const [first = ""] = diagnosticsOf(`probe ${probe}`);
  expect(first).toMatch(message);
});
