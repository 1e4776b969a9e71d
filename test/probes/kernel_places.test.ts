/** Instructions, memory, counters, hooks: what each point is attached to, and what is said of those that cannot be. */
import type { Target } from "../../kernel/compiler/catalogue.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { functionsOf, typesOf } from "./kernel_types.js";
import { probeOf, refusalOf } from "./pattern.js";
import { target } from "./target.js";
import { diagnosticsOf, trace } from "./traced_workload.js";

const types = typesOf({
  vfs_read: ["int", ["file", "file"], ["count", "size"]],
  bpf_lsm_file_open: ["int", ["file", "file"]],
  security_file_open: ["int", ["file", "file"]],
});

function machine(refused: readonly string[] = [], changes: Partial<Target> = {}): Target {
  return target({
    dataTypes: () => types,
    functions: functionsOf(types),
    refusal: ({ kind }) => (refused.includes(kind) ? `${kind} is refused by the test` : null),
    kernelSymbol: (name) => (name === "jiffies" ? 0xffff_ffff_8000_1004n : null),
    ...changes,
  });
}

function attachOf(point: string, on = machine()) {
  const probe = probeOf(point, on);
  return probe.kind === "kernel" ? probe.attach : null;
}

const kprobe = { kind: "kprobe", isReturn: false, maxActive: null };
const clock = { kind: "perf", type: 1, config: 0n, pid: null };

test.each([
  ['kernel.statement("vfs_read+12")', { ...kprobe, functions: ["vfs_read"], offset: 12n }],
  ['kernel.statement("vfs_read+0x1f")', { ...kprobe, functions: ["vfs_read"], offset: 31n }],
  ["kernel.statement(4096).absolute", { ...kprobe, functions: ["0x1000"], offset: 0n }],
  // As many bytes as the place of the symbol allows.
  ['kernel.data("jiffies").write', { kind: "breakpoint", address: 0xffff_ffff_8000_1004n, length: 4, access: "write" }],
  ["kernel.data(4099).rw", { kind: "breakpoint", address: 4099n, length: 1, access: "read_write" }],
  [
    "kernel.data(4096).length(8).rw",
    { kind: "breakpoint", address: 4096n, length: 8, access: "read_write", pid: null },
  ],
  ["perf.type(1).config(0)", { ...clock, sampling: { kind: "period", events: 1_000_000n } }],
  ["perf.sw.cpu_clock.sample(77)", { ...clock, sampling: { kind: "period", events: 77n } }],
  ["perf.sw.cpu_clock.hz(99)", { ...clock, sampling: { kind: "frequency", hertz: 99 } }],
  // Cache 2 (LL), operation 1 (write), result 1 (miss), in bytes of one number: linux/perf_event.h.
  ["perf.hw_cache.ll.write.miss.sample(5)", { kind: "perf", type: 3, config: 0x1_01_02n }],
  ["perf.hw.branch_misses.hz(5)", { kind: "perf", type: 0, config: 5n }],
  ['netfilter.hook("NF_INET_FORWARD").pf("NFPROTO_IPV6")', { kind: "netfilter", protocolFamily: 10, hook: 2 }],
  ['netfilter.pf("PF_INET").hook("NF_IP_LOCAL_OUT")', { protocolFamily: 2, hook: 3, priority: -1 }],
  ['netfilter.hook("NF_INET_LOCAL_IN").pf("NFPROTO_IPV4").priority(7)', { hook: 1, priority: 7 }],
  ["netfilter.ipv4.pre_routing", { protocolFamily: 2, hook: 0 }],
  ['kernel.lsm("file_open")', { kind: "lsm", hook: "file_open" }],
  ["lsm.file_open", { kind: "lsm", hook: "file_open" }],
])("%s", (point, attach) => expect(attachOf(point)).toMatchObject(attach));

test("a process's own counter", () => {
  expect(attachOf("perf.sw.cpu_clock.process", machine([], { targetPid: 77 }))).toMatchObject({ pid: 77 });
  expect(refusalOf("perf.sw.cpu_clock.process", machine()).message).toMatch(/-x.*-c/);
});

test("a hook that takes no program is observed where the kernel asks it", () => {
  expect(attachOf("lsm.file_open", machine(["lsm"]))).toMatchObject({ kind: "fentry", function: "security_file_open" });
});

const every = ["lsm", "fentry", "fexit", "kprobe", "kretprobe", "kprobe_multi", "perf", "breakpoint", "netfilter"];

