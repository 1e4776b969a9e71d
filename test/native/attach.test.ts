import { loadNative, type NativeAttachOptions, type NativeProgramType } from "../../kernel/tracing/native.js";
import { counters, countingProgram } from "./programs.js";
import { WaitingWorkload } from "./workload.js";

const native = loadNative();
/** The number of getppid, from the kernel's system-call tables. */
const getppid = process.arch === "arm64" ? 173 : 110;

async function countOf(
  type: NativeProgramType,
  options: NativeAttachOptions,
  words: readonly string[],
  filter: { readonly attachTo?: string; readonly systemCall?: number },
): Promise<bigint> {
  const workload = await WaitingWorkload.start(...words);
  const map = counters(native, 1);
  const program = countingProgram(native, { type, counters: map, pid: workload.pid, ...filter });
  const link = program.attach(options.mechanism === "perf_event" ? { ...options, pid: workload.pid } : options);
  await workload.run();
  link.close();
  const count = map.readWord(0);
  program.close();
  map.close();
  return count;
}

const calls = ["syscalls", "getppid", "gettimeofday", "--count", "1234"];

function sampled(sample: (NativeAttachOptions & { mechanism: "perf_event" })["sample"]): Promise<bigint> {
  const softwareClock = { mechanism: "perf_event", type: 1, config: 0n, cpu: -1, pid: -1 } as const;
  return countOf("perf_event", { ...softwareClock, sample }, ["busy", "--seconds", "0.5"], {});
}

describe("every mechanism counts the workload's 1,234 calls of getppid, not one more or less", () => {
  test("BTF-typed tracepoint", async () => {
    const filter = { attachTo: "sys_enter", systemCall: getppid };
    expect(await countOf("tp_btf", { mechanism: "tp_btf" }, calls, filter)).toBe(1234n);
  });

  test("raw tracepoint", async () => {
    const attach = { mechanism: "raw_tracepoint", tracepoint: "sys_enter" } as const;
    expect(await countOf("raw_tracepoint", attach, calls, { systemCall: getppid })).toBe(1234n);
  });

  test("classic tracepoint of one system call", async () => {
    const attach = {
      mechanism: "tracepoint",
      group: "syscalls",
      name: "sys_enter_getppid",
    } as const;
    expect(await countOf("tracepoint", attach, calls, {})).toBe(1234n);
  });

  test("classic tracepoint of all system calls", async () => {
    const attach = { mechanism: "tracepoint", group: "raw_syscalls", name: "sys_enter" } as const;
    expect(await countOf("tracepoint", attach, calls, { systemCall: getppid })).toBe(1234n);
  });

  test("in all threads of a process", async () => {
    const attach = { mechanism: "raw_tracepoint", tracepoint: "sys_enter" } as const;
    const words = ["threads", "--threads", "4", "--count", "300"];
    expect(await countOf("raw_tracepoint", attach, words, { systemCall: getppid })).toBe(1200n);
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
