import { execFileSync } from "node:child_process";
import { isEngineError, loadNative, type NativeProgramType } from "../../kernel/tracing/native.js";
import { assemble, atomicAdd, call, exit, Helper, load, loadMap, move, R, set, skipIf, store } from "./instructions.js";
import { counters, u64, words } from "./programs.js";

const native = loadNative();

function thrownBy(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  return undefined;
}

function program(type: NativeProgramType, instructions: Uint8Array, wantLog = false) {
  return native.loadProgram({ name: "test", type, instructions, relocations: [], wantLog });
}

describe("the verifier's refusal", () => {
  test("carries errno, operation and log", () => {
    // Register 3 was never written.
    const error = thrownBy(() => program("raw_tracepoint", assemble(move(R.zero, R.three), exit())));
    expect(isEngineError(error)).toBe(true);
    expect(error).toMatchObject({
      name: "EngineError",
      errno: 13,
      code: "EACCES",
      operation: 'load program "test"',
      message: 'cannot load program "test": EACCES (Permission denied)',
      verifierLog: expect.stringContaining("R3 !read_ok") as string,
    });
  });

  test("is whole where it takes more than the first buffer", () => {
    // The log has a line for each of 30,000 instructions before the bad one.
    const padding = Array.from({ length: 30_000 }, (_, index) => set(R.zero, index));
    const error = thrownBy(() => program("raw_tracepoint", assemble(...padding, move(R.zero, R.three), exit())));
    const log = isEngineError(error) ? (error.verifierLog ?? "") : "";
    expect(error).toMatchObject({ code: "EACCES" });
    expect(log).toContain("\n0: (b7) r0 = 0 ");
    expect(log).toContain("\n29999: (b7) r0 = 29999 ");
    expect(log).toContain("R3 !read_ok");
  });
});

test("an accepted program's log comes when wanted", () => {
  const quiet = program("raw_tracepoint", assemble(set(R.zero, 0), exit()));
  expect(quiet.verifierLog).toBe("");
  quiet.close();
  const explained = program("raw_tracepoint", assemble(set(R.zero, 0), exit()), true);
  expect(explained.verifierLog).toContain("(95) exit");
  expect(explained.verifierLog).toContain("processed 2 insns");
  explained.close();
});

describe("test runs", () => {
  test("raw_tracepoint: the context holds its arguments", () => {
    const adding = program(
      "raw_tracepoint",
      assemble(
        load(R.zero, R.one, 0),
        load(R.two, R.one, 8),
        Uint8Array.of(0x0f, (R.two << 4) | R.zero, 0, 0, 0, 0, 0, 0),
        exit(),
      ),
    );
    expect(adding.testRun({ context: u64(40n, 2n) }).returnValue).toBe(42);
    expect(adding.testRun({ context: u64(40n, 3n), cpu: native.onlineCpus() - 1 }).returnValue).toBe(43);
    expect(() => adding.testRun({})).toThrow('cannot test program "test": EINVAL');
    adding.close();
  });

  test("socket_filter: repeated, with the time that a run took", () => {
    const map = counters(native, 1);
    const counting = native.loadProgram({
      name: "test",
      type: "socket_filter",
      instructions: assemble(loadMap(R.one), set(R.two, 1), atomicAdd(R.one, 0, R.two), set(R.zero, 5), exit()),
      relocations: [{ instruction: 0, map, kind: "value" }],
    });
    const result = counting.testRun({ data: new Uint8Array(64), repeat: 1000 });
    expect(result.returnValue).toBe(5);
    expect(result.durationNanoseconds).toBeGreaterThan(0);
    expect(map.readWord(0)).toBe(1000n);
    counting.close();
    map.close();
  });

  test("syscall", () => {
    const answering = program("syscall", assemble(load(R.zero, R.one, 8), exit()));
    expect(answering.testRun({ context: u64(1n, 99n) }).returnValue).toBe(99);
    answering.close();
  });
});

test("a map's pointer and an offset into its value are put where the program asks", () => {
  const map = counters(native, 4);
  const keyOnStack = assemble(set(R.two, 0), store(R.frame, -8, R.two), move(R.two, R.frame));
  const writing = native.loadProgram({
    name: "test",
    type: "socket_filter",
    instructions: assemble(
      // The third word, by its address.
      loadMap(R.one, 16),
      set(R.three, 33),
      atomicAdd(R.one, 0, R.three),
      // The second word, by looking the entry up.
      keyOnStack,
      Uint8Array.of(0x07, R.two, 0, 0, 0xf8, 0xff, 0xff, 0xff),
      loadMap(R.one),
      call(Helper.mapLookup),
      skipIf(R.zero, 0, 2),
      set(R.three, 22),
      store(R.zero, 8, R.three),
      set(R.zero, 0),
      exit(),
    ),
    relocations: [
      { instruction: 0, map, kind: "value" },
      { instruction: 8, map, kind: "map" },
    ],
  });
  writing.testRun({ data: new Uint8Array(64) });
  expect(words(map.entries().values)).toEqual([0n, 22n, 33n, 0n]);
  writing.close();
  map.close();
});

