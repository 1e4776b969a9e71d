/** On a kernel that is too old a script runs right, or is refused with one sentence that says so; never with the verifier's. */
import { release } from "node:os";
import { TestNotebook, WORKLOAD } from "../session/notebook.js";

const SENTENCE = /^This script needs Linux 6\.1 or newer(?: for [a-z ]+)?; this is Linux \d+\.\d+\.$/;

let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

test.each([
  ["counting", "global c; probe syscall.getppid { c++ }"],
  ["an array", "global c; probe syscall.getppid { c[execname()]++ }"],
  ["statistics", "global s; probe syscall.getppid { s <<< 1 } probe end { println(@count(s)) }"],
  ["printing", 'probe syscall.getppid { printf("%s %d\\n", execname(), pid()) }'],
  ["a loop", "global c; probe syscall.getppid { for (i = 0; i < 3; i++) c += i }"],
  ["foreach", 'global a; probe syscall.getppid { a[1] = 2; foreach (k+ in a) printf("%d", a[k]) }'],
  ["sprintf", 'global s; probe syscall.getppid { s = sprintf("%d-%s", 1, execname()) }'],
  ["arguments as text", "probe syscall.newfstatat { println(argstr) }"],
  ["every call", "global c; probe syscall.* { c[name]++ }"],
])("%s", async (_, script) => {
  const cell = await notebook.run(`%%trace -c '${WORKLOAD} syscalls getppid --count 3 --name old'\n${script}`);
  if (cell.outcome.status === "ok") return;
  const { name, message, traceback } = cell.outcome.error;
  expect({ name, message, lines: traceback.length }).toEqual({
    name: "MachineError",
    message: expect.stringMatching(SENTENCE),
    lines: 1,
  });
  expect(message).toContain(`this is Linux ${release().split(".").slice(0, 2).join(".")}.`);
});

test("statements run everywhere", async () => {
  const cell = await notebook.run('for (i = 0; i < 3; i++) n += i; println(sprintf("%d", n))');
  expect(cell.stdout).toBe("3\n");
});
