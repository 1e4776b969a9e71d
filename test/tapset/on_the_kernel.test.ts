/** Functions inside probes give what they give outside of them, and what is true of the process. */
import { trace } from "../probes/traced_workload.js";

/** What a handler prints on one system call of the workload. */
async function printedBy(statements: string): Promise<{ printed: string; failures: readonly string[]; pid: number }> {
  return trace(
    `probe syscall.getppid { if (pid() == target()) { ${statements} } }`,
    "syscalls getppid --count 1 --name worker",
  );
}

test("who is asking", async () => {
  const { printed, pid } = await printedBy(`
    printdln(" ", pid(), tid(), ppid(), target(), execname(), pp(), uid(), gid(), euid(), egid())
    t = task_current()
    printdln(" ", task_pid(t), task_tid(t), task_execname(t), task_pid(task_parent(t)), task_uid(t), task_euid(t))`);
  const [user, group] = [process.getuid?.(), process.getgid?.()];
  const [effectiveUser, effectiveGroup] = [process.geteuid?.(), process.getegid?.()];
  expect(printed).toBe(
    `${pid} ${pid} ${process.pid} ${pid} worker syscall.getppid ${user} ${group} ${effectiveUser} ${effectiveGroup}\n` +
      `${pid} ${pid} worker ${process.pid} ${user} ${effectiveUser}\n`,
  );
});

test("a short name is one key, whichever longer ones were seen before it on a CPU", async () => {
  const { printed } = await trace(
    `global calls
    probe syscall_any { calls[execname()]++ }
    probe end { foreach (name in calls) if (name == "ab" || name =~ "^ab$") printf("%s %d\\n", name, calls[name] >= 4000) }`,
    "syscalls getppid --count 4000 --name ab",
  );
  expect(printed).toBe("ab 1\n");
});

test("metrics are counted in probes and outside of them, where a script can read them", async () => {
  const { printed } = await trace(
    `probe syscall.getppid { if (pid() == target()) cve_count_metric("hit") }
    probe begin { cve_count_metric("begun"); cve_record_metric("level", 3); cve_record_metric("level", 7) }
    probe end { foreach (metric+ in cve_metrics) printf("%s=%d ", metric, cve_metrics[metric]) }`,
    "syscalls getppid --count 321 --name ab",
  );
  expect(printed).toBe("begun=1 hit=321 level=7 ");
});

test("the time of day agrees with this process's clock", async () => {
  const before = Date.now();
  const { printed } = await printedBy(
    'printdln(" ", gettimeofday_s(), gettimeofday_ms(), gettimeofday_us(), gettimeofday_ns())',
  );
  const after = Date.now();
  const [s = 0n, ms = 0n, us = 0n, ns = 0n] = printed.split(" ").map(BigInt);
  // Each clock is read anew, and a millisecond is how far the two clocks are told apart.
  expect(Number(ms)).toBeGreaterThanOrEqual(before - 1);
  expect(Number(ms)).toBeLessThanOrEqual(after + 1);
  expect(Number(ms / 1000n - s)).toBeGreaterThanOrEqual(0);
  expect(Number(us / 1000n - ms)).toBeLessThan(1000);
  expect(Number(ns / 1000n - us)).toBeLessThan(1_000_000);
});

test.each<[string, string]>([
  ["ctime(0)", "Thu Jan  1 00:00:00 1970"],
  ["ctime(-1)", "Wed Dec 31 23:59:59 1969"],
  // A leap day every fourth year, also in 2000, and the ends of 32 bits.
  ["ctime(951782400)", "Tue Feb 29 00:00:00 2000"],
  ["ctime(1709251199)", "Thu Feb 29 23:59:59 2024"],
  ["ctime(2147483647)", "Tue Jan 19 03:14:07 2038"],
  ["ctime(-2147483648)", "Fri Dec 13 20:45:52 1901"],
  ["ctime(2147483648)", "conversion error"],
  ["strlen(execname())", "6"],
  ['isinstr(execname(), "ork")', "1"],
  ['isinstr(execname(), "orker!")', "0"],
  ['isinstr(execname(), "")', "1"],
  ['strpos(execname(), "r")', "2"],
  ['strpos(execname(), "x")', "-1"],
  ["substr(execname(), 1, 3)", "ork"],
  ["substr(execname(), 4, 100)", "er"],
  ["substr(execname(), -1, 3)", ""],
  ["substr(execname(), 6, 1)", ""],
  ["stringat(execname(), 0)", "119"],
  ["stringat(execname(), 6)", "0"],
  ["stringat(execname(), 1000)", "0"],
  ['strtol("12abc", 10)', "12"],
  ['strtol("0x1f", 16)', "31"],
  ["strtol(execname(), 10)", "0"],
  ['strtol("-5", 10)', "-5"],
  ["strtol(execname(), 36)", String(Number.parseInt("worker", 36))],
  ['str_replace(execname(), "or", "alk")', "walkker"],
  ['string_quoted(execname() . "\\n")', '"worker\\n"'],
  ['strpos("a worker", execname())', "2"],
  ["errno_str(2)", "ENOENT"],
  ["sprint(errno_p(-1), errno_p(-4095), errno_p(-4096), errno_p(0), errno_p(2))", "11000"],
  ["signal_str(9)", "SIGKILL"],
  ["signal_str(31)", "SIGSYS"],
  ["signal_str(32)", ""],
  ["signal_str(-9)", ""],
  ["errno_str(-2)", "ENOENT"],
  ["errno_str(41)", ""],
  ["errno_str(200)", ""],
  ["errno_str(-512)", "ERESTARTSYS"],
  ["errno_str(5000)", ""],
  ["htonl(0x0a0b0c0d)", String(0x0d0c0b0a)],
  ["htons(0x1234)", String(0x3412)],
  ["MAJOR(0x800001)", "8"],
  ["MINOR(0x800001)", "1"],
  ["MKDEV(8, 1)", String(0x800001)],
  ["MAJOR(usrdev2kerndev(0x801))", "8"],
  ["randint(1)", "0"],
  ["local_clock_ns() > 0 && cpu_clock_s(0) > 0 && jiffies() > 0", "1"],
])("%s is %s", async (expression, expected) => {
  const { printed } = await printedBy(`println(${expression})`);
  expect(printed).toBe(`${expected}\n`);
});

