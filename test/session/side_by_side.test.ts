/** Cells that run at the same time, as front ends with subshells run them. */
import { WaitingWorkload } from "../native/workload.js";
import { TestNotebook } from "./notebook.js";

let notebook: TestNotebook;
beforeEach(() => void (notebook = new TestNotebook()));
afterEach(() => notebook.close());

const CALLS = 500;

/** Starts a cell; resolves when its trace has begun, with what will have come of it. */
async function startTrace(code: string): Promise<{ readonly ended: ReturnType<TestNotebook["run"]> }> {
  return new Promise((resolve) => {
    const ended = notebook.run(`${code} probe begin { println("begun") }`, {}, (text) => {
      if (text.includes("begun\n")) resolve({ ended });
    });
  });
}

async function workload(): Promise<WaitingWorkload> {
  return WaitingWorkload.start("syscalls", "getppid", "--count", String(CALLS));
}

test("a cell reads what another still gathers, and both go on", async () => {
  const program = await workload();
  const trace = await startTrace(`global n; probe syscall.getppid { if (pid() == ${program.pid}) n++ }`);
  expect((await notebook.run("n")).shown).toEqual([["result", "0"]]);
  await program.run();
  expect((await notebook.run("n")).shown).toEqual([["result", String(CALLS)]]);
  notebook.notebook.interrupt();
  expect((await trace.ended).outcome.status).toBe("ok");
});

test("an interrupt ends every cell that runs", async () => {
  const first = await startTrace("global a; probe syscall.getppid { if (pid() == 1) a++ }");
  const second = await startTrace("global b; probe syscall.getppid { if (pid() == 1) b++ }");
  notebook.notebook.interrupt();
  for (const { outcome } of await Promise.all([first.ended, second.ended])) expect(outcome.status).toBe("ok");
});

test("a cell that declares a global afresh ends the trace that uses it first, and says so", async () => {
  const program = await workload();
  const trace = await startTrace(`global n; probe syscall.getppid { if (pid() == ${program.pid}) n++ }`);
  await program.run();
  const { stderr, result } = await notebook.run("global n = 7\nn");
  expect(stderr).toBe("The trace of cell 1 was stopped: it uses n, and this cell declares it afresh.\n");
  expect(result?.data["text/plain"]).toBe("7");
  // It shows what it had gathered, not what is there now.
  const { outcome, shown: results } = await trace.ended;
  expect(outcome.status).toBe("ok");
  expect(results).toContainEqual(["display", `n=${CALLS}`]);
});

test("so does one that puts longer texts into its keys, and nothing is lost", async () => {
  const program = await workload();
  const trace = await startTrace(
    `global n; probe syscall.getppid { if (pid() == ${program.pid}) n["short"]++ } probe end { printf("%d\\n", n["short"]) }`,
  );
  await program.run();
  const { stderr } = await notebook.run(
    'probe syscall.getppid { if (pid() == 1) n["a key that is far longer than what was there before, by a lot"]++ } probe timer.ms(1) { exit() }',
  );
  expect(stderr).toBe("The trace of cell 1 was stopped: it uses n, and this cell keeps longer or more values in it.\n");
  expect((await trace.ended).stdout).toContain(`${CALLS}\n`);
  expect((await notebook.run('n["short"]')).shown).toEqual([["result", String(CALLS)]]);
});

test("what uses other globals is left alone", async () => {
  const trace = await startTrace("global n; probe syscall.getppid { if (pid() == 1) n++ }");
  const { stderr } = await notebook.run("global m = 1\nm");
  expect(stderr).toBe("");
  notebook.notebook.interrupt();
  expect((await trace.ended).outcome.status).toBe("ok");
});
