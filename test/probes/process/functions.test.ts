/** Functions of a program of which every call is known, in every way in which it can be built. */
import { execFileSync } from "node:child_process";
import { thisTarget, diagnosticsOf, only, traceProgram } from "../traced_workload.js";
import { WaitingWorkload } from "../../native/workload.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const pie = programs.build("traced", "-O2", "-pie", "-fPIE");
const fixed = programs.build("fixed", "-O1", "-no-pie");
const stripped = programs.path("stripped");
execFileSync("strip", ["-o", stripped, pie]);

afterAll(() => programs.remove());

const machine = thisTarget();
const WAYS = (["uprobe_multi", "uprobe"] as const).filter((kind) => machine.refusal({ kind }) === null);

const END = 'probe end { foreach (text+ in seen) printf("%s: %d\\n", text, seen[text]) }';

describe.each(WAYS)("by %s", (way) => {
  const here = only(machine, way);
  const run = async (script: string, path: string): Promise<string> =>
    (await traceProgram(`global seen\n${script}\n${END}`, [path, "4"], here)).printed;

  test.each([
    ["position-independent", pie],
    ["at fixed addresses", fixed],
  ])("arguments by value at the entry, %s", async (_, path) => {
    const script = `probe process("${path}").function("many_arguments") {
      seen[sprintf("%s %d %d %s %d %d %d %d", probefunc(), int_arg(1), long_arg(2), user_string(pointer_arg(3)),
        uint_arg(4), int_arg(5), s32_arg(6), longlong_arg(7))]++
    }`;
    const lines = [0, 1, 2, 3].map((i) => `many_arguments ${-i} ${10000000000 + i} text 65535 5 6 ${700 + i}: 1`);
    expect((await run(script, path)).trim().split("\n").toSorted()).toEqual(lines.toSorted());
  });

  test("results, and arguments as they were at the entry", async () => {
    const script = `probe process("${pie}").function("inner_step").return {
      seen[sprintf("%d %d %d", $return, @entry(int_arg(1)), returnval() == $return)]++
    }`;
    // The result is a 32-bit number in a 64-bit register, whose upper half is empty.
    const low = (number: number): number => (number < 0 ? 2 ** 32 + number : number);
    const lines = [0, 1, 2].map((i) => `${low(-i)} ${i} 1: 1`);
    expect((await run(script, pie)).trim().split("\n").toSorted()).toEqual(lines.toSorted());
  });

  test("a pattern counts each function under its own name and point", async () => {
    const script = `probe process("${pie}").function("*_{step,arguments}") { seen[probefunc() . " " . $$name]++ }
      probe process("${pie}").function("m[a]rked").return { seen[ppfunc() . " " . pp()]++ }`;
    expect(await run(script, pie)).toBe(
      "inner_step inner_step: 3\n" +
        "many_arguments many_arguments: 4\n" +
        `marked process("${pie}").function("marked").return: 4\n`,
    );
  });

  test("a library in processes of one program only", async () => {
    const script = `probe process("${pie}").library("libtraced.so").function("library_*") { seen[probefunc()]++ }
      probe process("${fixed}").library("libtraced.so").function("library_*") { seen["other " . probefunc()]++ }`;
    expect(await run(script, pie)).toBe("library_answer: 4\nlibrary_helper: 4\n");
  });

  test("one process only, by its number and as the target", async () => {
    const other = await WaitingWorkload.startProgram(pie, "9");
    const script = `
      probe process(${other.pid}).function("many_arguments") { seen["other"]++ }
      probe process.function("many_arguments").return { seen["target"]++ }
      probe process("${pie}").function("many_arguments") { seen["both"]++ }
      ${END}`;
    const { printed } = await traceProgram(`global seen\n${script}`, [pie, "4"], here, async () => {
      await other.run();
    });
    expect(printed).toBe("both: 13\nother: 9\ntarget: 4\n");
  });

  test("what a stripped program still shares can be probed, and its libraries", async () => {
    const script = `probe process("${stripped}").library("libtraced.so").function("library_answer").return { seen[$return]++ }
      probe end { foreach (value+ in seen) printf("%d: %d\\n", value, seen[value]) }`;
    expect((await traceProgram(`global seen\n${script}`, [stripped, "3"], here)).printed).toBe("42: 1\n44: 1\n46: 1\n");
  });
});

test("another mount namespace", async () => {
  // The program is moved away in a namespace of its own: only through it is the file there.
  const other = programs.path("elsewhere");
  const words = [
    "--mount",
    "--",
    "sh",
    "-c",
    `mkdir ${other} && mount -t tmpfs none ${other} && cp ${pie} ${programs.library} ${other}/ && exec ${other}/traced 6`,
  ];
  const workload = await WaitingWorkload.startProgram("unshare", ...words);
  const script = `global seen
    probe process(${workload.pid}).function("many_arguments") { seen["program"]++ }
    probe process(${workload.pid}).library("libtraced.so").function("library_answer") { seen["library"]++ }
    ${END}`;
  const { printed } = await traceProgram(script, [pie, "2"], {}, async () => {
    await workload.run();
  });
  expect(printed).toBe("library: 6\nprogram: 6\n");
});

test.each([
  ['process("/no/such/file").function("main")', /there is no file \/no\/such\/file/],
  ['process("no_such_program").function("main")', /no program no_such_program is in the folders of PATH/],
  [`process("${programs.folder}").function("main")`, /is not a file/],
  ['process("/etc/passwd").function("main")', /\/etc\/passwd is no program that can be read/],
  ['process(99999999).function("main")', /process 99999999: there is no such process/],
  ['process.function("main")', /means the target process, and there is none/],
  [`process("${pie}").function("many_argument")`, /has no function many_argument/],
  [`process("${pie}").library("libtracde.so").function("f")`, /no library libtracde\.so/],
  [`process("${pie}").function("main").inwards`, /no part called \.inwards/],
])("%s is refused", (point, message) => {
  expect(diagnosticsOf(`probe ${point} {}`)[0]).toMatch(message);
});
