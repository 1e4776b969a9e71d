/** Functions of the kernel, where they can be probed; where not, what the refusal says. */
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isEngineError, loadNative, type NativeAttachOptions } from "../../kernel/tracing/native.js";
import { countOf } from "./counting.js";
import { compareKernel, hasKprobes, isGuest } from "./machine.js";
import { counters, countingProgram, registers } from "./programs.js";

const native = loadNative();
const prefix = process.arch === "arm64" ? "__arm64_sys_" : "__x64_sys_";
const getppid = `${prefix}getppid`;
const gettimeofday = `${prefix}gettimeofday`;
const calls = ["syscalls", "getppid", "gettimeofday", "--count", "1234"];
const statCalls = process.arch === "arm64" ? 2n : 3n;

/** Debian builds the kernel of its version 12 without CONFIG_FPROBE. */
const hasKprobeMulti = hasKprobes && compareKernel(6, 12) >= 0;

/** In a guest nothing may be refused. */
function isFentryRefused(): boolean {
  if (isGuest) return false;
  const map = counters(native, 1);
  try {
    countingProgram(native, { type: "fentry", attachTo: gettimeofday, counters: map, pid: 1 }).close();
    return false;
  } catch (error) {
    return isEngineError(error) && error.code === "EPERM";
  } finally {
    map.close();
  }
}

/** What this kernel cannot do is no test that was left out; below it is tested that it says so. */
const where =
  (possible: boolean) =>
  (name: string, tests: () => void): void => {
    if (possible) describe(name, tests);
  };
const kprobe = { mechanism: "kprobe", function: getppid, offset: 0n, isReturn: false } as const;

where(hasKprobes)("kprobes", () => {
  test("at the entry of a function", async () => {
    expect(await countOf(native, { type: "kprobe" }, kprobe, calls)).toBe(1234n);
  });

  test("at an address", async () => {
    const line = execFileSync("grep", ["-m1", ` ${getppid}$`, "/proc/kallsyms"], { encoding: "utf8" });
    const attach = { ...kprobe, function: `0x${line.split(" ")[0]}` };
    expect(await countOf(native, { type: "kprobe" }, attach, calls)).toBe(1234n);
  });

  test("at the return of a function, with what it returns", async () => {
    const program = { type: "kprobe", amount: { contextOffset: registers.result } } as const;
    expect(await countOf(native, program, { ...kprobe, isReturn: true }, calls)).toBe(1234n * BigInt(process.pid));
  });

  test("with a cookie", async () => {
    const attach = { ...kprobe, cookie: 9n };
    expect(await countOf(native, { type: "kprobe", amount: "cookie" }, attach, calls)).toBe(1234n * 9n);
  });

  test("at returns, with room for so many calls at a time; nothing of it stays", async () => {
    const definitions = () => readFileSync("/sys/kernel/tracing/kprobe_events", "utf8");
    const attach = { ...kprobe, isReturn: true, maxActive: 50, cookie: 2n };
    const map = counters(native, 1);
    const program = countingProgram(native, { type: "kprobe", counters: map, pid: 1 });
    const link = program.attach(attach);
    expect(definitions()).toMatch(new RegExp(`^r50:tapbook_${process.pid}/\\S+ ${getppid}\\n$`));
    link.close();
    program.close();
    map.close();
    expect(definitions()).toBe("");
    expect(await countOf(native, { type: "kprobe", amount: "cookie" }, attach, calls)).toBe(2468n);
    expect(definitions()).toBe("");
  });

  test("definitions that a killed process left are removed by the next", async () => {
    const definitions = "/sys/kernel/tracing/kprobe_events";
    // More than any process's number can be.
    appendFileSync(definitions, `r10:tapbook_99999999/kprobe_1 ${getppid}`);
    const attach = { ...kprobe, isReturn: true, maxActive: 5 };
    expect(await countOf(native, { type: "kprobe" }, attach, calls)).toBe(1234n);
    expect(readFileSync(definitions, "utf8")).toBe("");
  });

  test("a function that the kernel does not have", () => {
    const map = counters(native, 1);
    const program = countingProgram(native, { type: "kprobe", counters: map, pid: 1 });
    expect(() => program.attach({ ...kprobe, function: "no_such", offset: 4n, isReturn: true })).toThrow(
      'cannot attach program "counting" to the return of kernel function "no_such" + 0x4: ENOENT',
    );
    program.close();
    map.close();
  });
});

test("without kprobes the refusal says so", () => {
  if (hasKprobes) return;
  const map = counters(native, 1);
  const program = countingProgram(native, { type: "kprobe", counters: map, pid: 1 });
  expect(() => program.attach(kprobe)).toThrow(
    `cannot attach program "counting" to kernel function "${getppid}" (the kernel has no kprobes): EOPNOTSUPP`,
  );
  program.close();
  map.close();
});

const bothFunctions = [getppid, gettimeofday];
const kprobeMulti = { mechanism: "kprobe_multi", functions: bothFunctions, isReturn: false } as const;

