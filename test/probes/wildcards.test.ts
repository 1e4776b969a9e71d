/** Wildcards in the components of points: which points of the families they stand for. */
import { resolvePoints } from "../../kernel/compiler/check/points.js";
import { Diagnostics } from "../../kernel/compiler/diagnostic.js";
import { parseScript } from "../../kernel/compiler/syntax/parse.js";
import { families } from "../../kernel/probes/index.js";
import { options } from "../compiler/syntax/fixture.js";
import { target } from "./target.js";

/** Kernel functions cannot be probed on it, and it has no hardware counters. */
const machine = target({
  kernelRelease: "6.18.0",
  hasTracepoint: () => true,
  tracepointGroups: () => new Map([["sched", ["sched_switch", "sched_wakeup", "sched_wakeup_new"]]]),
  refusal: (trial) => (/^(f|kprobe)/.test(trial.kind) || (trial.kind === "perf" && trial.type === 0) ? "no" : null),
});

function expand(point: string): { points: readonly string[]; complaints: readonly string[]; hints: readonly string[] } {
  const diagnostics = new Diagnostics();
  const { script } = parseScript({ name: "test", text: `probe ${point} { }` }, { ...options, mode: "script" });
  const [item] = script.items;
  if (item?.kind !== "probe") throw new Error(`${point} is no point`);
  const catalogue = { functions: [], families, prelude: [] };
  const found = resolvePoints({ aliases: [], catalogue, target: machine, diagnostics }, item.points);
  return {
    points: found.map((each) => each.point).toSorted(),
    complaints: diagnostics.list.map(({ message }) => message),
    hints: diagnostics.list.map(({ hint }) => hint ?? ""),
  };
}

test.each<[string, readonly string[]]>([
  ["beg*", ["begin"]],
  ["e*", ["end", "error"]],
  ["timer.*", ["timer.profile"]],
  ["timer.**", ["timer.profile"]],
  ["input.**", ["input.char", "input.line"]],
  ["**.line", ["input.line"]],
  ["syscall.read**", ["syscall.read*", "syscall.read*.return"]],
  ["syscall.**", ["syscall.*", "syscall.*.return"]],
  ["sys**mkdirat", ["syscall.*mkdirat"]],
  ["*_syscall.getppid", ["nd_syscall.getppid", "tp_syscall.getppid"]],
  ["perf.*.page_faults", ["perf.sw.page_faults"]],
  ["perf.sw.*faults", ["perf.sw.alignment_faults", "perf.sw.emulation_faults", "perf.sw.page_faults"]],
  [
    "perf.hw_cache.*.prefetch.miss",
    ["bpu", "dtlb", "itlb", "l1d", "l1i", "ll", "node"].map((cache) => `perf.hw_cache.${cache}.prefetch.miss`),
  ],
  ["netfilter.*.local_in", ["netfilter.ipv4.local_in", "netfilter.ipv6.local_in"]],
  ["process(1).**begin", ["process(1).begin", "process(1).thread.begin"]],
  ["process(1).sys**", ["process(1).syscall", "process(1).syscall.return"]],
  ["process(1).s*", ["process(1).syscall"]],
  [
    'kernel.function("sys_read").*',
    ["call", "exported", "return"].map((part) => `kernel.function("sys_read").${part}`),
  ],
  ['kernel.trace("sched:sched_w**")', ['kernel.trace("sched_wakeup")', 'kernel.trace("sched_wakeup_new")']],
])("%s", (point, expected) => expect(expand(point)).toEqual({ points: expected, complaints: [], hints: [] }));

test("each of them must resolve, but for `?`", () => {
  expect(expand("perf.**.cpu_c*")).toMatchObject({
    points: ["perf.sw.cpu_clock"],
    complaints: ["perf.hw.cpu_cycles: this machine has no such counter: no"],
  });
  expect(expand("perf.**.cpu_c* ?")).toMatchObject({ points: ["perf.sw.cpu_clock"], complaints: [] });
});

test("a wildcard stands for no argument, which the hint says", () => {
  expect(expand("timer.m*")).toEqual({
    points: [],
    complaints: ["timer.m* is not known; units are s, sec, ms, msec, us, usec, ns, nsec, jiffies, hz"],
    hints: [""],
  });
  const { complaints, hints } = expand("kernel.f**");
  expect(complaints).toEqual(["no probe point fits `kernel.f**`"]);
  expect(hints[0]).toContain('write it, as in kernel.function("NAME")');
  expect(expand("nothing**").complaints).toEqual(["no probe point fits `nothing**`"]);
});

test("many stars in a row are no more than two", () => {
  expect(expand("input.****").points).toEqual(["input.char", "input.line"]);
  expect(expand("**i**n**e**").points).toContain("input.line");
});
