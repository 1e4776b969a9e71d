import { complaints, lines, statementTree, tree } from "./fixture.js";

test.each([
  ["if (a) b else c", "if\n  name a\n  name b\n  else\n    name c"],
  ["if (a) b; else c;", "if\n  name a\n  name b\n  else\n    name c"],
  ["if (a) ; else {}", "if\n  name a\n  empty\n  else\n    block"],
  ["if (a) if (b) c else d", "if\n  name a\n  if\n    name b\n    name c\n    else\n      name d"],
  [
    "if (a) b else if (c) d else e",
    "if\n  name a\n  name b\n  else\n    if\n      name c\n      name d\n      else\n        name e",
  ],
  [
    "while (a < 3) { a++ }",
    "while\n  binary <\n    name a\n    number 3\n  block\n    increment ++ postfix\n      name a",
  ],
  ["for (;;) break", "for\n  break"],
  [
    "for (i = 0; i < 3; i++) continue",
    lines(`
      for
        initial
          assignment =
            name i
            number 0
        condition
          binary <
            name i
            number 3
        step
          increment ++ postfix
            name i
        continue`),
  ],
  ["delete a", "delete a"],
  ['delete a[1, "x"]', 'delete a\n  number 1\n  string "x"'],
  ["delete a[*, k]", "delete a\n  *\n  name k"],
  ["{ ; {} }", "block\n  empty\n  block"],
  ["try { a } catch { b }", "try\n  block\n    name a\n  catch\n    block\n      name b"],
  ["try { a } catch (m) { b }", "try\n  block\n    name a\n  catch m\n    block\n      name b"],
  ["{ %{ code %} }", 'block\n  embedded " code "'],
])("%s", (text, expected) => expect(statementTree(text)).toBe(expected));

/** The tree of a function's statements. */
function body(text: string): string {
  const [, , , ...statements] = tree(`function f() { ${text} }`).split("\n");
  return statements.map((line) => line.slice(6)).join("\n");
}

test("return takes a value if one follows, next does not", () => {
  expect(body("return")).toBe("return");
  expect(body("return; a")).toBe("return\nname a");
  expect(body("return -1")).toBe("return\n  unary -\n    number 1");
  expect(body("return [a, b] in c")).toBe("return\n  membership in c\n    name a\n    name b");
  expect(body("if (a) return else return 2")).toBe("if\n  name a\n  return\n  else\n    return\n      number 2");
  expect(body("next a")).toBe("next\nname a");
});

describe("foreach", () => {
  test.each([
    ["foreach (k in a) ;", "foreach [k]\n  name a\n  empty"],
    ["foreach ([k, l] in a) ;", "foreach [k, l]\n  name a\n  empty"],
    ["foreach (k+ in a) ;", "foreach [k] sorted by key 0 ascending\n  name a\n  empty"],
    ["foreach ([k, l-] in a) ;", "foreach [k, l] sorted by key 1 descending\n  name a\n  empty"],
    ["foreach (k in a-) ;", "foreach [k] sorted by value descending\n  name a\n  empty"],
    ["foreach (k in a @sum+) ;", "foreach [k] sorted by sum ascending\n  name a\n  empty"],
    [
      "foreach (k in a[*, 1] -) ;",
      "foreach [k] sorted by value descending\n  name a\n  slice\n    *\n    number 1\n  empty",
    ],
    [
      'foreach ([k, l] in a[*, "x"] @max- limit n + 1) ;',
      'foreach [k, l] sorted by max descending\n  name a\n  slice\n    *\n    string "x"\n  limit\n    binary +\n      name n\n      number 1\n  empty',
    ],
    ["foreach (v = k in a) ;", "foreach v = [k]\n  name a\n  empty"],
    ["foreach (v- = k in a) ;", "foreach v = [k] sorted by value descending\n  name a\n  empty"],
    ["foreach (v+=[k, l] in a) ;", "foreach v = [k, l] sorted by value ascending\n  name a\n  empty"],
    ["foreach (v = [k, l+] in a) ;", "foreach v = [k, l] sorted by key 1 ascending\n  name a\n  empty"],
    ["foreach (b in @hist_log(x)) ;", "foreach [b]\n  histogram log\n    name x\n  empty"],
    [
      "foreach (b in @hist_linear(x[1], 0, 10, 1)) ;",
      "foreach [b]\n  histogram linear\n    element x\n      number 1\n    number 0\n    number 10\n    number 1\n  empty",
    ],
  ])("%s", (text, expected) => expect(statementTree(text)).toBe(expected));

  test.each(["count", "sum", "min", "max", "avg", "variance"])("sorts by @%s", (extractor) => {
    expect(statementTree(`foreach (k in a @${extractor}-) ;`)).toContain(`sorted by ${extractor} descending`);
  });

  test.each([
    ["foreach (k+ in a-) ;", "1:17 sorted-twice"],
    ["foreach ([k+, l-] in a) ;", "1:16 sorted-twice"],
    ["foreach (v- = k+ in a) ;", "1:16 sorted-twice"],
    ["foreach (k in a @sum) ;", "1:21 unexpected-token"],
    ["foreach (k in a @other-) ;", "1:17 sort-extractor"],
    ["foreach (k in 3) ;", "1:15 unexpected-token"],
    ["foreach (k of a) ;", "1:12 unexpected-token"],
    ["foreach (1 in a) ;", "1:10 unexpected-token"],
    ["foreach (k in a limit) ;", "1:22 unexpected-token"],
    ["foreach k in a { }", "1:9 unexpected-token"],
  ])("%s is refused", (text, complaint) => expect(complaints(text)).toEqual([complaint]));
});

test.each([
  ["for (k in a) x", "1:1 foreach-expected"],
  ["for each (k in a) { }", "1:1 misspelt-keyword"],
  ["foreech (k in a) { }", "1:1 misspelt-keyword"],
  ["whlie (a) { }", "1:1 misspelt-keyword"],
  ["if (a) { } elseif (b) { }", "1:12 misspelt-keyword"],
  ["prob begin { }", "1:1 misspelt-keyword"],
  ["else a", "1:1 stray-else"],
  ["catch { }", "1:1 stray-catch"],
  ["try { a }", "1:10 missing-catch"],
  ["long a", "1:1 declared-type"],
  ["{ string a[10] }", "1:3 declared-type"],
  ["limit 3", "1:1 unexpected-token"],
  ["if a { }", "1:4 unexpected-token"],
  ["if (a and b) { }", "1:7 unclosed-bracket"],
  ["if (a)", "1:7 body-expected"],
  ["{ while (a) }", "1:13 body-expected"],
  ["for (a; b) c", "1:10 unexpected-token"],
  ["delete 3", "1:8 unexpected-token"],
  ["a }", "1:3 stray-brace"],
  ["{ a", "1:4 missing-brace"],
])("%s is refused", (text, complaint) => expect(complaints(text)).toEqual([complaint]));

test("functions whose names resemble keywords may be called", () => {
  expect(statementTree("white(1)")).toBe("call white\n  number 1");
});
