import { availableParallelism } from "node:os";
import { loadNative } from "../../kernel/tracing/native.js";
import {
  assemble,
  call,
  exit,
  Helper,
  load,
  loadMap,
  move,
  R,
  set,
  shiftRight,
  skipUnless,
  store,
} from "./instructions.js";
import { counters, u32, u64 } from "./programs.js";
import { WaitingWorkload } from "./workload.js";

const native = loadNative();

/** PERF_TYPE_SOFTWARE, and its task clock (nanoseconds) and context switches. */
const taskClock = { type: 1, config: 1n, cpu: -1 } as const;
const contextSwitches = { type: 1, config: 3n, cpu: -1 } as const;

test("a process that sleeps fifty times is switched away from fifty times", async () => {
  const workload = await WaitingWorkload.start("sleep", "--count", "50", "--milliseconds", "2");
  try {
    const counter = native.openPerfCounter({ ...contextSwitches, pid: workload.pid });
    expect(counter.read()).toBe(0n);
    await workload.run();
    const count = Number(counter.read());
    counter.close();
    expect(count).toBeGreaterThanOrEqual(50);
    // Where others want its CPU it is switched away from more often.
    expect(count).toBeLessThan(200);
    expect(() => counter.read()).toThrow("cannot use perf counter, which is closed: EBADF");
  } finally {
    workload.stop();
  }
});

test("a program reads the counter out of its map", async () => {
  const workload = await WaitingWorkload.start("syscalls", "getppid", "--count", "100");
  const counter = native.openPerfCounter({ ...taskClock, pid: workload.pid });
  const array = native.createMap({
    name: "counters",
    type: "perf_event_array",
    keySize: 4,
    valueSize: 4,
    maxEntries: availableParallelism(),
  });
  const seen = counters(native, 1);
  try {
    array.setCounter(0, counter);
    const untilArray = assemble(
      call(Helper.currentPidTgid),
      shiftRight(R.zero, 32),
      skipUnless(R.zero, workload.pid, 12),
    );
    const untilSeen = assemble(
      untilArray,
      loadMap(R.one),
      set(R.two, 0),
      move(R.three, R.frame),
      // r3 -= 24
      Uint8Array.of(0x07, R.three, 0, 0, 0xe8, 0xff, 0xff, 0xff),
      set(R.four, 24),
      call(Helper.perfEventReadValue),
      skipUnless(R.zero, 0, 4),
      load(R.two, R.frame, -24),
    );
    const program = native.loadProgram({
      name: "reading",
      type: "raw_tracepoint",
      instructions: assemble(untilSeen, loadMap(R.one), store(R.one, 0, R.two), set(R.zero, 0), exit()),
      relocations: [
        { instruction: untilArray.length / 8, map: array, kind: "map" },
        { instruction: untilSeen.length / 8, map: seen, kind: "value" },
      ],
    });
    const link = program.attach({ mechanism: "raw_tracepoint", tracepoint: "sys_enter" });
    await workload.run();
    link.close();
    program.close();
    expect(seen.readWord(0)).toBeGreaterThan(0n);
    expect(seen.readWord(0)).toBeLessThanOrEqual(counter.read());
    expect(array.delete(u32(0))).toBe(true);
    expect(array.delete(u32(0))).toBe(false);
  } finally {
    workload.stop();
    for (const handle of [seen, array, counter]) handle.close();
  }
});

test("an event that the machine cannot count", () => {
  expect(() => native.openPerfCounter({ type: 1, config: 1000n, cpu: 0, pid: -1 })).toThrow(
    "cannot open perf counter 1:1000: ENOENT (No such file or directory)",
  );
});

test.each([
  ["queue", [1n, 2n]],
  ["stack", [2n, 1n]],
] as const)("%s", (type, order) => {
  const map = native.createMap({ name: "line", type, keySize: 0, valueSize: 8, maxEntries: 2 });
  const none = new Uint8Array(0);
  expect(map.pop()).toBeNull();
  expect(map.update(none, u64(1n), "any")).toBe(true);
  expect(map.update(none, u64(2n), "any")).toBe(true);
  expect(() => map.update(none, u64(3n), "any")).toThrow("E2BIG");
  expect(map.lookup(none)).toEqual(u64(order[0]));
  expect([map.pop(), map.pop(), map.pop()]).toEqual([...order.map((value) => u64(value)), null]);
  map.close();
});
