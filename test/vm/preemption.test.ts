/**
 * Newer kernels may preempt a tracepoint's program, and then do not run it for other threads on that CPU: what is missed
 * so is never passed over in silence.
 */
import { plainTexts, TestNotebook, WORKLOAD } from "../session/notebook.js";

const THREADS = 8;
const CALLS = 3000;

test("every call of competing threads is counted, or counted as missed", async () => {
  const notebook = new TestNotebook();
  try {
    const cell =
      await notebook.run(`%%trace -c '${WORKLOAD} threads --threads ${THREADS} --count ${CALLS} --name rivals'
global calls
probe syscall.getppid { if (execname() == "rivals") calls++ }
probe end { println("counted ", calls) }`);
    const counted = Number(/^counted (\d+)$/m.exec(cell.stdout)?.[1]);
    const fidelity = plainTexts(cell).find((text) => text.startsWith("events")) ?? "";
    const missed = Number(/ missed ([\d,]+)/.exec(fidelity)?.[1]?.replaceAll(",", ""));
    expect(counted).toBeLessThanOrEqual(THREADS * CALLS);
    if (missed === 0) expect(counted).toBe(THREADS * CALLS);
    // Calls of other programs are missed, too.
    else expect(counted + missed).toBeGreaterThanOrEqual(THREADS * CALLS);
  } finally {
    await notebook.close();
  }
});
