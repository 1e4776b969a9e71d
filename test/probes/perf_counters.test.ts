/** Counters that probes read by `@perf`, and samples of one process, against what the scheduler's own events say. */
import { spawn } from "node:child_process";
import { formatDiagnostic } from "../../kernel/compiler/diagnostic.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { workloadPath } from "../native/workload.js";
import { probeOf, refusalOf } from "./pattern.js";
import { NO_PROGRAMS, target } from "./target.js";
import { diagnosticsOf, trace } from "./traced_workload.js";

const SLEEPS = "sleep --count 25 --milliseconds 2";
const MISSES = "this machine has no such counter";

test("a process's counter counts what happens to its thread, and nothing else", async () => {
  // The scheduler tells of each switch by an event of its own; the two count alike from one place to another.
  const script = `global first, last, on, switches, between
    probe perf.sw.context_switches.process.counter("switches") {}
    probe syscall.clock_nanosleep { if (pid() == target() && !on) { first = @perf("switches"); on = 1 } }
    probe syscall.clock_nanosleep.return { if (pid() == target()) { last = @perf("switches"); between = switches } }
    probe kernel.trace("sched_switch") { if (tid() == target() && on) switches++ }
    probe end { printf("%d %d\\n", last - first, between) }`;
  const { printed, failures } = await trace(script, SLEEPS);
  const [counted, seen] = printed.split(" ").map(Number);
  expect(failures).toEqual([]);
  expect(counted).toBe(seen);
  expect(counted).toBeGreaterThanOrEqual(25);
});

test("a counter of every CPU goes on by one from switch to switch on each of them", async () => {
  const script = `global last, ones, others, back
    function switches() { return @perf("switches") }
    probe perf.type(1).config(3).counter("switches") {}
    probe kernel.trace("sched_switch") {
      if (cpu() in last) {
        by = switches() - last[cpu()]
        if (by == 1) ones++
        else if (by < 0) back++
        else others++
      }
      last[cpu()] = switches()
    }
    probe end { printf("%d %d %d\\n", ones, others, back) }`;
  const { printed, failures } = await trace(script, SLEEPS);
  const [ones = 0, others = 0, back] = printed.split(" ").map(Number);
  expect(failures).toEqual([]);
  expect(back).toBe(0);
  expect(ones).toBeGreaterThanOrEqual(25);
  // The kernel does not tell of every switch that it counts: a few in ten thousand are told by no event.
  expect(others).toBeLessThan(ones / 10);
});

test("a thread that came later is not counted, which is an error that can be caught", async () => {
  const script = `global caught
    probe perf.sw.page_faults.process.counter("faults") {}
    probe syscall.getppid { if (pid() == target()) try { @perf("faults") } catch (message) { caught[message]++ } }
    probe end { foreach (message in caught) printf("%s: %d\\n", message, caught[message]) }`;
  const { printed } = await trace(script, "threads --threads 2 --count 3");
  const lines = printed.trim().split("\n");
  expect(lines).toHaveLength(2);
  for (const line of lines)
    expect(line).toMatch(
      /^the counter "faults" counts only threads that its process had when the trace started, and thread \d+ was none of them: 3$/,
    );
});

test("samples of a process are of all its threads, those that it starts later among them", async () => {
  const script = `global samples
    probe perf.sw.page_faults.sample(1).process { samples[pid() == target(), tid() != target()]++ }
    probe end { printf("%d %d %d\\n", samples[1, 0] > 0, samples[1, 1] > 0, samples[0, 0] + samples[0, 1]) }`;
  const { printed, mechanisms } = await trace(script, "threads --threads 2 --count 3");
  expect(printed).toBe("1 1 0\n");
  expect(mechanisms).toEqual(["perf_event type 1 config 2"]);
});

test("samples of a program are of every process that runs it, and of no other", async () => {
  const script = `global names
    probe perf.sw.page_faults.sample(1).process("${workloadPath}") { names[execname()]++ }
    probe end { foreach (name in names) println(name) }`;
  const other = async (): Promise<void> => {
    const child = spawn("/bin/true");
    await new Promise((resolve) => child.once("close", resolve));
  };
  const { printed } = await trace(script, "syscalls getppid --count 3", {}, other);
  expect(printed).toBe("workload\n");
});

test.each([
  ['probe syscall.getppid { println(@perf("none")) }', 'no probe point has a counter "none"'],
  ['probe perf.sw.page_faults.counter("a") {} probe begin { println(@perf("a")) }', "runs in user space"],
  [
    'probe perf.sw.page_faults.counter("a") {} probe perf.sw.cpu_clock.counter("a") {} probe end {}',
    'two different counters are called "a"',
  ],
  ['probe perf.sw.page_faults.sample(5).counter("a") {}', "takes no samples"],
  ["probe perf.sw.page_faults.counter {}", "needs a name"],
  ["probe perf.sw.page_faults.sample(5).hz(5) {}", "exclude each other"],
  ["probe perf.sw.page_faults.sample(5).sample(5) {}", "twice"],
  ['probe perf.sw.page_faults.process("no-such-program") {}', "no program no-such-program"],
  ['probe perf.sw.page_faults.process("true").counter("a") {}', "no process is given"],
  ['probe perf.type(99).config(0).counter("a") {} probe syscall.getppid { println(@perf("a")) }', MISSES],
])("%s is refused", (script, message) => {
  expect(diagnosticsOf(script)).toEqual([expect.stringContaining(message)]);
});

test("a program's counter is that of the process which is given, where it runs the program", () => {
  const file = (inode: bigint) => ({ path: `/bin/${inode}`, identity: { inode, name: "x" } }) as never;
  const programs = { ...NO_PROGRAMS, find: (name: string) => file(BigInt(name)), ofProcess: () => file(7n) };
  const machine = target({ targetPid: 77, programs });
  const point = (inode: number): string => `perf.sw.page_faults.process("${inode}").counter("a")`;
  expect(probeOf(point(7), machine)).toMatchObject({ counter: { name: "a", type: 1, config: 2n, pid: 77 } });
  expect(refusalOf(point(8), machine).message).toContain("another program than /bin/8");
});

test("what a counter was opened for is closed with the trace", () => {
  const native = loadNative();
  const before = native.openHandles();
  const session = new Session({ native, catalogue, mode: "script" });
  const script = 'probe perf.sw.page_faults.counter("a") {} probe syscall.getppid { println(@perf("a")) }';
  const compiled = session.compile(script, { name: "test.stp" });
  if (!compiled.script) throw new Error(compiled.diagnostics.map(formatDiagnostic).join("\n"));
  const sink = { print: () => {}, warn: () => {}, histogram: () => {}, failure: () => {} };
  const traced = session.prepare({ ...compiled, script: compiled.script }, sink, async () => {});
  expect(native.openHandles()).toBeGreaterThan(before);
  traced.abort();
  session.close();
  expect(native.openHandles()).toBe(before);
});
