/** Text of handlers that run on two CPUs: each run's together, and the runs in the order in which they ended. */
import { cpus } from "node:os";
import { TestNotebook, WORKLOAD } from "./notebook.js";

let notebook: TestNotebook;
beforeAll(() => void (notebook = new TestNotebook()));
afterAll(() => notebook.close());

const threads = (count: number): string => `%%trace -c '${WORKLOAD} threads --threads 2 --count ${count} > /dev/null'`;

test("a run that ended before another began comes before it, on whichever CPUs they were", async () => {
  expect(cpus().length).toBeGreaterThan(1);
  // One process behind another, each on the other CPU: what one did is over when the next begins.
  const one = `taskset -c $((i % 2)) ${WORKLOAD} syscalls getppid --count 5 --name tapinorder > /dev/null`;
  const cell = await notebook.run(`%%trace -c 'for i in $(seq 16); do ${one}; done'
global n
probe syscall.getppid { if (execname() == "tapinorder") printf("%d on %d\\n", n++, cpu()) }`);
  const expected = Array.from({ length: 80 }, (_, index) => `${index} on ${(Math.floor(index / 5) + 1) % 2}`);
  expect(cell.stdout.trimEnd().split("\n")).toEqual(expected);
});

test("what one run prints stays together, also where it takes many buffers", async () => {
  const cell = await notebook.run(`${threads(40)}
probe syscall.getppid {
  if (pid() != target()) next
  for (i = 0; i < 150; i++) printf("%d.%s.%d\\n", tid(), "${"x".repeat(200)}", i)
}`);
  const lines = cell.stdout.trimEnd().split("\n");
  expect(lines.length).toBe(2 * 40 * 150);
  const firstOfRun = lines.filter((_, index) => index % 150 === 0).map((line) => line.split(".")[0]);
  expect(new Set(firstOfRun).size).toBe(2);
  const torn = lines.filter((line, index) => {
    const [thread, , number] = line.split(".");
    return thread !== firstOfRun[Math.floor(index / 150)] || Number(number) !== index % 150;
  });
  expect(torn).toEqual([]);
});
