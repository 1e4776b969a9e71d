import { withEpilogue } from "../../../kernel/compiler/syntax/epilogue.js";
import { printTree } from "../../../kernel/compiler/syntax/print.js";
import { options, parse, tree } from "./fixture.js";

const mark = { name: "the caller", text: "if (pid() == 7) println(tid())" };

/** The script with the statement written into it by hand is the same tree. */
test.each([
  ["probe syscall.read { n++ @ }", true],
  ["probe syscall.read, begin { next @ }", true],
  ["probe timer.profile { @ }", true],
  ["probe timer.ms(5) { n++ @ }", false],
  ["probe begin(3), end, error, never { @ }", false],
  ["probe mine = syscall.read { x = 1 @ }", false],
  ["function f() { return 1 @ }", false],
])("%s", (text, isAppended) => {
  const { script } = parse(text.replace("@", ""));
  const expected = tree(text.replace("@", isAppended ? mark.text : ""));
  expect(printTree(withEpilogue(script, mark, options.conditions))).toBe(expected);
});
