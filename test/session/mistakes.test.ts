/** What people write who know another language: one complaint each, whose hint is the way to a right script. */
import { formatDiagnostic, type Diagnostic } from "../../kernel/compiler/diagnostic.js";
import {
  AT_WORDS_ELSEWHERE,
  FUNCTIONS_ELSEWHERE,
  NAMES_ELSEWHERE,
  percentileElsewhere,
} from "../../kernel/compiler/check/habits.js";
import { catalogue } from "../../kernel/session/catalogue.js";
import { Session } from "../../kernel/session/session.js";
import { loadNative } from "../../kernel/tracing/native.js";

const native = loadNative();

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const session = new Session({ native, catalogue, mode: "cell" });
  return session.compile(text, { name: "<cell>" }).diagnostics;
}

test.each([
  // bpftrace
  ["kprobe:vfs_read { @start[tid] = nsecs; }", 'probe kernel.function("vfs_read") {'],
  ["kretprobe:vfs_read { @[comm] = count(); }", 'probe kernel.function("vfs_read").return {'],
  ["fentry:vmlinux:vfs_read { @ = hist(args.count) }", 'probe kernel.function("vfs_read") {'],
  ["tracepoint:sched:sched_switch { @[comm] = count(); }", 'probe kernel.trace("sched:sched_switch") {'],
  ["tracepoint:syscalls:sys_enter_openat /pid == 1/ { }", "probe syscall.openat {"],
  ["tracepoint:syscalls:sys_exit_read { @ = sum(args.ret) }", "probe syscall.read.return {"],
  ["rawtracepoint:sched_switch { }", 'probe kernel.trace("sched_switch") {'],
  ["interval:s:1 { print(@x); clear(@x); }", "probe timer.s(1) {"],
  ["interval:hz:10 { }", "probe timer.hz(10) {"],
  ["profile:hz:99 { @[kstack] = count(); }", "probe timer.profile.freq.hz(99) {"],
  ['uprobe:/bin/bash:readline { printf("%s", str(arg0)); }', 'probe process("/bin/bash").function("readline") {'],
  ["uretprobe:/bin/bash:readline { }", 'probe process("/bin/bash").function("readline").return {'],
  ["usdt:/lib/libc.so.6:libc:setjmp { }", 'probe process("/lib/libc.so.6").mark("setjmp") {'],
  ["software:page-faults:100 { @[comm] = count(); }", "probe perf.sw.page_faults.sample(100) {"],
  ["hardware:cache-misses:1e6 { }", "probe perf.hw.cache_misses.sample(1e6) {"],
  ['BEGIN { printf("hello\\n") }', "probe begin {"],
  ["END { clear(@x) }", "probe end {"],
  ["probe kprobe:vfs_read { @reads++ }", 'probe kernel.function("vfs_read") {'],
  ["probe syscall.read { @reads[comm] = count() }", "`global reads`"],
  ["probe syscall.read { @reads[execname()]++ }", "`reads[key]++`"],
  ["probe syscall.read { @sizes <<< 1 }\nprobe end { print(@sizes) }", "`global sizes`"],
  ["probe syscall.read { @[execname()] = 1 }", "`global counts`"],
  ["probe syscall.read /pid() == 1/ { println(1) }", "if (!(condition)) next"],
  ["probe syscall.read { println(comm) }", "Write `execname()`."],
  ["probe begin { println(nsecs) }", "Write `gettimeofday_ns()`."],
  ["global x; probe begin { x = 1; clear(x) }", "Write `delete x`"],
  ["global s; probe begin { s <<< 1; println(count(s)) }", "read `@count(x)`"],
  ["global s; probe begin { s <<< 1; print(hist(s)) }", "print `@hist_log(x)`"],
  ["global s; probe begin { s <<< 1; println(@p99(s)) }", "Write `@percentile(x, 99)`."],
  ["global s; probe begin { s <<< 1; println(@mean(s)) }", "Write `@avg(x)`."],
  // Functions and variables, one for the other
  ["probe begin { println(pid) }", "write `pid()`"],
  ["probe begin { println(strlen) }", "write `strlen(…)`"],
  ['probe begin { print "hello" }', "write `print(…)`"],
  ["probe syscall.open { println(filename()) }", "`filename` is a variable"],
  // C, awk, shell, Python
  ["probe begin { if (execname() == 'bash') exit() }", '"text"'],
  ["probe begin { for (int i = 0; i < 5; i++) println(i) }", "Just assign to it"],
  ["probe begin { int x = 5; println(x) }", "not declared"],
  ['probe begin { x = 5; println("a" + x + "b") }', "Join strings with `.`"],
  ["x := 5", "`=`"],
  ['probe syscall.open { if (execname() == "bash" || "zsh") exit() }', 'x == "a" || x == "b"'],
  ["probe syscall.open { if (execname() == bash) exit() }", 'Write `"bash"`'],
  ["probe syscall.open { if (execname() =~ bash) exit() }", "in double quotes"],
  ["println(1.5)", "smaller unit"],
  ["syscall.open { println(filename) }", "`probe syscall.open { … }`"],
  ["timer.s(1) { println(1) }", "`probe timer.s(1) { … }`"],
  ['kernel.trace("sched_switch") { exit() }', '`probe kernel.trace("sched_switch") { … }`'],
  ["begin { println(1) }", "`probe begin { … }`"],
  ["global x; probe begin { x[1] = 1; foreach (k in x-) limit 10 { println(k) } }", "in the parentheses"],
  ["global x; probe begin { x[1] <<< 1; foreach (k in @count(x)-) println(k) }", "`foreach (key in array @count-)`"],
  ["def f(x) { return x }", "Did you mean `function`?"],
  ["probe begin { if (pid() == 1 and uid() == 0) println(1) }", "Did you mean `&&`?"],
  ["probe begin { if (not pid()) println(1) }", "Write `!`."],
  ['probe begin { println("a) }', 'Close it with `"`'],
  ["global x; probe begin { x[1][2] = 3 }", "`x[a, b]`"],
  ["global x[]; probe begin { x[1] = 1 }", "Write `global x`."],
  ["global x = {}; probe begin { x[1] = 1 }", "`global x`"],
  ["global x; probe begin { foreach (k, v in x) println(k) }", "`foreach ([k, v] in x)`"],
  ["probe begin { x = pid(); if (x = 5) exit() }", "Compare with `==`."],
  ["global x; probe syscall.read { x << pid() }\nprobe end { println(x + 1) }", "`<<<` records"],
  ['probe begin { println("%d", 5) }', "`printf`"],
  ['probe begin { x = sprint("%5s: ", execname()); println(x) }', "`sprintf`"],
  ["global x; probe begin { x[1] = 2; for (k in x) println(k) }", "`foreach (key in array)`"],
])("%s", (text, hint) => {
  const found = diagnosticsOf(text);
  expect(found.map(formatDiagnostic).join("\n")).toContain(hint);
  expect(found).toHaveLength(1);
  expect(found[0]!.hint).toContain(hint);
});

