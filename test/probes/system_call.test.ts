import { isHiddenVariable } from "../../kernel/compiler/catalogue.js";
import { intervals } from "../../kernel/probes/system_call/dispatch.js";
import { callsNamed, callsOfFunction } from "../../kernel/probes/system_call/names.js";
import { systemCallTable } from "../../kernel/probes/system_call/table.js";
import { probeOf, refusalOf, resolve } from "./pattern.js";
import { target } from "./target.js";

const table = systemCallTable("x86_64");
const named = (pattern: string): string[] => callsNamed(pattern, table).map(({ name }) => name);
const ofFunction = (pattern: string): string[] => callsOfFunction(pattern, table).map(({ name }) => name);

describe("names", () => {
  test.each([
    ["read", ["read"]],
    ["stat", ["stat"]],
    ["newfstatat", ["newfstatat"]],
    ["fstatat", ["newfstatat"]],
    ["pread", ["pread64"]],
    ["umount", ["umount2"]],
    ["recv", ["recvfrom"]],
    ["nothing", []],
  ])("syscall.%s", (pattern, expected) => expect(named(pattern)).toEqual(expected));

  test("a pattern means the calls that took a superseded one's place", () => {
    expect(named("*stat")).toEqual(["stat", "fstat", "lstat", "ustat", "newfstatat", "statx", "cachestat"]);
    expect(named("open")).toEqual(["open"]);
    expect(named("open*")).toEqual(["open", "openat", "open_by_handle_at", "open_tree", "openat2", "open_tree_attr"]);
    expect(named("renam?")).toEqual(["rename", "renameat", "renameat2"]);
  });

  test("a pattern that walks the alphabet does not", () => {
    expect(named("f*")).toContain("fstat");
    expect(named("f*")).not.toContain("statx");
    expect(named("f*")).not.toContain("clone");
  });

  test("* is every call, in the order of numbers", () => {
    expect(named("*")).toHaveLength(table.calls.length);
    expect(named("*").slice(0, 4)).toEqual(["read", "write", "open", "close"]);
  });
});

describe("functions of system calls", () => {
  test.each([
    ["sys_gettimeofday", ["gettimeofday"]],
    ["SyS_read", ["read"]],
    ["__x64_sys_newstat", ["stat"]],
    ["__do_sys_clone3", ["clone3"]],
    ["ksys_read", ["read"]],
    ["__arm64_sys_read", ["read"]],
    ["sys_pread*", ["pread64", "preadv", "preadv2"]],
    ["vfs_read", []],
    ["*", []],
    ["do_sys_openat2", []],
  ])("%s", (pattern, expected) => expect(ofFunction(pattern)).toEqual(expected));

  test("kernel.function of a system call is the system call", () => {
    const probe = probeOf('kernel.function("sys_read@fs/read_write.c").return');
    expect(probe).toMatchObject({ kind: "kernel", attach: { kind: "tracepoint", name: "sys_exit" }, isReturn: true });
    expect(probe.variables.has("$return")).toBe(true);
    expect(probe.variables.has("$count")).toBe(true);
  });
});

describe("probe points", () => {
  test.each([
    ["syscall.read", "sys_enter", false],
    ["syscall.read.return", "sys_exit", true],
    ["nd_syscall.openat.return", "sys_exit", true],
    ["tp_syscall.*", "sys_enter", false],
    ["syscall.read.return.maxactive(10)", "sys_exit", true],
    ["syscall_any.return", "sys_exit", true],
  ])("%s attaches to %s", (point, name, isReturn) => {
    expect(probeOf(point)).toMatchObject({ kind: "kernel", attach: { kind: "tracepoint", name }, isReturn });
  });

  test.each([
    ["syscall.opnat", "there is no system call opnat", "did you mean syscall.openat?"],
    ["syscall.zzzzzzzzzzzz", "there is no system call zzzzzzzzzzzz", "syscall.* means all of them"],
    ["syscall.zz*", "no system call fits zz*", undefined],
    ["syscall.read.inline", "a system call has no part called .inline", "only .return may follow"],
    ["syscall", "syscall needs the name of a system call", "write syscall.openat or syscall.*"],
  ])("%s is refused", (point, message, hint) => {
    const refusal = refusalOf(point);
    expect(refusal.message).toBe(message);
    expect(refusal.hint).toBe(hint);
  });

  test("a call that an architecture lacks is refused with what programs use there", () => {
    expect(refusalOf("syscall.open", target({ architecture: "aarch64" }))).toMatchObject({
      message: "aarch64 has no system call open",
      hint: "programs call openat or openat2 in its place",
    });
    expect(resolve("syscall.open*", target({ architecture: "aarch64" }))?.kind).toBe("resolved");
  });
});

