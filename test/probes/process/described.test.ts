/** Variables of a program by their names and types, in code that is optimised and in code that is not. */
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

test.each([
  [`process("${optimised}").function("item_total") { println($itme) }`, /has no `\$itme`/],
  [`process("${optimised}").function("item_total") { println($item->nubmer) }`, /`struct Item` has no member `nubmer`/],
  [`process("${bare}").function("item_total@traced.cpp") {}`, /no function item_total of traced\.cpp/],
])("%s is refused", (probe, message) => {
  const [first = ""] = diagnosticsOf(`probe ${probe}`);
  expect(first).toMatch(message);
});
