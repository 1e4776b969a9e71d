/** In guru mode probes change a program's own variables, where the kernel lets them: the program tells what it then does. */
import { readFileSync } from "node:fs";
import { diagnosticsOf, thisTarget, traceProgram } from "../traced_workload.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const path = programs.compile("written", ["written.cpp"], ["-O0", "-g", "-no-pie"]);
const notes = programs.path("notes");
const refusal = thisTarget().refusal({ kind: "write_user" });

afterAll(() => programs.remove());

/** What the program notes, and what the script prints, when probes of `twice()` do as they are told. */
async function run(statements: string): Promise<{ noted: string; printed: string; failures: readonly string[] }> {
  const script = `probe process("${path}").function("twice") { ${statements} }`;
  const { printed, failures } = await traceProgram(script, [path, notes], {}, async () => {}, true);
  return { noted: readFileSync(notes, "latin1"), printed, failures };
}

// Without a probe: 2 * 1 + 7, 101, 7 and the letters, and so on.
if (refusal === null) {
  describe("where the kernel lets probes write", () => {
    test("parameters, variables of no function, members behind pointers, elements", async () => {
      const { noted, failures } = await run(
        '$number = 40 + $number; @var("counter") = -1; $other->low += 3; $part->letters[$number - 41]--',
      );
      expect(failures).toEqual([]);
      expect(noted).toBe("92 0 10 `bcd\n97 0 13 `acd\n102 0 16 `abd\n");
    });

    test("what an assignment and an increment are worth, and what is read behind them", async () => {
      const { noted, printed } = await run(
        'printf("%d %d %d %d %d\\n", $number = 5, $number++, ++$number, $number, $other->low = 65536 + $number)',
      );
      expect(printed).toBe("5 5 7 7 65543\n".repeat(3));
      // Of what is too large for two bytes the low ones are stored: 7.
      expect(noted).toBe([101, 102, 103].map((counter) => `21 ${counter} 7 abcd\n`).join(""));
    });

    test("a place that is not there is an error that can be caught", async () => {
      const script = '$number = 1; try { @cast(16, "Part")->low = 1 } catch (message) { println(message) } $number = 2';
      const { noted, printed, failures } = await run(script);
      expect({ printed, failures }).toEqual({ printed: "user write fault at 0x10\n".repeat(3), failures: [] });
      expect(noted.split("\n")[2]).toBe("11 103 7 abcd");
    });
  });
} else {
  test("where it does not, that is said in a sentence, and the program goes on as it is", async () => {
    await expect(run("$number = 40")).rejects.toThrow(
      `\`$number\` cannot be changed on this machine, whose kernel lets no eBPF program write into the memory of others: ${refusal}`,
    );
    expect(readFileSync(notes, "latin1").split("\n")[0]).toBe("9 101 7 abcd");
  });
}

describe("what cannot be changed", () => {
  const refused = (statements: string, guru = true): readonly string[] =>
    diagnosticsOf(`probe process("${path}").function("twice") { ${statements} }`, { refusal: () => null }, guru);

  test("anything, without guru mode", () => {
    expect(refused("$number = 1; $other->low++", false)).toEqual([
      "`$number` belongs to what is traced and cannot be changed",
      "`$other->low` belongs to what is traced and cannot be changed",
    ]);
  });

  test("what is not whole bytes of a number", () => {
    expect(refused("$part->bits = 1; $part = 1; $part->letters = 2; $none = 1")).toEqual([
      "`$part->bits` is a part of a byte, which cannot be changed without the rest of it",
      "`$part` is `struct Part`, which cannot be changed as a whole",
      expect.stringMatching(/^`\$part->letters` is .*unsigned char.*, which cannot be changed as a whole$/),
      "this probe point has no `$none`",
    ]);
  });

  test("what lies elsewhere", () => {
    const script = `probe process("${path}").function("twice").return { $return = 1 }
      probe syscall.read { $fd = 2 }
      probe kernel.trace("sched_switch") { $prev->pid = 1 }`;
    expect(diagnosticsOf(script, { refusal: () => null }, true)).toEqual([
      "`$return` does not lie in the memory of a program here, and no eBPF program can change anything but the memory of a program, in guru mode either",
      "`$fd` does not lie in the memory of a program here, and no eBPF program can change anything but the memory of a program, in guru mode either",
      "`$prev->pid` is the kernel's, and no eBPF program can change anything but the memory of a program, in guru mode either",
    ]);
  });
});
