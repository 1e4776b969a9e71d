/** Variables of which each thread has its own. */
import { diagnosticsOf, traceProgram } from "../traced_workload.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const moved = programs.compile("threads_moved", ["threads_own.cpp"], ["-O1", "-g", "-pie", "-fPIE", "-pthread"]);
const fixed = programs.compile("threads_fixed", ["threads_own.cpp"], ["-O0", "-g", "-no-pie", "-pthread"]);
const alone = programs.compile("threads_alone", ["threads_own.cpp"], ["-O1", "-g", "-static", "-pthread"]);

afterAll(() => programs.remove());

const UNTOUCHED = "97 7 3 untouched 0 -9";
const touched = (who: number): string => `${97 + who} ${who} ${1000 + who} changed ${40 + who} ${who * 11}`;
/** Each of four threads comes by before and after it has written its own; the first once more when the others are gone. */
const EXPECTED = [
  ...[1, 2, 3, 4].flatMap((who) => [`${who} ${UNTOUCHED}`, `${who} ${touched(who)}`]),
  `1 ${touched(1)}`,
];

test.each([
  ["moved", moved],
  ["at fixed addresses", fixed],
  ["without libraries", alone],
])("%s", async (_, path) => {
  const { printed, failures } = await traceProgram(
    `probe process("${path}").function("step") {
      printf("%d %d %d %d %s %d %d\\n", $who, @var("letter"), $own->small, $own->numbers[2],
        user_string($own->name), $uninitialised[4], @var("hidden@threads_own.cpp"))
    }`,
    [path, "3"],
  );
  expect(failures).toEqual([]);
  expect(printed.trimEnd().split("\n")).toEqual(EXPECTED);
});

test("in system calls of the program, and by address", async () => {
  const { printed, failures } = await traceProgram(
    `global letters, places
    probe process("${moved}").syscall { if (@var("letter") != 97) letters[@var("letter")] = 1 }
    probe process("${moved}").function("step") { places[&@var("own")] = &@var("own") % 64 }
    probe end {
      foreach (letter+ in letters) printf("%c", letter)
      foreach (place in places) printf(" %d", places[place])
    }`,
    [moved, "3"],
  );
  expect(failures).toEqual([]);
  const [letters, ...remainders] = printed.split(" ");
  // The last two end with system calls of their own; threads may get the memory of those that are gone.
  expect(letters).toBe("bcde");
  expect(new Set(remainders)).toEqual(new Set(["0"]));
});

test("of another processor's threads, and of a library, it is said why not", () => {
  const script = `probe process("${moved}").function("step") { println($hidden) }`;
  expect(diagnosticsOf(script)).toEqual([]);
  expect(diagnosticsOf(script, { architecture: "aarch64" })).toEqual([
    expect.stringMatching(/each thread of .* has a `hidden` of its own, .*: the kernel keeps where it lies for x86-64/),
  ]);
});
