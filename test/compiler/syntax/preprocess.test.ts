import { Diagnostics } from "../../../kernel/compiler/diagnostic.js";
import { readTokens } from "../../../kernel/compiler/syntax/parse.js";
import { printTokens } from "../../../kernel/compiler/syntax/print.js";
import { compareVersions, matchesWildcard } from "../../../kernel/compiler/syntax/versions.js";
import { complaints, macrosOf, options, parse, tree } from "./fixture.js";

describe("conditions", () => {
  test.each([
    ['kernel_v >= "6.1"', true],
    ['kernel_v > "6.9"', true],
    ['kernel_v < "6.18.1"', true],
    ['kernel_v == "6.18.0"', true],
    ['kernel_v == "6.18.0-4-amd64"', false],
    ['kernel_vr == "6.18.0-4-amd64"', true],
    ['kernel_vr == "*-amd64"', true],
    ['kernel_v != "6.*"', false],
    ['kernel_v == "6.1?.0"', true],
    ['arch == "x86_64"', true],
    ['arch == "arm*"', false],
    ['arch != "arm*"', true],
    ['runtime == "bpf"', true],
    ['runtime != "bpf"', false],
    ['systemtap_v < "4.0"', false],
    ['systemtap_v >= "5.10"', false],
    ['systemtap_privilege == "stapdev"', true],
    ["guru_mode == 0", true],
    ["guru_mode != 0", false],
    ['CONFIG_SMP == "y"', true],
    ['CONFIG_EXT4_FS == "[ym]"', true],
    ['CONFIG_NO_SUCH == "y"', false],
    ['CONFIG_NO_SUCH == "n"', true],
    ['CONFIG_NR_CPUS != "6*"', false],
    ['"abc" < "abd"', true],
    ['"a*" == "abc"', false],
    ["3 > 0x2", true],
    ["18446744073709551615 < 0", true],
    ['arch == "arm64" || kernel_v > "6"', true],
    ['arch == "arm64" && kernel_v > "6"', false],
    ['arch == "arm64" && 1 == 1 || 2 == 2', true],
    ["1 == 1 || 1 == 1 && 1 == 2", true],
  ])("%s is %s", (condition, holds) => {
    expect(tree(`x = %( ${condition} %? 1 %: 0 %)`)).toBe(tree(`x = ${holds ? 1 : 0}`));
  });

  test.each([
    ["no_such == 1", "1:4 unknown-condition"],
    ['( arch == "a" )', "1:4 malformed-condition"],
    ["", "1:5 malformed-condition"],
    ["kernel_v", "1:13 malformed-condition"],
    ["kernel_v = 1", "1:13 malformed-condition"],
    ['arch == "a" arch', "1:16 malformed-condition"],
    ['arch == "a" &&', "1:19 malformed-condition"],
    ["kernel_v > 6", "1:15 condition-type"],
    ['guru_mode == "1"', "1:17 condition-type"],
    ['arch < "b"', "1:11 condition-operator"],
    ['kernel_v < "6.*"', "1:15 condition-operator"],
  ])("%s is refused", (condition, complaint) => {
    expect(complaints(`%( ${condition} %? a %: b %)`)).toEqual([complaint]);
  });
});

describe("conditionals", () => {
  test.each([
    ["%( 1 == 1 %? a %)", "a"],
    ["%( 1 == 2 %? a %)", ""],
    ["%( 1 == 2 %? a %: b %) c", "b; c"],
    ["%( 1 == 1 %? %( 1 == 2 %? a %: b %) %: %( 1 == 1 %? c %: d %) %)", "b"],
    ["%( 1 == 2 %? %( 1 == 1 %? a %: b %) %: %( 1 == 1 %? c %: d %) %)", "c"],
    ["f(%( 1 == 1 %? 1, %) 2)", "f(1, 2)"],
    ['print("a" %( 1 == 1 %? "b" %) "c")', 'print("abc")'],
    // What is not taken may be wrong in any way that leaves tokens.
    ["%( 1 == 2 %? 12ab é $7 'x' ( { %: a %)", "a"],
  ])("%s", (text, plain) => expect(tree(text)).toBe(tree(plain)));

  test.each([
    ["%( 1 == 1 %? a", "1:1 unclosed-conditional"],
    ["%( 1 == 2 %? a", "1:1 unclosed-conditional"],
    ["%( 1 == 2 %? a %: b", "1:1 unclosed-conditional"],
    ["%( 1 == 1", "1:1 unclosed-conditional"],
    ["%( 1 == 1 %? a %: b %: c %)", "1:21 stray-conditional"],
    ["a %)", "1:3 stray-conditional"],
    ["a %? b", "1:3 stray-conditional"],
    ["%( %( 1 == 1 %? a %) %? b %)", "1:4 malformed-condition"],
  ])("%s is refused", (text, complaint) => expect(complaints(text)[0]).toBe(complaint));
});

