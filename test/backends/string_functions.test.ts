/** Functions on strings inside probes give what they give outside, for texts that are known and for such that are not. */
import fc from "fast-check";
import { loadNative } from "../../kernel/tracing/native.js";
import { prelude } from "../../kernel/tapset/prelude.js";
import { printedByBoth } from "./both_sides.js";
import { Sides } from "./sides.js";

const native = loadNative();
/** Other test files of this process may have left some. */
const openBefore = native.openHandles();
const sides = new Sides(native);
const tokens = prelude.find(({ name }) => name === "tapset/tokens")!.text.replaceAll("private ", "");

/** Declares `text()`, which the compiler cannot see through. */
const UNKNOWN = 'global e = ""\nfunction text:string(t:string) { return t . e }';

test.each([
  ['str_replace(text("one two one"), "one", "1")', "1 two 1"],
  ['str_replace(text("aaaa"), text("aa"), text("b"))', "bb"],
  ['str_replace(text("abc"), "", "x")', "abc"],
  ['str_replace(text("a.b"), ".", "")', "ab"],
  ['text_str(text("a\\n\\"\\001"))', 'a\\n\\"\\001'],
  ['text_strn(text("a\\nb"), 2, 0)', "a"],
  ['text_strn(text("abcdefgh"), 8, 1)', '"abc"...'],
  ['text_strn(text("abcdef"), 8, pid() > 0)', '"abcdef"'],
  ['string_quoted(text("a\\\\b"))', '"a\\\\b"'],
  ['strtol(text("zz"), 36)', "1295"],
  ['strtol(text("101"), 2)', "5"],
  ['strtol(text("-0x1F"), 0)', "-31"],
  ['strtol(text("0x"), 16)', "0"],
  ['strtol(text(" 5"), 10)', "0"],
  ['strtol(text("18446744073709551617"), 10)', "1"],
  ['strpos(text("haystack"), text("st"))', "3"],
  ['isinstr(text("haystack"), text("no")) + strpos("abc", text(""))', "0"],
])("%s is %s", (call, expected) => {
  expect(printedByBoth(sides, UNKNOWN, `println(${call})`)).toBe(`${expected}\n`);
});

test("tokenize", () => {
  const body = `t = tokenize(text(",,one two,,three "), text(", "))
    while (t != "") { printf("<%s>", t); t = tokenize(text(" ,")) }
    printf("<%s>", tokenize("a;b", ";")); printf("<%s>", tokenize(";")); printf("<%s>", tokenize(";"))`;
  expect(printedByBoth(sides, UNKNOWN + tokens, body)).toBe("<one><two><three><a><b><>");
});

const CHARACTERS = ["a", "b", "0", "x", "7", "-", "\\n", '\\"', "\\\\", "\\001", "\\377", " ", ","];
const text = fc
  .array(fc.oneof(fc.constantFrom("a", "b"), fc.constantFrom(...CHARACTERS)), { maxLength: 14 })
  .map((characters) => `"${characters.join("")}"`);
const long = fc.tuple(text, fc.integer({ min: 0, max: 8 })).map(([one, times]) => ({ one, times }));
const number = fc.oneof(fc.integer({ min: -3, max: 40 }), fc.constantFrom(510, 511, 512, 513, 1 << 20));

test("any texts", () => {
  fc.assert(
    fc.property(long, text, text, number, fc.boolean(), ({ one, times }, part, other, size, isKnown) => {
      const [p, o, n] = isKnown
        ? [part, other, String(size)]
        : [`text(${part})`, `text(${other})`, `(${size} + strlen(e))`];
      printedByBoth(
        sides,
        UNKNOWN + tokens,
        `t = text(${one}); for (i = 0; i < ${times}; i++) t .= t
        println(str_replace(t, ${p}, ${o}))
        println(isinstr(t, ${p}), strpos(t, ${o}), strpos(${one}, ${p}))
        println(text_str(t), string_quoted(t))
        println(text_strn(t, ${n}, 0), text_strn(t, ${n}, 1), text_strn(${o}, 9, ${n}))
        println(strtol(t, ${n}), " ", strtol(${o}, 0), " ", strtol(${p}, 16), " ", strtol(${p}, 8))
        for (k = tokenize(t, ${p}); k != "" && j++ < 6; k = tokenize(${o})) printf("<%s>", k)`,
      );
    }),
    { numRuns: 60 },
  );
}, 120_000);

afterAll(() => expect(native.openHandles()).toBe(openBefore));
