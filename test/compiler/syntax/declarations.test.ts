import { complaints, lines, tree } from "./fixture.js";

const script = { mode: "script" } as const;

function itemTree(text: string): string {
  const [, ...items] = tree(text, script).split("\n");
  return items.map((line) => line.slice(2)).join("\n");
}

describe("globals", () => {
  test.each([
    ["global a", "global\n  a"],
    [
      'global a, b = 3, c[100], d%, e%[50], f = "x" "y", g[5]%',
      'global\n  a\n  b = 3\n  c[100]\n  d%\n  e[50]%\n  f = "xy"\n  g[5]%',
    ],
    ["global a = -1;", "global\n  a = -1"],
    ["global a[1], b[1000000]", "global\n  a[1]\n  b[1000000]"],
    ["private global a", "private global\n  a"],
    ["private a, b", "private global\n  a\n  b"],
    ["global a global b", "global\n  a\nglobal\n  b"],
  ])("%s", (text, expected) => expect(itemTree(text)).toBe(expected));

  test.each([
    ["global", "1:7 unexpected-token"],
    ["global 3", "1:8 unexpected-token"],
    ["global string", "1:8 unexpected-token"],
    ["global $x", "1:8 unexpected-token"],
    ["global a = f()", "1:12 literal-expected"],
    ["global a[n]", "1:10 literal-expected"],
    ["global a[1", "1:11 unclosed-bracket"],
    ["global a b", "1:10 statement-outside-probe"],
    ["global a[0]", "1:10 array-size"],
    ["global a[-1]", "1:10 array-size"],
    ["global a[1000001]", "1:10 array-size"],
    ["global a[18446744073709551615]", "1:10 array-size"],
  ])("%s is refused", (text, complaint) => expect(complaints(text, script)).toEqual([complaint]));
});

describe("functions", () => {
  test.each([
    ["function f() { }", "function f()\n  block"],
    ["function f:long(a:string, b) { }", "function f:long(a:string, b)\n  block"],
    ["function f:string (a:long):2 { }", "function f:string(a:long):2\n  block"],
    ["private function f() { }", "private function f()\n  block"],
    ["function f() %{ /* pure */ %}", 'function f()\n  embedded " /* pure */ "'],
  ])("%s", (text, expected) => expect(itemTree(text)).toBe(expected));

  test.each([
    ["function { }", "1:10 unexpected-token"],
    ["function f { }", "1:12 unexpected-token"],
    ["function f(a b) { }", "1:14 unclosed-bracket"],
    ["function f:int() { }", "1:12 unexpected-token"],
    ["function f()", "1:13 unexpected-token"],
    ["function next() { }", "1:10 keyword-as-name"],
  ])("%s is refused", (text, complaint) => expect(complaints(text, script)).toEqual([complaint]));
});

