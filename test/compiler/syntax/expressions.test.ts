import { complaints, statementTree, tree } from "./fixture.js";

/** A text and the same with every operator's operands in parentheses. */
const PRECEDENCE: readonly (readonly [string, string])[] = [
  // 1 and 2: assignment and ?:
  ["a = b = c", "a = (b = c)"],
  ["a += b .= c", "a += (b .= c)"],
  ["a <<< b ? c : d", "a <<< (b ? c : d)"],
  ["a ? b : c ? d : e", "a ? b : (c ? d : e)"],
  ["a ? b ? c : d : e", "a ? (b ? c : d) : e"],
  ["a || b ? c : d", "(a || b) ? c : d"],
  // 3 to 7: || && | ^ &
  ["a || b && c", "a || (b && c)"],
  ["a && b | c", "a && (b | c)"],
  ["a | b ^ c", "a | (b ^ c)"],
  ["a ^ b & c", "a ^ (b & c)"],
  ["a & b ^ c", "(a & b) ^ c"],
  // 8: in
  ["a & b in c", "a & (b in c)"],
  ["a < b in c", "(a < b) in c"],
  ["a in b && c in d", "(a in b) && (c in d)"],
  ["!a in b", "(!a) in b"],
  ["a + b in c", "(a + b) in c"],
  // 9: comparisons are one level
  ["a < b == c", "(a < b) == c"],
  ["a == b < c", "(a == b) < c"],
  ["a < b << c", "a < (b << c)"],
  ["a & b == c", "a & (b == c)"],
  ['a . b =~ "x"', '(a . b) =~ "x"'],
  ['a =~ "x" && b', '(a =~ "x") && b'],
  // 10 to 13: << . + *
  ["a << b . c", "a << (b . c)"],
  ["a . b + c", "a . (b + c)"],
  ["a + b . c", "(a + b) . c"],
  ["a . b . c", "(a . b) . c"],
  ["a + b * c", "a + (b * c)"],
  ["a * b + c", "(a * b) + c"],
  ["a - b - c", "(a - b) - c"],
  ["a / b % c * d", "((a / b) % c) * d"],
  ["a >> b >>> c", "(a >> b) >>> c"],
  // 14 to 16: prefixes, ++, ->
  ["-a * b", "(-a) * b"],
  ["-a . ~b", "(-a) . (~b)"],
  ["! ~-a", "!(~(-a))"],
  ["-a++", "-(a++)"],
  ["-$a->b", "-($a->b)"],
  ["a - -b", "a - (-b)"],
  ["a & &$b->c", "a & (&$b->c)"],
];

test.each(PRECEDENCE)("%s is %s", (text, parenthesised) => {
  expect(tree(text)).toBe(tree(parenthesised));
});

test.each([
  ["a = 1 b = 2", "a = 1; b = 2"],
  ["a - b", "(a - b)"],
  ["a; -b", "a; (-b)"],
  ["a++ b", "a++; b"],
  ["f() [a, b] in c", "f(); [a, b] in c"],
  ['"a" /* and */ "b"\n"c"', '"abc"'],
  ["@m++", "(@m)++"],
])("statements need no separator: %s is %s", (text, separated) => {
  expect(tree(text)).toBe(tree(separated));
});

test.each([
  ["[x, *, 3] in a", `membership in a\n  name x\n  *\n  number 3`],
  ["a[x, *]", "element a\n  name x\n  *"],
  ['f(1, "x")', 'call f\n  number 1\n  string "x"'],
  ["f()", "call f"],
  ["++a[1]", "increment ++ prefix\n  element a\n    number 1"],
  ['a !~ "b" "c"', 'match !~ "bc"\n  name a'],
  ["-9223372036854775808", "unary -\n  number -9223372036854775808"],
  ["%{ 1 %} ", 'embedded " 1 "'],
  ["x = %{ 1 %} ", 'assignment =\n  name x\n  embedded " 1 "'],
  ["@count(a[1])", "statistic count\n  element a\n    number 1"],
  ["@variance(a, 4)", "statistic variance\n  name a\n  number 4"],
  ["@percentile(a, 99)", "statistic percentile\n  name a\n  number 99"],
  ["@hist_log(a)[64]", "element\n  histogram log\n    name a\n  number 64"],
  [
    "print(@hist_linear(a, -10, 0x10, 2))",
    "call print\n  histogram linear\n    name a\n    number -10\n    number 16\n    number 2",
  ],
  ["@errno", "at errno"],
  ["@defined($x->y)", "at defined\n  member y\n    target $x"],
  ['@var("a@b.c", "m")', 'at var\n  string "a@b.c"\n  string "m"'],
  ['@enumname(e, "enum t", "m")', 'at enumname\n  name e\n  string "enum t"\n  string "m"'],
  ["@unknown(1)", "at unknown\n  number 1"],
])("%s", (text, expected) => expect(statementTree(text)).toBe(expected));

test.each([
  ["$a->b[0]->next", "member next\n  index\n    member b\n      target $a\n    number 0"],
  ["$x$", "pretty 1\n  target $x"],
  ["$x$$", "pretty 2\n  target $x"],
  ["$$parms$", "pretty 1\n  target $$parms"],
  ["$a->b$", "pretty 1\n  member b\n    target $a"],
  ["$a[i]$$", "pretty 2\n  index\n    target $a\n    name i"],
  ['@cast(p, "t")->in', 'member in\n  at cast\n    name p\n    string "t"'],
  ['@cast(p, "t")$', 'pretty 1\n  at cast\n    name p\n    string "t"'],
  ["(p)->x", "member x\n  name p"],
  ["(p + 8)[2]", "index\n  binary +\n    name p\n    number 8\n  number 2"],
  ["task_current()->pid", "member pid\n  call task_current"],
  ["&$x->y[1]", "address\n  index\n    member y\n      target $x\n    number 1"],
  ["$return = 0", "assignment =\n  target $return\n  number 0"],
])("kernel data: %s", (text, expected) => expect(statementTree(text)).toBe(expected));

test("an expression knows its place", () => {
  expect(complaints("\n  1 + 2 = 3")).toEqual(["2:9 not-assignable"]);
});

test.each([
  ["1 = 2", "1:3 not-assignable"],
  ["f() += 2", "1:5 not-assignable"],
  ["++3", "1:1 not-assignable"],
  ["f()--", "1:4 not-assignable"],
  ["$x$ = 1", "1:5 not-assignable"],
  ["a =~ b", "1:6 pattern-expected"],
  ['a =~ "x" == 1', "1:10 not-chainable"],
  ['a < b =~ "x"', "1:7 not-chainable"],
  ["x in a == 1", "1:8 membership-operand"],
  ["x in 3", "1:6 unexpected-token"],
  ["[a, b]", "1:7 tuple-outside-in"],
  ["&x", "1:1 address-operand"],
  ["$x$$$", "1:1 stray-dollar"],
  ["$$$", "1:1 stray-dollar"],
  ["a ? b", "1:6 unexpected-token"],
  ["f(1 2)", "1:5 unclosed-bracket"],
  ["a[1", "1:4 unclosed-bracket"],
  ["a[]", "1:3 unexpected-token"],
  ["(", "1:2 unexpected-token"],
  ["x = in", "1:5 unexpected-token"],
  ["@count", "1:7 unexpected-token"],
  ["@hist_linear(a, b, 1, 1)", "1:17 literal-expected"],
  ["x = ", "1:5 unexpected-token"],
  ["a +", "1:4 unexpected-token"],
])("%s is refused", (text, complaint) => expect(complaints(text)).toEqual([complaint]));
