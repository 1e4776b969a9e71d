/** Labels, callees, exported functions, and functions that are chosen when a program starts. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnosticsOf, thisTarget, traceProgram } from "../traced_workload.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const optimised = programs.compile("optimised", ["calls.cpp"], ["-O2", "-g", "-pie", "-fPIE"]);
const plain = programs.compile("plain", ["calls.cpp"], ["-O0", "-g", "-no-pie"]);
const bare = programs.compile("bare", ["calls.cpp"], ["-O2", "-pie", "-fPIE", "-rdynamic"]);
const stripped = programs.path("stripped");
execFileSync("strip", ["-o", stripped, bare]);

afterAll(() => programs.remove());

const run = async (script: string, path: string): Promise<readonly string[]> => {
  const { printed, failures } = await traceProgram(
    `global seen\n${script}\nprobe end { foreach ([what, value] in seen) printf("%s %d: %d\\n", what, value, seen[what, value]) }`,
    [path, "3"],
  );
  expect(failures).toEqual([]);
  return printed.trimEnd().split("\n").toSorted();
};

describe.each([
  ["optimised", optimised],
  ["not optimised", plain],
])("%s", (_, path) => {
  test("a callee counts only when that function calls it, at its entry and at its return", async () => {
    const script = `
      probe process("${path}").function("first").callee("leaf") { seen["by first", $number]++ }
      probe process("${path}").function("second").callee("leaf").return { seen["by second", @entry($number)]++; seen["returns", $return]++ }
      probe process("${path}").function("{second,first}").callee("{leaf,hidden}") { seen[pp(), -1]++ }`;
    const point = (name: string): string => `process("${path}").function("${name}")`;
    expect(await run(script, path)).toEqual(
      [
        "by first 10: 1",
        "by first 11: 1",
        "by first 12: 1",
        ...[20, 21, 22, 30, 31, 32].map((number) => `by second ${number}: 1`),
        `${point("first")}.callee("leaf") -1: 3`,
        `${point("second")}.callee("hidden") -1: 3`,
        `${point("second")}.callee("leaf") -1: 6`,
        ...[21, 22, 23, 31, 32, 33].map((number) => `returns ${number}: 1`),
      ].toSorted(),
    );
  });

  test("exported functions are those that other files may call", async () => {
    const script = `probe process("${path}").function("{leaf,hidden,one_way}").exported { seen[probefunc(), 0]++ }`;
    expect(await run(script, path)).toEqual(["leaf 0: 12"]);
    expect(diagnosticsOf(`probe process("${path}").function("hidden").exported {}`)).toEqual([
      expect.stringMatching(/no function hidden that other files may call/),
    ]);
  });

  test("a function that is chosen at the start counts whichever is chosen", async () => {
    const script = `
      probe process("${path}").function("chosen") { seen[probefunc() . " called with", int_arg(1)]++ }
      probe process("${path}").function("chosen").return { seen["it returned", 0]++ }`;
    expect(await run(script, path)).toEqual([
      "chosen called with 0: 1",
      "chosen called with 1: 1",
      "chosen called with 2: 1",
      "it returned 0: 3",
    ]);
  });
});

test("a label is hit each time that its place is come to, with what is known there", async () => {
  const script = `probe process("${plain}").function("looping").label("again") { seen[probefunc(), $number]++ }`;
  // Once when the loop is entered and once for each of its turns.
  expect(await run(script, plain)).toEqual(["looping 0: 1", "looping 1: 2", "looping 2: 3"]);
});

test("what the compiler keeps no value of is told in lists, and refused by name", async () => {
  const script = `probe process("${optimised}").function("first") { seen[$$vars . "; " . $$locals, @defined($sum) + 10 * @defined($number)]++ }`;
  expect(await run(script, optimised)).toEqual([0, 1, 2].map((turn) => `number=0x${turn} sum=?; sum=? 10: 1`));
  expect(diagnosticsOf(`probe process("${optimised}").function("first") { println($sum) }`)).toEqual([
    expect.stringMatching(/`\$sum` cannot be read here: it has no value here/),
  ]);
});

test("every line of a function", async () => {
  const script = `probe process("${plain}").statement("leaf@calls.cpp:*") { seen[pp(), 0]++ }`;
  const source = readFileSync("test/probes/process/calls.cpp", "utf8").split("\n");
  const start = source.findIndex((line) => line.includes("int leaf(int number)")) + 1;
  // Its four lines run one after the other, each time that it is called.
  expect(await run(script, plain)).toEqual(
    [0, 1, 2, 3].map((line) => `process("${plain}").statement("leaf@calls.cpp:${start + line}") 0: 12`),
  );
});

test("lines of the source by addresses of the process, also behind its end", async () => {
  const source = readFileSync("test/probes/process/calls.cpp", "utf8").split("\n");
  const line = source.findIndex((text) => text.includes("return number + 1")) + 1;
  const file = join(process.cwd(), "test/probes/process/calls.cpp");
  const script = `global lines, files, numbers
    probe process("${plain}").statement("leaf@calls.cpp:${line}") {
      lines[usymfileline(uaddr())]++
      files[usymfile(uaddr())]++
      numbers[usymline(uaddr())]++
    }
    probe end {
      foreach (one in lines) println(one, " ", lines[one])
      foreach (two in files) println(two, " ", files[two])
      foreach (three in numbers) println(three, " ", numbers[three])
      println(usymfileline(1), symfileline(17), symfile(18), symline(19))
    }`;
  const { printed } = await traceProgram(script, [plain, "3"]);
  expect(printed).toBe(`${file}:${line} 12\n${file} 12\n${line} 12\n0x10x110x120x13\n`);
  const withoutDebug = await traceProgram(
    `probe process("${bare}").function("leaf") { printf("%s 0x%x\\n", usymfileline(uaddr()), uaddr()) }`,
    [bare, "1"],
  );
  expect(withoutDebug.printed).toMatch(/^(?:(0x[0-9a-f]+) \1\n){4}$/);
});

test("all callees, those that were put into the function among them", async () => {
  const script = `probe process("${optimised}").function("{first,second}").callees { seen[pp(), 0]++ }`;
  const point = (caller: string, name: string): string =>
    `process("${optimised}").function("${caller}").callee("${name}") 0: `;
  expect(await run(script, optimised)).toEqual([
    `${point("first", "copied")}3`,
    `${point("first", "leaf")}3`,
    `${point("second", "hidden")}3`,
    `${point("second", "leaf")}6`,
  ]);
});

test("what is chosen at the start is found in a stripped program, and in the C library", async () => {
  const script = `
    probe process("${stripped}").function("chosen") { seen[probefunc(), int_arg(1)]++ }
    probe process("${stripped}").library("libc.so.6").function("strlen") {
      if (user_string(pointer_arg(1)) == "a text to be measured") seen[probefunc(), 0]++
    }`;
  expect(await run(script, stripped)).toEqual(["chosen 0: 1", "chosen 1: 1", "chosen 2: 1", "strlen 0: 3"]);
});

test("the functions among which one chooses are those whose addresses its code forms", () => {
  const machine = thisTarget();
  const file = machine.programs.find(bare);
  if ("reason" in file) throw new Error(file.reason);
  const addresses = execFileSync("nm", [bare], { encoding: "utf8" });
  const addressOf = (name: string): bigint =>
    BigInt(`0x${new RegExp(`^([0-9a-f]+) \\w ${name}$`, "m").exec(addresses)![1]}`);
  const chosen = file.functions().find(({ name }) => name === "chosen")!;
  expect(chosen.isIndirect).toBe(true);
  const found = file.implementationsOf(chosen);
  expect("reason" in found ? found : found.map(({ address }) => address)).toEqual(
    [addressOf("one_way"), addressOf("other_way")].toSorted((one, other) => Number(one - other)),
  );
  expect(
    file
      .functions()
      .filter(({ isIndirect }) => isIndirect)
      .map(({ name }) => name),
  ).toEqual(["chosen"]);
});

test.each([
  [optimised, 'function("looping").label("agin")', /looping of .*optimised has no label agin/],
  [optimised, 'function("first").label("x")', /first of .*optimised has no label that code was left for/],
  [bare, 'function("looping").label("again")', /no debug information that can be read, which alone tells of labels/],
  [
    bare,
    'function("first").callee("leaf")',
    /no debug information that can be read, which alone tells what calls what/,
  ],
  [optimised, 'function("first").callee("laef")', /no function laef that first could call/],
  [optimised, 'function("main").callee("getpid")', /main of .*optimised calls getpid, which is in another file/],
  [plain, 'function("first").callees', /does not tell of functions that first calls/],
  [optimised, 'function("first").callees(2)', /callees\(2\): only what a function calls itself is found/],
  [optimised, 'function("first").label("x").callee("y")', /\.label and \.callee do not go together/],
  [optimised, 'function("first").label("x").return', /a label has no return/],
  [optimised, 'function("first").label', /\.label needs a name/],
  [
    optimised,
    'library("libc.so.6").function("gettimeofday")',
    /only chooses, when a program starts.*kernel's \(its vDSO\)/,
  ],
])("%s %s is refused", (path, part, message) => {
  expect(diagnosticsOf(`probe process("${path}").${part} {}`)).toEqual([expect.stringMatching(message)]);
});
