/** Probes and their variables on the running kernel, against a process of which every system call is known. */
import { exactPrograms, trace } from "./traced_workload.js";

const STAT = "stat --missing 2 --existing 1 --path /etc/passwd";
const isX86 = process.arch === "x64";

/** Addresses differ from run to run. */
function withoutAddresses(text: string): string {
  return text.replace(/0x[0-9a-f]{9,}/g, "ADDRESS");
}

describe.each(exactPrograms())("%s", (program) => {
  test("name, argstr, retval and retstr of each call, in order", async () => {
    const script = `probe syscall.{newfstatat,statx}.return, syscall.stat.return ? {
      if (pid() == target()) printf("%s(%s) = %d, %s\\n", name, argstr, retval, retstr)
    }`;
    const { printed, failures } = await trace(script, STAT, program);
    const lines = (path: string, result: string) => [
      `newfstatat(AT_FDCWD, "${path}", ADDRESS, 0x0) = ${result}`,
      `statx(AT_FDCWD, "${path}", 0x0, 0x7ff, ADDRESS) = ${result}`,
      ...(isX86 ? [`stat("${path}", ADDRESS) = ${result}`] : []),
    ];
    const missing = lines("/etc/passwd.missing", "-2, -2 (ENOENT)");
    expect(withoutAddresses(printed)).toBe([...missing, ...missing, ...lines("/etc/passwd", "0, 0"), ""].join("\n"));
    expect(failures).toEqual([]);
  });

  test("a pattern counts every stat, under its own name", async () => {
    const script = `global calls, functions
      probe syscall.*stat { if (pid() == target()) { calls[name]++; functions[probefunc()]++ } }
      probe end {
        foreach (n+ in calls) printf("%s %d\\n", n, calls[n])
        foreach (f+ in functions) println(f)
      }`;
    const { printed } = await trace(script, STAT, program);
    const [x86, arm] = ["newfstatat 3\nstat 3\nstatx 3\n", "newfstatat 3\nstatx 3\n"];
    const prefix = isX86 ? "__x64_sys_" : "__arm64_sys_";
    const functions = isX86 ? ["newfstatat", "newstat", "statx"] : ["newfstatat", "statx"];
    expect(printed).toBe((isX86 ? x86 : arm) + functions.map((name) => `${prefix}${name}\n`).join(""));
  });

  test("arguments under the kernel's and SystemTap's names, at the entry and at the return", async () => {
    const script = `
      probe syscall.newfstatat { if (pid() == target()) printf("%s %s %d %d %d\\n", filename, path, dfd, dirfd, $flag) }
      probe nd_syscall.newfstatat.return { if (pid() == target()) printf("%s %d\\n", path, path_uaddr == $filename) }`;
    const { printed } = await trace(script, "stat --missing 0 --existing 1 --path /etc/passwd", program);
    expect(printed).toBe("/etc/passwd /etc/passwd -100 -100 0\n/etc/passwd 1\n");
  });

  test("the functions of system calls are the system calls", async () => {
    const script = `global calls
      probe kernel.function("sys_getppid"), kernel.function("SyS_sched_yield").call,
            kernel.function("sys_gettimeofday@kernel/time.c").return {
        if (pid() == target()) calls[ppfunc()]++
      }
      probe end { foreach (f+ in calls) printf("%s %d\\n", f, calls[f]) }`;
    const { printed } = await trace(script, "syscalls getppid gettimeofday sched_yield --count 7", program);
    const prefix = isX86 ? "__x64_sys_" : "__arm64_sys_";
    expect(printed).toBe(`${prefix}getppid 7\n${prefix}gettimeofday 7\n${prefix}sched_yield 7\n`);
  });

  test("every call at once, with arguments as text", async () => {
    const script = `global seen
      probe syscall.*.return { if (pid() == target()) seen[name . "(" . argstr . ") = " . retstr]++ }
      probe end { foreach (s in seen) printf("%s %d\\n", s, seen[s]) }`;
    const { printed } = await trace(script, "syscalls getppid lseek openat close --count 3", program);
    const lines = printed.split("\n");
    expect(lines.some((line) => /^getppid\(\) = \d+ 3$/.test(line))).toBe(true);
    expect(lines.some((line) => /^lseek\(\d+, -?\d+, \d+\) = \d+ 3$/.test(line))).toBe(true);
    expect(lines.some((line) => /^openat\(AT_FDCWD, "[^"]+", 0x[0-9a-f]+, 00\) = \d+ 3$/.test(line))).toBe(true);
    expect(lines.some((line) => /^close\(-1\) = -9 \(EBADF\) \d+$/.test(line))).toBe(true);
  });
});

test("a tracepoint's arguments are its words", async () => {
  const script = `global ids
    probe kernel.trace("raw_syscalls:sys_enter") { if (pid() == target()) ids[$arg2]++ }
    probe end { foreach (id+ in ids) printf("%d %d\\n", id, ids[id]) }`;
  const { printed } = await trace(script, "syscalls getppid --count 5");
  expect(printed).toMatch(isX86 ? /^110 5$/m : /^173 5$/m);
});

test("profiling finds the process that is busy", async () => {
  const script = `global samples
    probe timer.profile.freq.hz(199) { if (pid() == target()) samples <<< 1 }
    probe end { println(@count(samples)) }`;
  const { printed } = await trace(script, "busy --seconds 0.5");
  // 99 in half a second that has the processor to itself; other work may take most of it, and no sample comes twice.
  expect(Number(printed)).toBeGreaterThan(5);
  expect(Number(printed)).toBeLessThan(110);
});
