import { completeness } from "../../../kernel/compiler/syntax/completeness.js";
import { options } from "./fixture.js";

function judge(text: string): string {
  const result = completeness({ name: "test", text }, options);
  return result.status === "incomplete" ? `incomplete ${JSON.stringify(result.indent)}` : result.status;
}

test.each([
  "",
  "x",
  "x = 1 // {",
  "probe begin { }",
  "if (a) b",
  "global a",
  "foreach (k in a) println(k)",
  "%( 1 == 1 %? a %)",
])("complete: %s", (text) => expect(judge(text)).toBe("complete"));

test.each(["x = = 1", "probe begin { x = = 1", "}", 'print("abc', "x = 12ab +", "(".repeat(1000), "print(1))", "$1 +"])(
  "invalid: %.30s",
  (text) => expect(judge(text)).toBe("invalid"),
);

test.each([
  ["probe begin {", "  "],
  ["probe begin {\n", "  "],
  ["probe begin {\n  x = 1", "  "],
  ["probe begin {\n  if (a) {", "    "],
  ["probe begin {\n  if (a) {\n    b\n  }", "  "],
  ["probe begin {\n\tif (a)", "\t\t"],
  ["if (a)", "  "],
  ["if (a) b else", "  "],
  ["foreach (k in a)", "  "],
  ["probe begin", ""],
  ["probe", ""],
  ["global", ""],
  ["x =", ""],
  ["x = 1 +", ""],
  ["print(", "  "],
  ["print(1,\n  2,", "  "],
  ["a[1", "  "],
  ["x in", ""],
  ["try { a }", ""],
  ["/* text", ""],
  ["  /* text\n  more", "  "],
  ["probe begin { /* text", "  "],
  ["%{ int x;", ""],
  ['%( kernel_v > "6" %?', "  "],
  ["%( kernel_v", "  "],
  ["@define m(a) %( 1", "  "],
  ["@define m", ""],
  ['print("abc\\', "  "],
  ['print("abc\\\n', "  "],
])("incomplete: %j", (text, indent) => expect(judge(text)).toBe(`incomplete ${JSON.stringify(indent)}`));
