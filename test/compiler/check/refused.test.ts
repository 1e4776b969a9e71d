/** Mistakes, each with the code and the place of what must be said, and nothing more than that. */
import { check, summary } from "./fixture.js";

/** `|` marks the place that is blamed. */
const REFUSED: readonly (readonly [code: string, marked: string])[] = [
  // Names.
  ["name/never-assigned", `println(|cuont)`],
  ["call/no-such-function", `|exicname()`],
  ["call/argument-count", `println(|strlen())`],
  ["array/not-global", `probe begin { |a[1] = 2 }`],
  ["array/not-global", `probe begin { if (1 in |a) exit() }`],
  ["array/not-global", `probe begin { foreach (k in |a) println(k + 0) }`],
  ["statistic/not-global", `probe begin { |s <<< 1 }`],
  ["statistic/not-global", `println(@count(|s))`],
  ["delete/not-global", `x = 1 delete |x`],
  ["name/no-such-target", `probe syscall.open { println(|$nothing) }`],
  ["name/target-outside-probe", `function f() { return |$fd } probe begin { println(f() + 1) }`],
  // Types.
  ["type/conflict", `println(1 + |"a")`],
  ["type/conflict", `println("a" . |1)`],
  ["type/conflict", `println("a" == |1)`],
  ["type/conflict", `println(1 ? "a" : |2)`],
  ["type/conflict", `x = "a" x = |1 println(x)`],
  ["type/conflict", `global a probe begin { a["k"] = 1; a[|2] = 1; a[3] = 1 }`],
  ["type/conflict", `global a probe begin { a["k"] = 1; a["l"] = |"x" }`],
  ["type/conflict", `function f(n) { return n + 1 } probe begin { f(|"x") }`],
  ["type/conflict", `function f() { if (1) return 1; return |"x" } probe begin { f() }`],
  ["type/conflict", `strlen(|1)`],
  ["type/conflict", `global s probe begin { s <<< 1; println(|s) }`],
  ["type/conflict", `global s probe begin { s[1] <<< 1; x = |s[1]; }`],
  ["type/conflict", `global s probe begin { s <<< 1; |s = 2 }`],
  ["type/conflict", `global s probe begin { s[1] <<< 1; foreach (|v = k in s) println(v + k) }`],
  ["type/conflict", `global a probe begin { a[1] = 2; foreach (k in |a @sum-) println(k) }`],
  ["type/conflict", `try { exit() } catch (why) { println(why + |why) }`.replace("why + |why", "|why + 1")],
  ["type/conflict", `probe syscall.open { println(|name + 1) }`],
  ["type/conflict", `if (|"x") exit()`],
  ["type/unknown", `global x probe begin { println(|x) }`],
  ["type/unknown", `global a probe begin { foreach (k in |a) println(k + 0) }`],
  ["call/no-value", `x = |exit()`],
  ["call/no-value", `x = |print("a")`],
  ["call/no-value", `function f() { exit() } probe begin { x = |f() }`],
  // Arrays and statistics.
  ["array/no-key", `global a probe begin { a[1] = 2; println(|a) }`],
  ["array/not-array", `global a = 1 probe begin { println(|a[1]) }`],
  ["array/key-count", `global a probe begin { a[1] = 2; println(|a[1, 2]) }`],
  ["array/key-count", `global a probe begin { a[1, 2] = 2; foreach (k in |a) println(k) }`],
  ["array/wildcard", `global a probe begin { a[1] = 1; println(|a[*]) }`],
  ["assignment/target-variable", `probe syscall.open { |$fd->member = 2 }`],
  ["assignment/target-variable", `probe syscall.open { |$fd = 2 }`],
  ["statistic/histogram-value", `global s probe begin { s <<< 1; x = |@hist_log(s) }`],
  ["statistic/linear", `global s probe begin { s <<< 1; print(@hist_linear(s, 0, 10, |0)) }`],
  ["statistic/linear", `global s probe begin { s <<< 1; print(@hist_linear(s, 10, |0, 1)) }`],
  // 0, 1, …, 126 are 127 buckets, one more than there is room for.
  ["statistic/linear", `global s probe begin { s <<< 1; print(|@hist_linear(s, 0, 126, 1)) }`],
  ["statistic/parameter", `global s probe begin { s <<< 1; println(@variance(s, |63)) }`],
  ["statistic/parameter", `global s probe begin { s <<< 1; println(@percentile(s, |101)) }`],
  ["name/no-such-macro", `global s probe begin { s <<< 1; println(|@cuont(s)) }`],
  ["name/probewrite", `x = |@probewrite(y)`],
  ["name/probewrite", `probe syscall.read { x = |@probewrite(y, z) }`],
  ["global/declared-twice", `global a = 1 global |a = 2`],
  ["global/initialised-array", `global a[10] = |1 probe begin { a[1] = 1 }`],
  // Printing.
  ["type/conflict", `printf("%d and |%s\\n", 1, 2)`],
  ["type/conflict", `printf("ä\\t\\x41|%d", "x")`],
  ["type/conflict", `printf("%%|%*d", "w", 2)`],
  ["print/argument-count", `printf("%d |%d", 1)`],
  ["print/argument-count", `printf("%d", 1, |2)`],
  ["print/format", `printf("x |%+-d", 1)`],
  ["print/format-literal", `f = "%d" printf(|f, 1)`],
  ["print/delimiter-literal", `printd(|1, 2)`],
  ["print/histogram", `global s probe begin { s <<< 1; print("a", |@hist_log(s)) }`],
  ["print/too-many", `print(${"1, ".repeat(32)}|33)`],
  ["print/nothing", `|print()`],
  // Statements.
  ["statement/outside-loop", `|break`],
  ["statement/outside-loop", `function f() { |continue } probe begin { while (1) f() }`],
  ["statement/outside-function", `probe begin { |return 1 }`],
  ["foreach/written", `global a probe begin { a[1] = 1; foreach (k in a) |a[k] = 2 }`],
  [
    "foreach/written",
    `global a probe begin { a[1] = 1; foreach (k in a) { if (k) delete |a[k] } }`.replace(
      "delete |a[k]",
      "|delete a[k]",
    ),
  ],
  [
    "foreach/written",
    `global a function g() { a[1] = 1 } function f() { g() } probe begin { foreach (k in a) { println(k) |f() } }`,
  ],
  // Probe points.
  ["probe/no-such", `probe |bigin { exit() }`],
  ["probe/refused", `probe |syscall.nosuch { exit() }`],
  ["probe/recursive-alias", `probe a = b { } probe b = a { } probe |a { exit() }`],
  ["point/condition", `global x = 1 probe syscall.open if (x == |y) { exit() }`],
  ["point/condition", `global x = 1 probe syscall.open if (|x = 2) { exit() }`],
  ["point/condition", `probe syscall.open if (|pid() == 2) { exit() }`],
  // Where a function may run.
  ["call/not-in-kernel", `probe syscall.open { println(|ctime(1)) }`],
  [
    "call/not-in-kernel",
    `function f() { return g() } function g() { return ctime(1) } probe syscall.open { println(|f()) }`,
  ],
  ["call/not-in-user-space", `probe end { println(|probefunc()) }`],
  ["call/not-in-user-space", `println(|probefunc())`],
  // What is not there yet.
  ["target/entry-outside-return", `probe syscall.open { println(@entry(|$fd)) }`],
  ["data/untyped", `probe syscall.open { println(|$fd->member) }`],
  ["unsupported/embedded-code", `function f() |%{ %} probe begin { f() }`],
  ["unsupported/embedded-code", `|%{ #include <x> %}`],
];

