/** On Linux 5.10 a script runs, or is refused with one sentence that says why; never with the verifier's. */
import { TestNotebook, WORKLOAD, workloadReport } from "../session/notebook.js";

let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

const TRACED = `%%trace -c '${WORKLOAD} syscalls getppid --count 3 --name old'`;

test("counting and printing run", async () => {
  const counting = await notebook.run(
    `${TRACED}\nglobal c; probe syscall.getppid { if (execname() == "old") c++ } probe end { println("saw ", c) }`,
  );
  expect(counting.stdout).toMatch(/^saw 3$/m);
  const printing = await notebook.run(
    `${TRACED}\nprobe syscall.getppid { if (execname() == "old") printf("%s %d\\n", execname(), pid()) }`,
  );
  const { pid } = workloadReport(printing.stdout);
  expect(printing.stdout.split("\n").filter((line) => line === `old ${pid}`)).toHaveLength(3);
});

test("statements run", async () => {
  const cell = await notebook.run('for (i = 0; i < 3; i++) n += i; println(sprintf("%d", n))');
  expect(cell.stdout).toBe("3\n");
});

test.each([
  ["an array", " for globals other than counters", "global c; probe syscall.getppid { c[execname()]++ }"],
  [
    "a statistic",
    " for globals other than counters",
    "global s; probe syscall.getppid { s <<< 1 } probe end { println(@count(s)) }",
  ],
  ["a loop", " for loops in probes", "global c; probe syscall.getppid { for (i = 0; i < 3; i++) c += i }"],
  ["an argument as text", " for sprintf in probes", "probe syscall.newfstatat { println(argstr) }"],
])("%s is refused", async (_, purpose, script) => {
  const { outcome } = await notebook.run(script);
  const message = `This script needs Linux 6.1 or newer${purpose}; this is Linux 5.10.`;
  expect(outcome).toEqual({ status: "error", error: { name: "MachineError", message, traceback: [message] } });
});
