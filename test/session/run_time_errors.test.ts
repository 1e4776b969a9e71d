/** Errors and `abort()` of probes that run in the kernel, on a workload whose calls are known. */
import { TestNotebook, traceback, WORKLOAD } from "./notebook.js";

let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

const tenCalls = `%%trace -c '${WORKLOAD} syscalls getppid --count 10 > /dev/null'`;

test("abort() in a probe: nothing more of it runs, no other handler starts, no end probe either", async () => {
  const cell = await notebook.run(`${tenCalls}
global n, others
probe syscall.getppid { if (pid() == target()) { n++; println(n); if (n == 3) abort(); println("after ", n) } }
probe syscall.getppid { if (pid() == target()) others++ }
probe end { println("end") }`);
  expect(cell.outcome.status).toBe("ok");
  expect(cell.stdout).toBe("1\nafter 1\n2\nafter 2\n3\n");
  expect((await notebook.run("println(n, others)")).stdout).toBe("32\n");
});

test("abort() in a timer ends the trace at once, too", async () => {
  const cell = await notebook.run(
    'probe timer.ms(20) { println("tick"); abort(); println("on") } probe end { println("end") }',
  );
  expect(cell.stdout).toBe("tick\n");
});

test("an error in a function tells the calls that led there", async () => {
  const cell = await notebook.run(`${tenCalls}
function inner(a) { return 10 / a }
function outer(a) { return inner(a - 1) + 1 }
probe syscall.getppid { if (pid() == target()) println(outer(1)) }`);
  expect(traceback(cell)[0]).toBe(
    "ERROR: division by 0 near operator '/' at cell 4:2:31 (called from cell 4:3:28) (called from cell 4:4:56) in probe syscall.getppid",
  );
});

test("exactly as many errors as MAXERRORS lets through, and one more", async () => {
  const cell = await notebook.run(`${tenCalls}
%limits MAXERRORS=2
global hits
probe syscall.getppid { if (pid() == target()) { hits++; error("no " . sprint(hits)) } }
probe error { println("in place of end") } probe end { println("end") }`);
  const errors = traceback(cell).filter((line) => line.startsWith("ERROR:"));
  expect(errors.map((line) => /^ERROR: (no \d)/.exec(line)?.[1])).toEqual(["no 1", "no 2", "no 3"]);
  expect(cell.stdout).toBe("in place of end\n");
  expect((await notebook.run("println(hits)")).stdout).toBe("3\n");
});
