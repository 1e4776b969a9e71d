import { lex } from "../../../kernel/compiler/syntax/lex.js";
import { parseScript } from "../../../kernel/compiler/syntax/parse.js";
import { printTokens } from "../../../kernel/compiler/syntax/print.js";
import type { Token } from "../../../kernel/compiler/syntax/token.js";
import { complaints, options, parse } from "./fixture.js";

function tokensOf(text: string, scriptArguments: readonly string[] = []): readonly Token[] {
  return lex({ name: "test", text }, scriptArguments).tokens.slice(0, -1);
}

function texts(text: string, scriptArguments: readonly string[] = []): string[] {
  return tokensOf(text, scriptArguments).map((token) => token.text);
}

function onlyValue(text: string): bigint | string {
  const [token, ...rest] = tokensOf(text);
  expect(rest).toEqual([]);
  expect(token?.problem).toBeUndefined();
  if (token?.kind !== "number" && token?.kind !== "string") throw new Error(`no literal: ${text}`);
  return token.value;
}

describe("numbers", () => {
  test.each([
    ["0", 0n],
    ["42", 42n],
    ["017", 15n],
    ["00", 0n],
    ["0x1F", 31n],
    ["0Xff", 255n],
    ["9223372036854775807", 9223372036854775807n],
    ["9223372036854775808", -9223372036854775808n],
    ["18446744073709551615", -1n],
    ["0xffffffffffffffff", -1n],
    ["01777777777777777777777", -1n],
    ["0x00000000000000000000000000000001", 1n],
  ])("%s", (text, value) => expect(onlyValue(text)).toBe(value));

  test.each([
    ["18446744073709551616", "number-too-large"],
    ["0x10000000000000000", "number-too-large"],
    ["02000000000000000000000", "number-too-large"],
    ["9".repeat(100_000), "number-too-large"],
    ["08", "malformed-number"],
    ["0x", "malformed-number"],
    ["0xg", "malformed-number"],
    ["12ab", "malformed-number"],
    ["1_000", "malformed-number"],
  ])("%.30s is refused", (text, code) => expect(complaints(text)).toEqual([`1:1 ${code}`]));
});

describe("strings", () => {
  test.each([
    [String.raw`"a\tb\n"`, "a\tb\n"],
    [String.raw`"\a\b\v\f\r\\\""`, '\x07\b\v\f\r\\"'],
    [String.raw`"\101\60\0"`, "A0\0"],
    [String.raw`"\1018"`, "A8"],
    [String.raw`"\x41\x4a1"`, "AJ1"],
    [String.raw`"\377"`, "\xff"],
    [String.raw`"\q"`, "q"],
    ['"one \\\ntwo"', "one two"],
    ['"// no # comment /* here"', "// no # comment /* here"],
    // One character a byte of UTF-8.
    ['"é"', "\xc3\xa9"],
    ['"€😀"', "\xe2\x82\xac\xf0\x9f\x98\x80"],
  ])("%s", (text, value) => expect(onlyValue(text)).toBe(value));

  test("end at a line break that is not escaped", () => {
    expect(complaints('x = "abc\ny = 2')).toEqual(["1:5 unclosed-string"]);
    expect(complaints('x = "abc')).toEqual(["1:5 unclosed-string"]);
  });

  test("in single quotes are refused as a whole", () => {
    const { diagnostics } = parseScript(
      { name: "quotes.stp", text: "probe begin { print_char('a'); print_char('\\n') }" },
      options,
    );
    expect(diagnostics.list.map(({ hint }) => hint)).toEqual(
      [97, 10].map((code) => `Write a string in double quotes: "text"; the number of this character is ${code}.`),
    );
    expect(complaints("print('it is')\nx = = 1")).toEqual(["1:7 single-quote", "2:5 unexpected-token"]);
  });
});