where(hasKprobeMulti)("many functions by one link", () => {
  test("at their entries", async () => {
    expect(await countOf(native, { type: "kprobe_multi" }, kprobeMulti, calls)).toBe(2468n);
  });

  test("at their returns", async () => {
    const attach = { ...kprobeMulti, isReturn: true };
    expect(await countOf(native, { type: "kprobe_multi" }, attach, calls)).toBe(2468n);
  });

  test("each with its cookie", async () => {
    const attach = { ...kprobeMulti, cookies: [1n, 1000n] };
    expect(await countOf(native, { type: "kprobe_multi", amount: "cookie" }, attach, calls)).toBe(1234n * 1001n);
  });

  test("a thousand of them", async () => {
    const known = readFileSync("/sys/kernel/tracing/available_filter_functions", "utf8").split("\n");
    // Those whose name is there once only, and not what runs at each instruction of this test's own machinery.
    const counts = new Map<string, number>();
    for (const name of known) counts.set(name, (counts.get(name) ?? 0) + 1);
    const system = known.filter((name) => /^(vfs|tcp|udp|ip|ext4|proc|sock|inet|security|do)_\w+$/.test(name));
    const unique = system.filter((name) => counts.get(name) === 1 && name !== getppid).slice(0, 999);
    expect(unique).toHaveLength(999);
    const attach: NativeAttachOptions = {
      ...kprobeMulti,
      functions: [...unique, getppid],
      cookies: [...unique.map(() => 0n), 1n],
    };
    expect(await countOf(native, { type: "kprobe_multi", amount: "cookie" }, attach, calls)).toBe(1234n);
  });

  test("all or none", () => {
    const map = counters(native, 1);
    const program = countingProgram(native, { type: "kprobe_multi", counters: map, pid: 1 });
    expect(() => program.attach({ ...kprobeMulti, functions: [getppid, "no_such"] })).toThrow(
      `cannot attach program "counting" to 2 kernel functions, the first "${getppid}": E`,
    );
    program.close();
    map.close();
  });
});

test("without them the refusal says so", () => {
  if (hasKprobeMulti) return;
  const map = counters(native, 1);
  const program = countingProgram(native, { type: "kprobe_multi", counters: map, pid: 1 });
  expect(() => program.attach(kprobeMulti)).toThrow(
    `cannot attach program "counting" to 2 kernel functions, the first "${getppid}": EOPNOTSUPP`,
  );
  program.close();
  map.close();
});

const isRefused = isFentryRefused();

where(!isRefused)("functions by their types", () => {
  test("at the entry", async () => {
    const program = { type: "fentry", attachTo: gettimeofday } as const;
    expect(await countOf(native, program, { mechanism: "fentry" }, calls)).toBe(1234n);
  });

  test("at the exit, with what the function returns", async () => {
    // The context holds the function's arguments, one, then its result.
    const program = { type: "fexit", attachTo: `${prefix}read`, amount: { contextOffset: 8 } } as const;
    const reads = ["read", "--count", "300", "--size", "4096"];
    expect(await countOf(native, program, { mechanism: "fexit" }, reads)).toBe(300n * 4096n);
  });

  test("with a cookie", async () => {
    const program = { type: "fentry", attachTo: gettimeofday, amount: "cookie" } as const;
    expect(await countOf(native, program, { mechanism: "fentry", cookie: 11n }, calls)).toBe(1234n * 11n);
  });

  test("a hook of the kernel's security modules", async () => {
    const program = { type: "lsm", attachTo: "bpf_lsm_inode_getattr" } as const;
    const words = ["stat", "--missing", "10", "--existing", "100"];
    expect(await countOf(native, program, { mechanism: "lsm" }, words)).toBe(100n * statCalls);
  });
});

test.each(["fentry", "fexit", "lsm"] as const)("%s: where this is locked, the refusal says so", (type) => {
  if (!isRefused) return;
  const map = counters(native, 1);
  const attachTo = type === "lsm" ? "bpf_lsm_file_open" : gettimeofday;
  expect(() => countingProgram(native, { type, attachTo, counters: map, pid: 1 })).toThrow(
    'cannot load program "counting": EPERM (Operation not permitted)',
  );
  map.close();
});

test("a function that the kernel has no type for", () => {
  const map = counters(native, 1);
  expect(() => countingProgram(native, { type: "fentry", attachTo: "no_such", counters: map, pid: 1 })).toThrow(
    'cannot find function "no_such" in the kernel\'s types: ENOENT (No such file or directory)',
  );
  map.close();
});

/** What a guest's file system is made of. */
const overlay = native.kernelModules().includes("overlay");

where(isGuest && overlay)("a function of a module", () => {
  const path = fileURLToPath(new URL("../../package.json", import.meta.url));
  const words = ["stat", "--missing", "0", "--existing", "100", "--path", path];
  const where = { attachTo: "ovl_getattr", attachModule: "overlay" } as const;

  test("by its types", async () => {
    expect(await countOf(native, { type: "fentry", ...where }, { mechanism: "fentry" }, words)).toBe(300n);
    expect(await countOf(native, { type: "fexit", ...where }, { mechanism: "fexit" }, words)).toBe(300n);
  });

  test("by a kprobe", async () => {
    const attach = { ...kprobe, function: "overlay:ovl_getattr" };
    expect(await countOf(native, { type: "kprobe" }, attach, words)).toBe(300n);
    expect(await countOf(native, { type: "kprobe" }, { ...attach, isReturn: true }, words)).toBe(300n);
  });

  test("not in that module", () => {
    const map = counters(native, 1);
    const elsewhere = { attachTo: getppid, attachModule: "overlay" };
    expect(() => countingProgram(native, { type: "fentry", ...elsewhere, counters: map, pid: 1 })).toThrow(
      `cannot find function "${getppid}" in kernel module "overlay"'s types: ENOENT`,
    );
    map.close();
  });
});