describe("macros", () => {
  test.each([
    ["@define m %( 1 + %) @m 2", "1 + 2"],
    ["@define m(a, b) %( @a - @b %) @m(1, f(2, 3))", "1 - f(2, 3)"],
    ["@define m() %( 7 %) @m()", "7"],
    ["@define m(a) %( f(@a) %) @m() @m(@m(1))", "f() f(f(1))"],
    ["@define m(a) %( @n(@a) %) @define n(b) %( -@b %) x = @m(3)", "x = -3"],
    ["@define m(a) %( @a %) @define n(a) %( @m(@a + 1) %) @n(2)", "2 + 1"],
    ["@define m %( %( 1 == 1 %? a %: b %) %) @m", "a"],
    ['@define t %( kernel_v > %) %( @t "6" %? a %: b %)', "a"],
    ["%( 1 == 1 %? @define m %( a %) %: @define m %( b %) %) @m", "a"],
    // Not a macro: left alone.
    ["@define m(a) %( @a + @c %) @m(1)", "1 + @c"],
    // The operators of the language are not shadowed by parameters of others.
    ["@define m(a) %( @count(@a) %) @m(x)", "@count(x)"],
  ])("%s", (text, plain) => expect(tree(text)).toBe(tree(plain)));

  test("of earlier texts are known, and defined anew without complaint", () => {
    const macros = macrosOf("@define m(a) %( @a * 2 %)");
    expect([...macros.keys()]).toEqual(["m"]);
    expect(tree("@m(3)", { macros })).toBe(tree("3 * 2"));
    expect(tree("@define m(a) %( @a * 5 %) @m(3)", { macros })).toBe(tree("3 * 5"));
    expect(macrosOf("x = 1").size).toBe(0);
  });

  test("put a mistake where they are used, and name their definition", () => {
    const macros = macrosOf("@define m(a) %( @a = = 1 %)");
    const { diagnostics } = parse("x = 2\ny + @m(z)", { macros });
    expect(diagnostics.list).toHaveLength(1);
    const [diagnostic] = diagnostics.list;
    expect(diagnostic?.span).toMatchObject({ source: { text: "x = 2\ny + @m(z)" }, start: 10, end: 15 });
    expect(diagnostic?.related?.span).toMatchObject({ source: { text: "@define m(a) %( @a = = 1 %)" }, start: 8 });
  });

  test.each([
    ["@define m %( @m %) x = @m", "1:24 recursive-macro"],
    ["@define m %( @n %) @define n %( @m %) x = @m", "1:43 recursive-macro"],
    ["@define m(a) %( @a %) x = @m", "1:27 macro-arguments"],
    ["@define m(a) %( @a %) x = @m(1, 2)", "1:27 macro-arguments"],
    ["@define m() %( 1 %) x = @m(2)", "1:25 macro-arguments"],
    ["@define m(a) %( @a %) @m(1", "1:23 unclosed-macro-call"],
    ["@define m %( 1", "1:11 unclosed-definition"],
    ["@define m 1", "1:11 malformed-definition"],
    ["@define 1 %( 2 %)", "1:9 malformed-definition"],
    ["@define m(1) %( 2 %)", "1:11 malformed-definition"],
    ["@define m %( 1 %) @define m %( 2 %)", "1:27 duplicate-macro"],
    ["@define m %( @define n %( 1 %) %)", "1:14 nested-definition"],
    [
      `${Array.from({ length: 30 }, (_, index) => `@define m${index} %( @m${index + 1} @m${index + 1} %)\n`).join("")}@m0`,
      "31:1 expansion-too-large",
    ],
  ])("%.60s is refused", (text, complaint) => expect(complaints(text)).toEqual([complaint]));
});

test("the tokens that the parser sees can be listed", () => {
  const text = "@define m %( 1 + %)\n%( 1 == 2 %? a %: @m 2 %)";
  const tokens = readTokens({ name: "test", text }, options, new Diagnostics());
  expect(printTokens(tokens)).toBe("2:19 number 1\n2:19 operator +\n2:22 number 2\n2:26 end");
});

test.each([
  ["6.9", "6.10", -1],
  ["6.10", "6.9", 1],
  ["6.1", "6.1", 0],
  ["6.1", "6.1.5", -1],
  ["6.1.5", "6.1", 1],
  ["2.6.32-5", "2.6.32-10", -1],
  ["5.10", "05.010", 0],
])("version %s against %s", (left, right, order) => expect(Math.sign(compareVersions(left, right))).toBe(order));

test.each([
  ["abc", "*", true],
  ["abc", "a*c", true],
  ["abc", "a*b", false],
  ["abcbc", "a*bc", true],
  ["abc", "???", true],
  ["abc", "????", false],
  ["abc", "[a-c]*", true],
  ["abc", "[!a]*", false],
  ["", "*", true],
  ["", "?", false],
  ["a.c", "a.c", true],
  ["abc", "a.c", false],
  ["a".repeat(5000), `${"*a".repeat(50)}b`, false],
])("%.10s against the wildcard %s", (text, pattern, matches) => expect(matchesWildcard(text, pattern)).toBe(matches));
