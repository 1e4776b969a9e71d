/** Scripts that must be accepted, with the types that their globals must be found to have. */
import { check, globalTypes, summary } from "./fixture.js";

const ACCEPTED: readonly (readonly [text: string, globals: Record<string, string>])[] = [
  [
    `global progs
     probe syscall.gettimeofday.return { progs[execname()]++ }
     probe timer.s(5) { exit() }
     probe end {
       log("PROGRAM\\t\\tCOUNT\\tCOUNT/SEC")
       foreach (prog+ in progs) { rate = progs[prog] / 5; if (rate > 1) printf("%s\\t%d\\t%d\\n", prog, progs[prog], rate) }
     }`,
    { progs: "long[string]" },
  ],
  [
    `global last_stat
     probe syscall.*stat.return {
       last_stat[pid()] = argstr
       if (returnstr(1) != "0")
         printf("%s(%d) %s(%s) -> %s\\n", execname(), pid(), probefunc(), last_stat[pid()], returnstr(1))
     }`,
    { last_stat: "string[long]" },
  ],
  [
    `global t, lat
     probe syscall.read { t[tid()] = gettimeofday_ns() }
     probe syscall.read.return { lat[execname()] <<< gettimeofday_ns() - t[tid()]; delete t[tid()] }
     probe end { foreach (p in lat @avg- limit 3) { println(p, " ", @count(lat[p])); print(@hist_log(lat[p])) } }`,
    { t: "long[long]", lat: "statistic[string]" },
  ],
  [`global a, b probe begin { a = b; b = "text" }`, { a: "string", b: "string" }],
  [`global s probe begin { s .= sprint(1) . "x" } probe end { println(s) }`, { s: "string" }],
  [`global x probe begin { f(1) } function f(v) { x[v, "k"] = v ? "yes" : "no" }`, { x: "string[long,string]" }],
  [
    `global x probe begin { x = later() } function later() { return deeper(3) } function deeper(n) { return sprint(n) }`,
    { x: "string" },
  ],
  [
    `global x probe begin { x[fib(5)] = 1 } function fib(n) { if (n < 2) return n; return fib(n - 1) + fib(n - 2) }`,
    { x: "long[long]" },
  ],
  [`global a[100], w%[5] probe begin { a[1] = "x"; w["k"] <<< 1 }`, { a: "string[long]", w: "statistic[string]" }],
  [`global a probe begin { if (["x", *] in a) delete a[*, 5] a["y", 1]++ }`, { a: "long[string,long]" }],
  [
    `global a, m probe begin { foreach (v = [k, l-] in a[*, "x"] limit 3) m = v . k; a["p", "q"] = "r" }`,
    { a: "string[string,string]", m: "string" },
  ],
  [
    `global s probe begin { s <<< 1; foreach (b in @hist_linear(s, 0, 100, 10)) println(@hist_linear(s, 0, 100, 10)[b]) }`,
    { s: "statistic" },
  ],
  [
    `global m probe begin { try { error_free() } catch (why) { m = why } } function error_free() { log("x") }`,
    { m: "string" },
  ],
  [
    `global n probe begin { for (i = 0; i < 10; i++) { if (i == 5) continue; while (n < i) { n++; break } } }`,
    { n: "long" },
  ],
  [`global on = 1 probe syscall.open if (on) { println(name) }`, { on: "long" }],
  [
    `global x probe begin { foreach (x in list) log(x) list["a"] = 1 } global list`,
    { x: "string", list: "long[string]" },
  ],
  [
    `probe syscall.open, syscall.nosuch ? { println(@defined($fd) ? $fd : $nothing) if (@defined($other)) println($other->x) }`,
    {},
  ],
  [`probe syscall.nosuch !, syscall.open !, syscall.bad.thing { name = name . "!"; println(name) }`, {}],
  [
    `function f:string(a:long) { return sprint(a) } probe begin { printd(", ", f(1), 2); printdln("-", 1) println() print_char(65) }`,
    {},
  ],
];

describe("accepted", () => {
  test.each(ACCEPTED)("%s", (text, globals) => {
    const result = check(text, { mode: "script" });
    expect(summary(result)).toEqual([]);
    expect(globalTypes(result)).toEqual(globals);
  });
});