/** Where a BTF record has the kind of its type. */
const kind = (number: number): number => number << 24;

test("function and line names reach the kernel", () => {
  const strings = new TextEncoder().encode("\0int\0answer\0script.stp\0probe begin {}\0");
  const offset = (text: string): number => new TextDecoder().decode(strings).indexOf(text);
  // After the kernel's BTF document: 1 is int, 2 its prototype `int (void)`, 3 the function.
  const records = [
    [offset("int"), kind(1), 4, (1 << 24) | 32],
    [0, kind(13), 1],
    [offset("answer"), kind(12), 2],
  ].flat();
  const types = new Uint8Array(Uint32Array.from(records).buffer);
  const version = 1;
  const header = Uint32Array.of(0xeb9f | (version << 16), 24, 0, types.length, types.length, strings.length);
  const line = 12;
  const column = 3;
  const named = native.loadProgram({
    name: "test",
    type: "raw_tracepoint",
    instructions: assemble(set(R.zero, 42), exit()),
    relocations: [],
    btf: assemble(new Uint8Array(header.buffer), types, strings),
    functionInfo: new Uint8Array(Uint32Array.of(0, 3).buffer),
    lineInfo: new Uint8Array(
      Uint32Array.of(0, offset("script.stp"), offset("probe begin"), (line << 10) | column).buffer,
    ),
  });
  const dump = ["prog", "dump", "xlated", "id", String(named.id), "linum"];
  const shown = execFileSync("bpftool", dump, { encoding: "utf8" });
  named.close();
  expect(shown).toContain("int answer():");
  expect(shown).toContain("; probe begin {} [file:script.stp line_num:12 line_col:3]");
  expect(
    thrownBy(() =>
      native.loadProgram({
        name: "test",
        type: "raw_tracepoint",
        instructions: assemble(set(R.zero, 42), exit()),
        relocations: [],
        btf: Uint8Array.of(1, 2, 3),
      }),
    ),
  ).toMatchObject({ name: "EngineError", code: "EINVAL", operation: 'load the types of program "test"' });
});

test("statistics count runs only while they are enabled", () => {
  const counted = program("socket_filter", assemble(set(R.zero, 0), exit()));
  const run = (): unknown => counted.testRun({ data: new Uint8Array(64), repeat: 500 });
  const before = counted.statistics();
  expect(before.verifiedInstructions).toBe(2);
  expect(before.translatedSize).toBeGreaterThanOrEqual(16);
  run();
  expect(counted.statistics().runCount).toBe(before.runCount);
  const enabled = native.enableStatistics();
  run();
  enabled.close();
  const after = counted.statistics();
  expect(after.runCount).toBe(500n);
  expect(after.runTimeNanoseconds).toBeGreaterThan(0n);
  expect(after.recursionMisses).toBe(0n);
  counted.close();
});

test("a closed program says so", () => {
  const closed = program("socket_filter", assemble(set(R.zero, 0), exit()));
  closed.close();
  closed.close();
  expect(() => closed.statistics()).toThrow('cannot use program "test", which is closed: EBADF');
});

test("the machine", async () => {
  const { readFileSync } = await import("node:fs");
  // A list such as "0-3,5".
  const possible = readFileSync("/sys/devices/system/cpu/possible", "utf8").trim().split(",");
  const counts = possible
    .map((range) => range.split("-").map(Number))
    .map(([first = 0, last = first]) => last - first + 1);
  expect(native.possibleCpus()).toBe(counts.reduce((sum, count) => sum + count));
  const online = [...readFileSync("/proc/cpuinfo", "utf8").matchAll(/^processor\s*: (\d+)$/gm)].map(([, cpu]) =>
    Number(cpu),
  );
  expect(native.onlineCpuNumbers()).toEqual(online);
  expect(native.onlineCpus()).toBe(online.length);

  const earlier = process.hrtime.bigint();
  const now = native.monotonicNanoseconds();
  expect(now).toBeGreaterThanOrEqual(earlier);
  expect(now).toBeLessThanOrEqual(process.hrtime.bigint());

  const [zone, sign, hours, minutes] = /(.*) ([+-])(..)(..)/
    .exec(execFileSync("date", ["+%Z %z"]).toString())!
    .slice(1);
  const east = BigInt(`${sign}${(Number(hours) * 60 + Number(minutes)) * 60}`);
  expect(native.localTimeZone()).toEqual({ secondsWestOfUtc: -east, name: zone });

  const effective = BigInt(`0x${/^CapEff:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0"}`);
  const names = native.capabilities();
  // Numbers from <linux/capability.h>.
  for (const [name, bit] of [
    ["CAP_CHOWN", 0n],
    ["CAP_SYS_ADMIN", 21n],
    ["CAP_SYS_RESOURCE", 24n],
    ["CAP_PERFMON", 38n],
    ["CAP_BPF", 39n],
  ] as const) {
    expect([name, names.includes(name)]).toEqual([name, ((effective >> bit) & 1n) === 1n]);
  }
});
