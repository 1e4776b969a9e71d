/** Watchpoints on the memory of a process of which each access is known. */
import { target } from "../target.js";
import { refusalOf } from "../pattern.js";
import { diagnosticsOf, thisTarget, traceProgram } from "../traced_workload.js";
import { TracedPrograms } from "./programs.js";

const programs = new TracedPrograms();
const pie = programs.compile("watched", ["watched.cpp"], ["-O1", "-pthread", "-fPIE", "-pie"]);
const fixed = programs.compile("watched-fixed", ["watched.cpp"], ["-O1", "-pthread", "-fno-pie", "-no-pie"]);
afterAll(() => programs.remove());

const hasWatchpoints =
  thisTarget().refusal({ kind: "breakpoint", address: 4096n, length: 1, access: "write", pid: null }) === null;
const withWatchpoints = hasWatchpoints ? test : test.skip;

const count = (point: string): string => `global n probe ${point} { n++ } probe end { println(n) }`;

withWatchpoints.each([
  ['process.data("watched").write', "30\n"],
  ['process.data("watched").length(8).write', "30\n"],
  [`process("${pie}").data("watched").write`, "30\n"],
  ['process.data("other").write', "25\n"],
])("%s counts the writes of all threads", async (point, printed) => {
  expect((await traceProgram(count(point), [pie])).printed).toBe(printed);
});

withWatchpoints(
  "reads and writes together are as many as there were of both, but for those that only read",
  async () => {
    const { printed, mechanisms } = await traceProgram(count('process.data("watched").rw'), [pie]);
    expect(printed).toBe("40\n");
    expect(mechanisms).toEqual([expect.stringMatching(/^hardware watchpoint at 0x[0-9a-f]+$/)]);
  },
);

withWatchpoints("a program that says itself where it lies is watched in every process that runs it", async () => {
  const script = count(`process("${fixed}").data("watched").write`);
  expect((await traceProgram(script, [fixed], { targetPid: 0 })).printed).toBe("30\n");
  // In another program the same address is something else.
  expect((await traceProgram(script, [pie], { targetPid: 0 })).printed).toBe("0\n");
});

test.each([
  [`process("${pie}").data("watched").write`, "is position-independent: where its data lies is known once it runs"],
  [`process("${fixed}").data("wachted").write`, "has no symbol wachted"],
  [`process("${fixed}").data("watched")`, "needs .write or .rw"],
  [`process("${fixed}").data("watched").length(3).write`, "1, 2, 4 or 8"],
  [`process("${fixed}").data.write`, "needs a symbol or an address"],
  [`process("${fixed}").data(-1).write`, "that address is the kernel's"],
  [`process("${fixed}").library("libc.so.6").data("errno").write`, "the data of libraries has no names here"],
  ["process.data(4096).write", "there is none"],
])("%s is refused", (point, message) => {
  expect(diagnosticsOf(count(point))[0]).toContain(message);
});

test("a machine without watchpoints says so", () => {
  const machine = target({
    targetPid: 77,
    refusal: () => "attaching is refused: ENODEV (No such device)",
    programs: {
      ...target().programs,
      ofProcess: () => ({ path: "/bin/x", identity: { inode: 1n, name: "x" }, addressOf: () => 4096n }) as never,
    },
  });
  expect(refusalOf('process.data("a").write', machine).message).toBe(
    'process.data("a").write: this machine has no watchpoint for it: attaching is refused: ENODEV (No such device)',
  );
});