describe("refused", () => {
  test.each(REFUSED)("%s: %s", (code, marked) => {
    const offset = marked.indexOf("|");
    const result = check(marked.slice(0, offset) + marked.slice(offset + 1));
    expect(summary(result)).toEqual([`error ${code} 1:${offset + 1}`]);
    expect(result.diagnostics[0]?.hint).toMatch(/[.?]$/);
    expect(result.program.handlers).toEqual([]);
  });

  test("several mistakes are all reported, each once and in the order of the text", () => {
    const text = `global s
probe begin { s <<< "a"; println(nothing) }
probe bigin { }
probe syscall.open { foreach (k in s) { s[k] = 1 } }
function f() { return unknown(1) }`;
    expect(summary(check(text))).toEqual([
      "error type/conflict 2:21",
      "error name/never-assigned 2:34",
      "error probe/no-such 3:7",
      "error array/not-array 4:36",
      "error call/no-such-function 5:23",
    ]);
  });

  test("an array that was forgotten to be declared is said once, however often it is used, and each other name as well", () => {
    const text = `probe begin { a[1]++; println(a[2]); if (3 in a) delete a[3]; s[1] <<< 2; println(@count(s[1]), @sum(s[1])) }
probe end { foreach (k in a) println(k, a[k]) }`;
    expect(summary(check(text))).toEqual(["error array/not-global 1:15", "error statistic/not-global 1:63"]);
  });

  test("a conflict names the place that the other type comes from", () => {
    const { diagnostics } = check(`global x\nprobe begin { x = 1 }\nprobe end { x = "a" }`);
    expect(diagnostics[0]).toMatchObject({
      message: '`"a"` is a string, but `x` holds a number',
      related: { message: "this made it a number", span: { start: 27 } },
    });
  });

  test.each([
    [`global counts probe begin { counts[1]++; foreach (k in count) println(k) }`, "Did you mean `counts`?"],
    [`probe begim { exit() }`, "Did you mean `begin`?"],
    [`probe timer.m(5) { exit() }`, "Did you mean `timer.s`?"],
    [`println(exec_name())`, "Did you mean `execname`?"],
    [`do { x++ } while (x < 3)`, "There is no `do`: write `while (1) { …; if (!condition) break }`."],
    [`int n = 5`, "A variable is not declared: assign to it, and its type is inferred."],
    [`p = NULL; println(p)`, "Write 0."],
    [`println(nowhere())`, "It runs nowhere in Tapbook: do without it."],
    [`prnt(1)`, "Did you mean `print`?"],
    [`probe syscall.open { println($fdd) }`, "Did you mean `$fd`? It brings name, argstr, $fd."],
    [`probe begin { a[1]++ }`, "Arrays must be global: declare `global a` outside the probe."],
    [`println("a" . 1)`, "Use sprint() to make a string of a number."],
  ])("%s is told: %s", (text, hint) => {
    expect(check(text).diagnostics[0]?.hint).toBe(hint);
  });

  test("a local whose type is known reads as nothing, with a warning", () => {
    expect(summary(check(`probe begin { println(x + 1) }`))).toEqual(["warning name/never-assigned 1:23"]);
  });

  test("a script needs a probe, and is told of globals that it does not use", () => {
    expect(summary(check(`global a`, { mode: "script" }))).toEqual([
      "error script/no-probes 1:1",
      "warning global/unused 1:8",
    ]);
  });
});