test("the time zone is that of the start", async () => {
  const timeZone = { secondsWestOfUtc: 12_600n, name: "NST" };
  const { printed } = await trace(
    `probe syscall.getppid {
      if (pid() != target()) next
      println(tz_ctime(0), "|", tz_ctime(1709260199), "|", tz_ctime(-2147483648), "|", tz_name(), tz_gmtoff())
    }`,
    "syscalls getppid --count 1",
    { timeZone },
  );
  expect(printed).toBe("Wed Dec 31 20:30:00 1969 NST|Thu Feb 29 22:59:59 2024 NST|conversion error|NST12600\n");
});

test("printing and failing", async () => {
  const { printed, failures } = await printedBy(
    'log("one"); warn("two"); printk(6, "three"); assert(1); assert(0, "four")',
  );
  expect(printed).toBe("one\nWARNING: two\nthree\n");
  expect(failures).toEqual(["four"]);
});

test("what stands in for memory that cannot be read", async () => {
  const { printed, failures } = await trace(
    `probe syscall.newfstatat {
      if (pid() == target()) {
        a = filename_uaddr
        println(user_string(a, "lost") . user_string2(a, "lost") . user_string_n(a, 4, "lost") . user_string_n2(a, 1, "lost"))
        println(user_string(16, "lost") . user_string2(16, "l" . "ost") . user_string_n(16, 4, "lost") . user_string_n2(16, 1, execname()))
        println(kernel_string(16, "none") . kernel_string2(16, "") . kernel_string_n(16, 5, "|"))
        println(user_string_n_quoted(a, 4) . user_string_n_quoted(a, 100, 9) . user_string_n_quoted(16, 4) . kernel_string_quoted(-1))
        println(user_string_warn(a) . user_string_warn(16) . user_string_n_warn(17, 3), user_int_warn(18), user_ushort(a))
      }
    }`,
    "stat --missing 0 --existing 1 --path /etc/passwd --name worker",
  );
  expect(failures).toEqual([]);
  expect(printed.split("\n").toSorted()).toEqual(
    [
      "/etc/passwd/etc/passwd/etc/",
      "lostlostlostworker",
      "none|",
      // Of nine bytes two are quotes and three dots.
      '"/etc""/etc"...0x100xffffffffffffffff',
      "/etc/passwd<unknown><unknown>025903",
      "WARNING: user string copy fault -14 at 0x10",
      "WARNING: user string copy fault -14 at 0x11",
      "WARNING: user int copy fault -14 at 0x12",
      "",
    ].toSorted(),
  );
});

test("memory of the process, and faults as errors that can be caught", async () => {
  const { printed } = await trace(
    `probe syscall.newfstatat {
      if (pid() == target()) {
        printdln("|", user_string(filename_uaddr), user_string_n(filename_uaddr, 4), user_string_n(filename_uaddr, dfd + 102))
        printdln("|", user_char(filename_uaddr), user_uint16(filename_uaddr), user_string_quoted(filename_uaddr), user_string_quoted(16))
        printdln("|", user_string(16, ""), "")
        try { user_string(16) } catch (text) { println(text) }
        try { user_long(32) } catch (text) { println(text) }
        try { kernel_int(-4096) } catch (text) { println(text) }
      }
    }`,
    "stat --missing 0 --existing 1 --path /etc/passwd",
  );
  expect(printed).toBe(
    [
      "/etc/passwd|/etc|/e",
      // '/' and, little-endian, "/e"
      '47|25903|"/etc/passwd"|0x10',
      "|",
      "user string copy fault -14 at 0x10",
      "user long copy fault -14 at 0x20",
      "kernel int copy fault -14 at 0xfffffffffffff000",
      "",
    ].join("\n"),
  );
});

test("indentation follows the calls of a thread", async () => {
  const { printed, pid } = await printedBy(
    'println(thread_indent(1), "a"); println(thread_indent(1), "b"); println(thread_indent(-1), "b"); println(thread_indent(-1), "a")',
  );
  const head = `worker(${pid}):`;
  expect(printed.replace(/^ *\d+ /gm, "")).toBe(`${head}a\n${head} b\n${head} b\n${head}a\n`);
  for (const line of printed.trimEnd().split("\n")) expect(line).toMatch(/^[ \d]{5}\d worker/);
});

test("returned values", async () => {
  const { printed } = await trace(
    'probe syscall.close.return { if (pid() == target()) { printdln(" ", returnval(), returnstr(1), returnstr(2)); exit() } }',
    "syscalls close --count 1",
  );
  expect(printed).toBe("-9 -9 (EBADF) -9 (EBADF)\n");
});

test("what has no meaning at a point is refused by name", async () => {
  await expect(printedBy("println(returnval())")).rejects.toThrow(/returnval\(\) has no meaning here/);
  await expect(trace("probe timer.profile { println(probefunc()) }", "syscalls getppid --count 1")).rejects.toThrow(
    /probefunc\(\) is known only for system calls/,
  );
  await expect(printedBy('system("true")')).rejects.toThrow(/a probe in the kernel cannot start a process/);
});
