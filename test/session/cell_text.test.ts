/** Which lines of a cell are magics and commands, and that the others keep their places. */
import { splitCell } from "../../kernel/session/cell_text.js";

const found = (code: string): string[] =>
  splitCell(code).magics.map(({ kind, name, argument, line }) => `${line} ${kind} ${name}(${argument})`);

test("magics and commands between statements, with the script's lines where they were", () => {
  const code = "%%trace for=2s -c 'ls %x'\n%reset a b\n  !echo hi # there\nglobal a\nprobe begin { a = 1 }\n%globals";
  expect(found(code)).toEqual([
    "1 cell trace(for=2s -c 'ls %x')",
    "2 line reset(a b)",
    "3 shell (echo hi # there)",
    "6 line globals()",
  ]);
  expect(splitCell(code).script).toBe("\n\n\nglobal a\nprobe begin { a = 1 }\n");
});

test("a command holds whatever its shell understands", () => {
  const code = "!ls /tmp/* \"\n!echo it's {(\nx = 1\n!date";
  expect(found(code)).toEqual(['1 shell (ls /tmp/* ")', "2 shell (echo it's {()", "4 shell (date)"]);
});

test.each([
  ["?execname", "1 line man(execname)"],
  ["? struct task_struct", "1 line man(struct task_struct)"],
  ["execname?", "1 line man(execname)"],
  ["execname??", "1 line man(execname)"],
  ["%%trace?\n", "1 line man(%%trace)"],
  ["x = 1\nsyscall.openat?\n\n", "2 line man(syscall.openat)"],
  ['kernel.function("vfs_read")?', '1 line man(kernel.function("vfs_read"))'],
  ["struct task_struct?", "1 line man(struct task_struct)"],
])("%j asks for help", (code, magic) => {
  expect(found(code)).toEqual([magic]);
});

test.each([
  ["a block comment", "/* first\n%help\n!date\n*/ x = 1"],
  ["a comment in C", "x = 1 /* a\n* / ** \n%help\n**/"],
  ["a string over lines", 'println("a\\\n%help\\\n!date")'],
  ["a string with an escaped quote", 'println("\\"\\\n%help")'],
  ["a block", "probe begin {\n  x = a\n  %b\n}"],
  ["a negation in a block", "probe begin {\n  if (y)\n!x\n}"],
  ["a list over lines", "f(1,\n!x)\n"],
  ["a key over lines", "a[1,\n!x] = 2"],
  ["a remainder that goes on", "a\n% b"],
  ["an operand that goes on", "x = y +\n!z"],
  ["the other side of a comparison", "a\n!= b"],
  ["a negation in parentheses", "!(x in y)"],
  ["embedded code", "%{\n%help\n!date\n%}"],
  ["the preprocessor", '%( kernel_v >= "5" %?\n%help\n%:\n!x\n%)'],
  ["a choice over lines", "x ?\n1 : 2"],
  ["a choice whose question ends its line", "x?\n1 : 2"],
  ["a choice inside a block", "probe begin {\n  x?\n}"],
  ["a cell of one comment", "// %help\n# !date"],
])("%s holds none", (_, code) => {
  expect(splitCell(code)).toEqual({ magics: [], script: code });
});

test.each([
  ["strings and comments with brackets in them", 'println("{ ( [ /*") // {\n# {\n%help', 3],
  ["a string that its line ends", 'x = "a\n%help', 2],
  ["a finished block", "probe begin {\n}\n%help", 3],
  ["an increment", "x++\n%help", 2],
  ["a branch that is not taken", "%( 1 == 1 %? probe begin { %: probe end { %) x = 1 }\n%help", 2],
  ["the number of arguments", "x = $#\n%help", 2],
])("behind %s a magic is one", (_, code, line) => {
  expect(found(code)).toEqual([`${line} line help()`]);
});

test("a cell magic knows whether it is the first thing in its cell", () => {
  const firsts = (code: string): boolean[] => splitCell(code).magics.map(({ isFirst }) => isFirst);
  expect(firsts("%%trace for=1s\n%%trace for=2s")).toEqual([true, false]);
  expect(firsts("\n// a note\n%%trace for=1s")).toEqual([true]);
  expect(firsts("x = 1\n%%trace for=1s")).toEqual([false]);
});

test("line ends of other systems", () => {
  expect(found("%reset x\r\nx = 1\r\n!date\r\n")).toEqual(["1 line reset(x)", "3 shell (date)"]);
  expect(splitCell('println("a\\\r\n%help")').magics).toEqual([]);
});