describe("tokens", () => {
  test.each([
    ["a<<<b<<c<=d", ["a", "<<<", "b", "<<", "c", "<=", "d"]],
    ["a>>>=b>>>c>>=d>>e", ["a", ">>>=", "b", ">>>", "c", ">>=", "d", ">>", "e"]],
    ["a.=b.c=~d!~e", ["a", ".=", "b", ".", "c", "=~", "d", "!~", "e"]],
    ["x->y-- -z", ["x", "->", "y", "--", "-", "z"]],
    ["@count(x)@hist_log", ["@count", "(", "x", ")", "@hist_log"]],
    ["$x$ $$parms$$ $y[0]$", ["$x$", "$$parms$$", "$y", "[", "0", "]", "$"]],
    ["%( %? %: %) a%b", ["%(", "%?", "%:", "%)", "a", "%", "b"]],
    ["a # b\nc // d\ne /* f # g\n */ h /**/ i", ["a", "c", "e", "h", "i"]],
    ["%{ int x; /* } */ %} y", ["%{ int x; /* } */ %}", "y"]],
  ])("%s", (text, expected) => expect(texts(text)).toEqual(expected));

  test("know their place, kind and what is before them", () => {
    const tokens = tokensOf('if x1\n  "a" 7');
    expect(printTokens(tokens)).toBe('1:1 keyword if\n1:4 name x1\n2:3 string "a"\n2:7 number 7');
    expect(tokensOf("a b/**/c\nd").map(({ gap }) => gap)).toEqual(["line", "space", "space", "line"]);
    expect(tokensOf("a.b").map(({ gap }) => gap)).toEqual(["line", "none", "none"]);
  });

  test("all twenty keywords are told from names", () => {
    const keywords =
      "probe global private function if else for foreach in limit return delete while break continue next string long try catch";
    expect(new Set(tokensOf(keywords).map(({ kind }) => kind))).toEqual(new Set(["keyword"]));
    expect(tokensOf(keywords)).toHaveLength(20);
    expect(tokensOf("probes iff _in $if limits").map(({ kind }) => kind)).toEqual(Array(5).fill("name"));
  });

  test.each([
    ["x = 1 é", "1:7 strange-character"],
    ["x = `1`", "1:5 strange-character"],
    ["/* never", "1:1 unclosed-comment"],
    ["x = %{ never", "1:5 unclosed-embedded-code"],
  ])("%s is refused", (text, first) => expect(complaints(text)[0]).toBe(first));
});

describe("script arguments", () => {
  test("are pasted as they are written, or as a string", () => {
    expect(texts("probe $1.return", ['kernel.function("x")'])).toEqual([
      "probe",
      "kernel",
      ".",
      "function",
      "(",
      '"x"',
      ")",
      ".",
      "return",
    ]);
    expect(tokensOf("@1", ['a "b" \\n €']).map((token) => "value" in token && token.value)).toEqual([
      'a "b" \\n \xe2\x82\xac',
    ]);
  });

  test("join what follows them, at the head of a token only", () => {
    expect(texts("$1stat", ["sys"])).toEqual(["sysstat"]);
    expect(texts('$2+$1 "$1" x$1 $1$2', ["a", "b"])).toEqual(["b", "+", "a", '"$1"', "x$1", "a$2"]);
  });

  test("are counted by $# and @#", () => {
    expect(tokensOf("$# @#", ["x", "y"]).map((token) => "value" in token && token.value)).toEqual([2n, "2"]);
  });

  test("that were not given are refused where they are used", () => {
    expect(complaints("print($1)\nprint(@2)", { arguments: ["7"] })).toEqual(["2:7 missing-argument"]);
    expect(complaints("print($0)")).toEqual(["1:7 missing-argument"]);
    expect(complaints("%( $# > 0 %? print($1) %: print(0) %)")).toEqual([]);
  });

  test("are not replaced inside arguments", () => {
    expect(complaints("print($1) print($2)", { arguments: ["@2", "1"] })).toEqual(["1:7 nested-argument"]);
  });

  test("that are never used draw one warning", () => {
    const { diagnostics } = parse("print($1)", { arguments: ["1", "2", "3"] });
    expect(diagnostics.list.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      "warning script arguments 2, 3 are never used",
    ]);
  });

  test("shift no place behind them", () => {
    const { diagnostics } = parse("print($1) x = = 2", { arguments: ["1 + 1 + 1 + 1 + 1"] });
    expect(diagnostics.list.map(({ span }) => span.start)).toEqual([14]);
  });
});
