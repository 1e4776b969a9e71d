import { execFileSync } from "node:child_process";
import { isEngineError, loadNative, type NativeLink } from "../../kernel/tracing/native.js";
import { counters, countingProgram } from "./programs.js";
import { WaitingWorkload } from "./workload.js";

const native = loadNative();
const calls = ["getppid", "gettimeofday", "read", "write", "lseek", "sched_yield"];
const places = calls.map(
  (call) => ({ mechanism: "tracepoint", group: "syscalls", name: `sys_enter_${call}` }) as const,
);

function isLink(outcome: unknown): outcome is NativeLink {
  return !isEngineError(outcome);
}

/** How many links the program has, as bpftool tells. */
function linksOf(program: number): number {
  const shown = JSON.parse(execFileSync("bpftool", ["link", "show", "-j"], { encoding: "utf8" })) as {
    prog_id: number;
  }[];
  return shown.filter((link) => link.prog_id === program).length;
}

describe("many at once", () => {
  test("are attached and closed while JavaScript goes on, and count every call", async () => {
    const workload = await WaitingWorkload.start("syscalls", ...calls, "--count", "200");
    try {
      const before = native.openHandles();
      const map = counters(native, 1);
      const program = countingProgram(native, { type: "tracepoint", counters: map, pid: workload.pid });
      const progress: number[] = [];
      let turns = 0;
      const timer = setInterval(() => turns++, 5);
      const attaching = native.attachMany(
        places.map((options) => ({ program, options })),
        (tried) => progress.push(tried),
      );
      expect(native.openHandles()).toBe(before + 3);
      const links = (await attaching.done).filter(isLink);
      expect(links).toHaveLength(calls.length);
      expect(progress.at(-1)).toBe(calls.length);
      expect(progress).toEqual([...progress].toSorted((one, other) => one - other));
      await workload.run();
      // A call that the workload was in when its exit was asked for is none of these.
      expect(map.readWord(0)).toBeGreaterThanOrEqual(BigInt(200 * calls.length));
      const counted = map.readWord(0);
      turns = 0;
      const closing: number[] = [];
      await native.closeMany(links, (closed) => closing.push(closed));
      clearInterval(timer);
      expect(closing.at(-1)).toBe(calls.length);
      expect(linksOf(program.id)).toBe(0);
      expect(map.readWord(0)).toBe(counted);
      for (const link of links) link.close();
      program.close();
      map.close();
      expect(native.openHandles()).toBe(before);
    } finally {
      workload.stop();
    }
  });

  test("each refusal is in its place, and the others are attached", async () => {
    const map = counters(native, 1);
    const program = countingProgram(native, { type: "tracepoint", counters: map, pid: process.pid });
    const none = { mechanism: "tracepoint", group: "syscalls", name: "none" } as const;
    const attachments = [places[0] ?? none, none, places[1] ?? none].map((options) => ({ program, options }));
    const outcomes = await native.attachMany(attachments).done;
    expect(outcomes[1]).toMatchObject({ name: "EngineError", code: "ENOENT" });
    const links = outcomes.filter(isLink);
    expect(links).toHaveLength(2);
    expect(linksOf(program.id)).toBe(2);
    await native.closeMany(links);
    program.close();
    map.close();
  });

  test("when cancelled, nothing is left", async () => {
    const map = counters(native, 1);
    const program = countingProgram(native, { type: "tracepoint", counters: map, pid: process.pid });
    const before = native.openHandles();
    const many = native.tracepointGroups().filter(({ group }) => group === "syscalls");
    let tried = 0;
    const attaching = native.attachMany(
      many.map((place) => ({ program, options: { mechanism: "tracepoint", ...place } })),
      (count) => {
        tried = count;
        attaching.cancel();
      },
    );
    await expect(attaching.done).rejects.toMatchObject({ name: "EngineError", code: "ECANCELED" });
    expect(tried).toBeGreaterThan(0);
    expect(tried).toBeLessThan(many.length);
    expect(linksOf(program.id)).toBe(0);
    expect(native.openHandles()).toBe(before);
    program.close();
    map.close();
  });

  test("a program that is closed meanwhile is attached all the same", async () => {
    const map = counters(native, 1);
    const program = countingProgram(native, { type: "tracepoint", counters: map, pid: process.pid });
    const attaching = native.attachMany(places.map((options) => ({ program, options })));
    program.close();
    const links = (await attaching.done).filter(isLink);
    expect(links).toHaveLength(places.length);
    expect(linksOf(program.id)).toBe(places.length);
    await native.closeMany(links);
    map.close();
  });

  test("none", async () => {
    expect(await native.attachMany([]).done).toEqual([]);
    expect(await native.closeMany([])).toBeUndefined();
  });
});
