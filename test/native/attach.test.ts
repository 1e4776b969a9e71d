import { execFileSync } from "node:child_process";
import { loadNative, type NativeAttachOptions, type NativeProgramType } from "../../kernel/tracing/native.js";
import { countOf, runsOf } from "./counting.js";
import { compareKernel } from "./machine.js";
import { counters, countingProgram } from "./programs.js";

const native = loadNative();
/** The number of getppid, from the kernel's system-call tables. */
const getppid = process.arch === "arm64" ? 173 : 110;

/**
 * From Linux 7.0 on (commit a46023d5616e) BTF-typed and raw tracepoints run their programs with preemption, and a program that was
 * preempted does not run for other threads on that CPU: the kernel counts that as missed.
 */
const preemptsTracepoints = compareKernel(7, 0) >= 0;

const calls = ["syscalls", "getppid", "gettimeofday", "--count", "1234"];

function sampled(sample: (NativeAttachOptions & { mechanism: "perf_event" })["sample"]): Promise<bigint> {
  const softwareClock = { mechanism: "perf_event", type: 1, config: 0n, cpu: -1 } as const;
  const attach = (pid: number): NativeAttachOptions => ({ ...softwareClock, sample, pid });
  return countOf(native, { type: "perf_event" }, attach, ["busy", "--seconds", "0.5"]);
}

describe("every mechanism counts the workload's 1,234 calls of getppid, not one more or less", () => {
  test("BTF-typed tracepoint", async () => {
    const program = { type: "tp_btf", attachTo: "sys_enter", systemCall: getppid } as const;
    expect(await countOf(native, program, { mechanism: "tp_btf" }, calls)).toBe(1234n);
  });

  test("raw tracepoint", async () => {
    const attach = { mechanism: "raw_tracepoint", tracepoint: "sys_enter" } as const;
    expect(await countOf(native, { type: "raw_tracepoint", systemCall: getppid }, attach, calls)).toBe(1234n);
  });

  test("classic tracepoint of one system call", async () => {
    const attach = {
      mechanism: "tracepoint",
      group: "syscalls",
      name: "sys_enter_getppid",
    } as const;
    expect(await countOf(native, { type: "tracepoint" }, attach, calls)).toBe(1234n);
  });

  test("classic tracepoint of all system calls", async () => {
    const attach = { mechanism: "tracepoint", group: "raw_syscalls", name: "sys_enter" } as const;
    expect(await countOf(native, { type: "tracepoint", systemCall: getppid }, attach, calls)).toBe(1234n);
  });

  test("each mechanism with a cookie, where the kernel has them", async () => {
    const counted = async (
      type: NativeProgramType,
      attach: NativeAttachOptions,
      filter: { readonly attachTo?: string; readonly systemCall?: number },
    ) => await countOf(native, { type, amount: "cookie", ...filter }, attach, calls);
    const classic = { mechanism: "tracepoint", group: "syscalls", name: "sys_enter_getppid", cookie: 3n } as const;
    expect(await counted("tracepoint", classic, {})).toBe(1234n * 3n);
    if (compareKernel(6, 10) < 0) return;
    const raw = { mechanism: "raw_tracepoint", tracepoint: "sys_enter", cookie: 5n } as const;
    expect(await counted("raw_tracepoint", raw, { systemCall: getppid })).toBe(1234n * 5n);
    const typed = { attachTo: "sys_enter", systemCall: getppid };
    expect(await counted("tp_btf", { mechanism: "tp_btf", cookie: 7n }, typed)).toBe(1234n * 7n);
  });

  test("in all threads of a process", async () => {
    const attach = { mechanism: "raw_tracepoint", tracepoint: "sys_enter" } as const;
    const words = ["threads", "--threads", "4", "--count", "300"];
    const { count, missed } = await runsOf(native, { type: "raw_tracepoint", systemCall: getppid }, attach, words);
    expect(count).toBeLessThanOrEqual(1200n);
    if (!preemptsTracepoints) expect(missed).toBe(0n);
    // Calls that others make are missed, too.
    expect(count + missed).toBeGreaterThanOrEqual(1200n);
  });

  test("in all threads of a process, by a classic tracepoint, whose program is not preempted", async () => {
    const attach = { mechanism: "tracepoint", group: "raw_syscalls", name: "sys_enter" } as const;
    const words = ["threads", "--threads", "4", "--count", "300"];
    expect(await countOf(native, { type: "tracepoint", systemCall: getppid }, attach, words)).toBe(1200n);
  });
});

describe("perf events sample a busy process", () => {
  test("at a frequency", async () => {
    const count = await sampled({ kind: "frequency", hertz: 99 });
    // Half a second at 99 a second is 50; on a machine that others use the process gets less than a whole CPU.
    expect(Number(count)).toBeGreaterThanOrEqual(10);
    expect(Number(count)).toBeLessThanOrEqual(55);
  });

  test("at a period, which the software clock counts in nanoseconds", async () => {
    const count = await sampled({ kind: "period", events: 10_000_000 });
    expect(Number(count)).toBeGreaterThanOrEqual(10);
    expect(Number(count)).toBeLessThanOrEqual(55);
  });
});

describe("what cannot be attached says so", () => {
  const refusals: readonly (readonly [NativeProgramType, NativeAttachOptions, string, string])[] = [
    ["raw_tracepoint", { mechanism: "raw_tracepoint", tracepoint: "no_such" }, "ENOENT", 'raw tracepoint "no_such"'],
    ["tracepoint", { mechanism: "tracepoint", group: "syscalls", name: "no_such" }, "ENOENT", '"syscalls:no_such"'],
    ["tracepoint", { mechanism: "tracepoint", group: "..", name: "events" }, "ENOENT", '"..:events"'],
  ];
  test.each(refusals)("%s %j", (type, options, code, words) => {
    const map = counters(native, 1);
    const program = countingProgram(native, { type, counters: map, pid: process.pid });
    const before = native.openHandles();
    const operation = `attach program "counting" to`;
    expect(() => program.attach(options)).toThrow(
      expect.objectContaining({
        name: "EngineError",
        code,
        operation: expect.stringContaining(operation) as string,
        message: expect.stringContaining(words) as string,
      }) as Error,
    );
    expect(native.openHandles()).toBe(before);
    program.close();
    map.close();
  });

  test("a tracepoint that the kernel has no type for", () => {
    const map = counters(native, 1);
    expect(() => countingProgram(native, { type: "tp_btf", attachTo: "no_such", counters: map, pid: 1 })).toThrow(
      'cannot find tracepoint "no_such" in the kernel\'s types: ENOENT (No such file or directory)',
    );
    map.close();
  });
});

test("the tracepoints by their groups are those that tracefs lists", () => {
  // In a mount namespace of its own, gone when the shell has ended.
  const list = "mount -t tracefs tracefs /mnt && cat /mnt/available_events";
  const theirs = execFileSync("unshare", ["--mount", "sh", "-c", list], { encoding: "utf8" }).trimEnd().split("\n");
  const ours = native.tracepointGroups().map(({ group, name }) => `${group}:${name}`);
  expect(ours.toSorted()).toEqual(theirs.toSorted());
  expect(ours).toContain("sched:sched_switch");
});
