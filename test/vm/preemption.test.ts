/**
 * Newer kernels may preempt a tracepoint's program, and then do not run it for other threads on that CPU: system calls are
 * counted by programs that are not preempted, and what others miss is never passed over in silence.
 */
import { plainTexts, TestNotebook, WORKLOAD, type CellResult } from "../session/notebook.js";

const THREADS = 8;
const CALLS = 3000;
const TOTAL = THREADS * CALLS;

const COMMAND = `%%trace -c '${WORKLOAD} threads --threads ${THREADS} --count ${CALLS} --name rivals'`;
const END = `probe end { println("counted ", calls) }`;

function countedIn(cell: CellResult): number {
  return Number(/^counted (\d+)$/m.exec(cell.stdout)?.[1]);
}

function missedIn(cell: CellResult): number {
  const fidelity = plainTexts(cell).find((text) => text.startsWith("events")) ?? "";
  return Number(/ missed ([\d,]+)/.exec(fidelity)?.[1]?.replaceAll(",", ""));
}

let notebook: TestNotebook;
beforeEach(() => (notebook = new TestNotebook()));
afterEach(() => notebook.close());

test.each(["syscall.getppid", "syscall.getppid.return", "syscall_any", "process.syscall"])(
  "%s counts every call of competing threads",
  async (point) => {
    const number = process.arch === "arm64" ? 173 : 110;
    const isCall = { syscall_any: `syscall_nr == ${number}`, "process.syscall": `$syscall == ${number}` }[point] ?? "1";
    const cell = await notebook.run(`${COMMAND}
global calls
probe ${point} { if (execname() == "rivals" && ${isCall}) calls++ }
${END}`);
    expect(countedIn(cell)).toBe(TOTAL);
    expect(missedIn(cell)).toBe(0);
  },
);

test("of a tracepoint, every event is counted, or counted as missed", async () => {
  const cell = await notebook.run(`${COMMAND}
global calls
probe kernel.trace("sys_enter") { if (execname() == "rivals" && $id == ${process.arch === "arm64" ? 173 : 110}) calls++ }
${END}`);
  const [counted, missed] = [countedIn(cell), missedIn(cell)];
  expect(counted).toBeLessThanOrEqual(TOTAL);
  if (missed === 0) expect(counted).toBe(TOTAL);
  // Calls of other programs are missed, too.
  else expect(counted + missed).toBeGreaterThanOrEqual(TOTAL);
});