describe("probes", () => {
  test.each([
    ["probe begin { }", ["begin"]],
    ["probe begin(-5), end { }", ["begin(-5)", "end"]],
    ["probe timer.s(0x10).randomize(2) { }", ["timer.s(16).randomize(2)"]],
    ['probe kernel.function("a" "b").return ? { }', ['kernel.function("ab").return ?']],
    ["probe syscall.*stat*.return, vfs.** ! { }", ["syscall.*stat*.return", "vfs.** !"]],
    ["probe syscall.*64 { }", ["syscall.*64"]],
    ["probe a.if.in.next.probe { }", ["a.if.in.next.probe"]],
    ["probe syscall.{open,close}.return { }", ["syscall.open.return", "syscall.close.return"]],
    ["probe {a,b}.{c,d.{e,f}} ? { }", ["a.c ?", "a.d.e ?", "a.d.f ?", "b.c ?", "b.d.e ?", "b.d.f ?"]],
    [
      'probe kernel.{function("a") ?, trace("b")!, c} { }',
      ['kernel.function("a") ?', 'kernel.trace("b") !', "kernel.c"],
    ],
    ['probe process("p").{function("f"),mark("m*")} { }', ['process("p").function("f")', 'process("p").mark("m*")']],
  ])("%s", (text, points) => {
    expect(itemTree(text)).toBe(["probe", ...points.map((point) => `  point ${point}`), "  block"].join("\n"));
  });

  test("conditions follow the mark, and join those inside braces", () => {
    expect(itemTree("probe a.b ? if (x > 1), c if (y) { }")).toBe(
      lines(`
        probe
          point a.b ?
            if
              binary >
                name x
                number 1
          point c
            if
              name y
          block`),
    );
    expect(itemTree("probe {a if (x), b} if (y) { }")).toBe(
      lines(`
        probe
          point a
            if
              binary &&
                name x
                name y
          point b
            if
              name y
          block`),
    );
  });

  test.each([
    ["probe { }", "1:7 unexpected-token"],
    ["probe begin, { }", "1:14 unexpected-token"],
    ["probe begin x = 1 }", "1:13 unexpected-token"],
    ["probe a. { }", "1:10 unexpected-token"],
    ['probe "a" { }', "1:7 unexpected-token"],
    ["probe a.{b,,c} { }", "1:12 unexpected-token"],
    ["probe a.{b? , c}.d { }", "1:9 misplaced-mark"],
    ["probe a?.b { }", "1:8 misplaced-mark"],
    ["probe a.b?c { }", "1:10 misplaced-mark"],
    ["probe timer.s() { }", "1:13 empty-argument"],
    ["probe timer.s(n) { }", "1:15 literal-expected"],
    ['probe kernel.function("x" { }', "1:27 unclosed-bracket"],
    [`probe a.${"{b,c}.".repeat(13)}d { }`, "1:86 too-many-points"],
  ])("%s is refused", (text, complaint) => expect(complaints(text, script)[0]).toBe(complaint));

  test("a bad point hides no mistake in the body and causes none", () => {
    expect(complaints('probe kernel.function("x" { a = = 1 }\nprobe end { b }', script)).toEqual([
      "1:27 unclosed-bracket",
      "1:33 unexpected-token",
    ]);
  });
});

describe("aliases", () => {
  test.each([
    ["probe a = b { x }", "alias a\n  point b\n  prologue\n    block\n      name x"],
    ["probe a += b, c ? { x }", "alias a\n  point b\n  point c ?\n  epilogue\n    block\n      name x"],
    [
      "probe a.b = c { x }, { y }",
      "alias a.b\n  point c\n  prologue\n    block\n      name x\n  epilogue\n    block\n      name y",
    ],
    ["probe a = b.return = c { }", "alias a = b.return\n  point c\n  prologue\n    block"],
  ])("%s", (text, expected) => expect(itemTree(text)).toBe(expected));

  test.each([
    ["probe a += b { }, { }", "1:17 epilogue-with-append"],
    ["probe a = b += c { }", "1:13 mixed-alias"],
    ["probe a, b = c { }", "1:7 alias-name"],
    ["probe a.* = c { }", "1:7 alias-name"],
    ["probe a? = c { }", "1:7 alias-name"],
    ["probe a(1) = c { }", "1:7 alias-name"],
  ])("%s is refused", (text, complaint) => expect(complaints(text, script)).toEqual([complaint]));
});

test("embedded C stands at the top level", () => {
  expect(itemTree("%{ #include <x.h> %} global a")).toBe('embedded " #include <x.h> "\nglobal\n  a');
});

describe("statements outside probes", () => {
  test("are legal in a cell, among declarations", () => {
    expect(tree("global a a = 1; probe end { } a")).toBe(
      lines(`
        script
          global
            a
          assignment =
            name a
            number 1
          probe
            point end
            block
          name a`),
    );
  });

  test("are refused in a script, once for those in a row", () => {
    expect(complaints("x = 1\ny = 2\nprobe end { }\nprint(3)", script)).toEqual([
      "1:1 statement-outside-probe",
      "4:1 statement-outside-probe",
    ]);
  });

  test("a script may hold stray semicolons", () => {
    expect(complaints("global a;; probe end { };", script)).toEqual([]);
  });
});
