/** Output kept back in the kernel, on a workload whose calls are known. */
import { TestNotebook, WORKLOAD } from "./notebook.js";

test("what probes kept back is printed in order, or never", async () => {
  const notebook = new TestNotebook();
  try {
    const cell = await notebook.run(`%%trace -c '${WORKLOAD} syscalls getppid --count 6 > /dev/null'
global kept, n
probe syscall.getppid {
  if (pid() != target()) next
  if (n % 2 == 0) kept = speculation()
  n++
  speculate(kept, sprintf("%d.", n))
}
probe syscall.getppid.return {
  if (pid() != target() || n % 2 == 1) next
  if (n == 4) discard(kept); else { commit(kept); println() }
}`);
    expect(cell.outcome.status).toBe("ok");
    expect(cell.stdout).toBe("1.2.\n5.6.\n");
  } finally {
    await notebook.close();
  }
});