test.each([
  ['kernel.statement("vfs_read+12")', "kprobe is refused by the test"],
  ['kernel.data("jiffies").write', "breakpoint is refused by the test"],
  ["perf.hw.cpu_cycles", "perf is refused by the test"],
  ["timer.profile", "perf is refused by the test"],
  ["lsm.file_open", "lsm is refused by the test"],
  ["netfilter.ipv4.local_in", "netfilter is refused by the test"],
])("%s tells what the kernel answered", (point, answer) => {
  expect(refusalOf(point, machine(every)).message).toContain(answer);
});

test.each([
  ['kernel.statement("vfs_raed+1")', /no function vfs_raed/],
  ['kernel.statement("vfs_read@fs/read_write.c:5")', /debug information/],
  ['kernel.statement("vfs_read").nearest', /debug information/],
  ['kernel.statement("vfs_read+9999999")', /beyond the end/],
  ['kernel.data("nothing").write', /no address of nothing/],
  ["timer.profile.freq(0)", /timer\.profile\.freq\(0\) would never pass/],
  ['kernel.data("jiffies")', /\.write or \.rw/],
  ['kernel.data("jiffies").length(3).write', /1, 2, 4 or 8/],
  ['kernel.data("jiffies").length(8).write', /a multiple of 8/],
  ["perf.sw.cpu_clcok", /no counter that has a name/],
  ["perf.type(1)", /needs \.config/],
  ["perf.sw.cpu_clock.hz(0)", /from 1 to 100000/],
  ['netfilter.hook("NF_INET_LOCAL_IN").pf("NFPROTO_ARP")', /NFPROTO_IPV4 and NFPROTO_IPV6 only/],
  ['netfilter.hook("NF_INET_SIDEWAYS").pf("NFPROTO_IPV4")', /SIDEWAYS is no hook/],
  ["lsm.file_opne", /no security hook file_opne/],
])("%s is refused", (point, message) => expect(refusalOf(point, machine()).message).toMatch(message));

test("a misspelt start of a point is put right, and the rest kept", () => {
  const session = new Session({ native: loadNative(), catalogue, mode: "script" });
  const hintOf = (point: string): string | undefined =>
    session.compile(`probe ${point} {}`, { name: "test.stp" }).diagnostics[0]?.hint;
  try {
    expect(hintOf("sycall.read.return")).toBe("Did you mean `syscall.read.return`?");
    expect(hintOf("tiemr.s")).toBe("Did you mean `timer.s`?");
    expect(hintOf("nothing.alike")).toBe("Check the name; completion lists what there is.");
  } finally {
    session.close();
  }
});

test("a misspelt part of a program's point is put right", () => {
  expect(refusalOf('process("x").functoin("main")').hint).toBe("did you mean .function?");
  expect(refusalOf('process("x").thread.middle').hint).toContain(".thread.begin, .thread.end");
});

test("a packet belongs to no process", () => {
  const script = "probe netfilter.ipv4.local_in { println(execname()) }";
  expect(diagnosticsOf(script, { refusal: () => null })).toEqual([
    expect.stringContaining("a packet belongs to no process"),
  ]);
});

test("a point that is refused is all that is said, whatever its body does with globals", () => {
  const script = `global hits, names
    probe perf.type(99).config(0) { hits++; names[execname()] = 1 }
    probe end { println(hits) }`;
  expect(diagnosticsOf(script)).toEqual([expect.stringContaining("perf.type(99).config(0): this machine has no such")]);
});

test("a script runs without the optional probes that this machine has not, also where they alone fill its globals", async () => {
  const script = `global count, names, sizes, unread
    probe perf.type(99).config(0) ? { count++; names[execname(), 5] = "x"; sizes <<< 7; unread = 1 }
    probe end {
      foreach ([name, number] in names) println(name, number, names[name, number])
      printf("%d %d %d\\n", count, @count(sizes), "x" in unread_names)
      foreach (key in unread_names) println(key)
    }
    global unread_names
    probe perf.type(99).config(1) ? { unread_names["x"] = execname() }`;
  expect(diagnosticsOf(script)).toEqual([]);
  expect((await trace(script, "syscalls getppid --count 1")).printed).toBe("0 0 0\n");
});

test("a refusal tells at which step and with which answer, and nothing of what it was tried with", () => {
  const [message] = diagnosticsOf("probe perf.type(99).config(0) {}");
  expect(message).toMatch(/^perf\.type\(99\)\.config\(0\): .*: attaching is refused: E[A-Z]+ \([A-Z][a-z ]+\)$/);
});
