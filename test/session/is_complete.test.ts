/** Whether a console runs what was typed, goes on with another line, or runs it to show what is wrong. */
import { TestNotebook } from "./notebook.js";

const notebook = new TestNotebook();
afterAll(() => notebook.close());

const answer = (code: string) => notebook.notebook.isComplete(code);

test.each([
  "",
  "  \n",
  "x = 1",
  "1 + 2",
  "if (x) { }",
  "probe begin { }",
  "global a[10]",
  "println(1) // {",
  "/* { */",
  'println("{")',
  '%( kernel_v > "1" %? println(1) %: { %)',
  "@define a %( { %)",
  "%help",
  "%reset\n%help reset",
  "!ls",
  "!ls {",
  "%dump types\nprobe begin { }",
  "%%trace for=1s\nprobe begin { }",
])("%j is complete", (code) => {
  expect(answer(code)).toEqual({ status: "complete" });
});

test.each([
  ["1 +", ""],
  ["x = ", ""],
  ["x ? 1 :", ""],
  ["if (x)", "  "],
  ["if (x) {", "  "],
  ["if (1) println(1) else", "  "],
  ["probe begin", ""],
  ["probe begin,", ""],
  ["probe begin {", "  "],
  ["probe begin {\n  if (x) {\n    y = 1", "    "],
  ["probe begin {\n  if (x) {\n    y = 1\n  }", "  "],
  ["probe begin {\n\tif (x)", "\t\t"],
  ['probe kernel.function("x").', ""],
  ["foreach (k in a)", "  "],
  ["function f(a)", ""],
  ["global x,", ""],
  ["try { }", ""],
  ["println(1,", "  "],
  ["/* a", ""],
  ["probe begin { /* }", "  "],
  ["%( 1 == 1 %?", "  "],
  ["@define a", ""],
  ["%{ x", ""],
  ["%%trace for=1s", ""],
  ["%%bg name\n", ""],
  ["%dump types", ""],
  ["%guru\n\n", ""],
  ["%%trace for=1s\nprobe begin {", "  "],
])("%j goes on, after %j", (code, indent) => {
  expect(answer(code)).toEqual({ status: "incomplete", indent });
});

test.each([
  "}",
  "probe begin { } }",
  'println("a',
  'probe begin { "}',
  "%( 1 %? probe begin { %)",
  "é",
  "%",
  "%nonsense",
  "%trace for=1s",
  "%%reset",
  "x = 1\n%%trace for=1s\nprobe begin {",
])("%j is invalid", (code) => {
  expect(answer(code)).toEqual({ status: "invalid" });
});