test.each([
  "probe begin { x = 1 << 2; println(x) }",
  'x = "a" . "b" { println(x) }',
  'a = "a"; b = "b"\nprintln(a . b)\n{ println(a) }',
  "begin = 5; println(begin)",
  "1 << 2",
  "probe begin { if (x = pid()) println(x) }",
  'probe begin { println("100%", " of ", 5); print("%%d", 1); println("%d") }',
  'probe begin { printd("%d", 1, 2) }',
])("nothing is said of %s", (text) => expect(diagnosticsOf(text)).toEqual([]));

test("the rest of a cell is read where a probe of bpftrace is left out", () => {
  const text = "kprobe:a, kprobe:b { if (@x) { @y = 'c' } }\nprobe begin { prnt(1 + }\ninterval:s:1 { }";
  expect(diagnosticsOf(text).map(({ code }) => code)).toEqual([
    "parse/bpftrace-probe",
    "parse/unexpected-token",
    "parse/bpftrace-probe",
  ]);
});

test.each(["x = 1 ? 2 : 3", "t = 1; println(t ? t : 0)", "probe k = begin { }"])(
  "%s is no probe of bpftrace",
  (text) => {
    expect(diagnosticsOf(text).filter(({ severity }) => severity === "error")).toEqual([]);
  },
);

test("hints name functions that exist", () => {
  const known = new Set([
    ...catalogue.functions.map(({ name }) => name),
    ..."print println printf sprint matched while if".split(" "),
  ]);
  const preludeNames = catalogue.prelude.flatMap(({ text }) =>
    [...text.matchAll(/^function (\w+)/gm)].map(([, name]) => name!),
  );
  for (const name of preludeNames) known.add(name);
  const hints = [...NAMES_ELSEWHERE.values(), ...FUNCTIONS_ELSEWHERE.values(), ...AT_WORDS_ELSEWHERE.values()];
  const called = hints.flatMap((hint) => [...hint.matchAll(/(?<![@.])\b(\w+) ?\(/g)].map(([, name]) => name!));
  expect(called.length).toBeGreaterThan(20);
  expect(called.filter((name) => !known.has(name))).toEqual([]);
  expect(percentileElsewhere("p95")).toBe("Write `@percentile(x, 95)`.");
});