describe("where the kernel preempts the programs of typed tracepoints", () => {
  const machine = target({ prefersClassicTracepoints: true });
  const classic = (name: string) => ({ kind: "classic_tracepoint", group: "raw_syscalls", name });
  test.each([
    ["syscall.read", "sys_enter"],
    ["nd_syscall.read.return", "sys_exit"],
    ["tp_syscall.*", "sys_enter"],
    ["syscall_any.return", "sys_exit"],
    ["process.syscall", "sys_enter"],
    ["process.thread.begin", "sys_exit"],
  ])("%s is attached to the classic one", (point, name) => {
    expect(probeOf(point, machine)).toMatchObject({ attach: classic(name) });
  });

  test("and so are the functions of system calls where functions cannot be probed", () => {
    const probe = probeOf('kernel.function("sys_read").return', { ...machine, refusal: () => "not here" });
    expect(probe).toMatchObject({ attach: classic("sys_exit"), entry: { attach: classic("sys_enter") } });
  });
});

describe("variables", () => {
  const variables = (point: string): Record<string, string> =>
    Object.fromEntries(
      [...probeOf(point).variables.values()]
        .filter(({ name }) => !isHiddenVariable(name))
        .map(({ name, type }) => [name, type]),
    );

  test("a call's arguments have the kernel's names and SystemTap's", () => {
    expect(variables("syscall.newfstatat")).toEqual({
      name: "string",
      syscall_nr: "long",
      argstr: "string",
      dfd: "long",
      $dfd: "long",
      filename: "string",
      $filename: "long",
      statbuf: "long",
      $statbuf: "long",
      flag: "long",
      $flag: "long",
      dirfd: "long",
      $dirfd: "long",
      path: "string",
      $path: "long",
      path_uaddr: "long",
      $path_uaddr: "long",
      filename_uaddr: "long",
      $filename_uaddr: "long",
      buf: "long",
      $buf: "long",
      buf_uaddr: "long",
      $buf_uaddr: "long",
      $$parms: "string",
      $$vars: "string",
      $$locals: "string",
      statbuf_uaddr: "long",
      $statbuf_uaddr: "long",
      flags: "long",
      $flags: "long",
    });
  });

  test("a return brings the returned value and the arguments besides", () => {
    expect(variables("syscall.read.return")).toMatchObject({
      retval: "long",
      retstr: "string",
      $return: "long",
      fd: "long",
    });
    expect(variables("syscall.read")).not.toHaveProperty("retval");
  });

  test("several calls bring what all of them have, in whichever place", () => {
    // chdir(filename), openat(dfd, filename, …)
    expect(variables("syscall.{open,openat}".replace("{open,openat}", "open*at"))).not.toHaveProperty("filename");
    expect(variables("syscall.*linkat*")).toHaveProperty("argstr");
    expect(variables("syscall.pread64*")).toMatchObject({ fd: "long", count: "long" });
    expect(variables("syscall.*")).not.toHaveProperty("fd");
  });
});

test("numbers next to each other become one interval", () => {
  expect(intervals([5, 1, 2, 3, 9, 8])).toEqual([
    { first: 1, last: 3 },
    { first: 5, last: 5 },
    { first: 8, last: 9 },
  ]);
});
