/** What the groups of a match hold: the same in the kernel, by tables, as in user space, by search. */
import fc from "fast-check";
import { loadNative } from "../../kernel/tracing/native.js";
import { printedByBoth, runBoth } from "./both_sides.js";
import { Sides } from "./sides.js";

const native = loadNative();
/** Other test files of this process may have left some. */
const openBefore = native.openHandles();
const sides = new Sides(native);

/** Prints every group of a match. */
const SHOW = 'for (i = 0; i < ngroups(); i++) printf("<%s>", matched(i))';

describe("matched(n)", () => {
  // By POSIX: the leftmost of all matches, and of those the longest.
  test.each([
    ["abc", "b", "<b>"],
    ["xaay", "a*", "<>"],
    ["xaay", "a+", "<aa>"],
    ["/usr/bin/node", "^/([a-z]*)/.*/([a-z]*)$", "</usr/bin/node><usr><node>"],
    ["key=value; other=thing", "([a-z]+)=([a-z]+)", "<key=value><key><value>"],
    ["abcd", "(a|ab)(c|bcd)(d*)", "<abcd><a><bcd><>"],
    ["abab", "(ab)*", "<abab><ab>"],
    ["b", "(a)?b", "<b><>"],
    ["12:34:56", "([0-9]+):([0-9]+)", "<12:34><12><34>"],
    ["", "^(x?)$", "<><>"],
    ["one two", "(two)$", "<two><two>"],
    // Backwards, where a match may begin, this has more than a thousand states.
    ["bcab", "a|((a))|(([^a])*([^a]))((b){1,2}){1,2}[^a]|^[^a]((([^a].[^a])){2}(c))", "<a><><><><><><><><><><><>"],
  ])("of %p by %p", (text, pattern, expected) => {
    expect(printedByBoth(sides, "", `s = "${text}"; s =~ "${pattern}"; ${SHOW}`)).toBe(expected);
  });

  test("is that of the last match that succeeded", () => {
    const body = `function_result = find("k1=v1")
      if ("nothing" =~ "([0-9]+)") print("wrong")
      printf("%d %s %s|", ngroups(), matched(1), function_result)
      if ("a7" !~ "([0-9])") print("wrong")
      printf("%d %s|", ngroups(), matched(1))
      for (i = 0; i < 3; i++) { sprintf("n%d", i) =~ "n(.)"; print(matched(1)) }`;
    const declarations = 'function find:string(text:string) { text =~ "(.*)=(.*)"; return matched(2) }';
    expect(printedByBoth(sides, declarations, body)).toBe("3 k1 v1|2 7|012");
  });

  test("fails before any match, and for a group that is not there", () => {
    expect(runBoth(sides, "", 'print(ngroups())\n"b" =~ "a"\nprintln(matched(0))')).toMatchObject({
      printed: "0",
      failure: { message: "no match has succeeded yet", line: 5 },
    });
    expect(runBoth(sides, "", '"a" =~ "(a)"\nprintln(matched(2))').failure).toMatchObject({
      message: "the pattern has no group 2",
      line: 4,
    });
    expect(runBoth(sides, "", '"a" =~ "(a)"\ntry { matched(-1) } catch (why) { println(why) }').printed).toBe(
      "the pattern has no group -1\n",
    );
  });

  test("in a text as long as there can be", () => {
    const body =
      's = "x"; for (i = 0; i < 9; i++) s .= s\ns .= "!"\ns =~ "^(x+)(x)(!?)"\nprintln(strlen(matched(1)), matched(2), matched(3))';
    expect(printedByBoth(sides, "", body)).toBe("510x\n");
  });
});

const atom = fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "");
const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 4 },
    atom,
    tie("pattern").map((inner) => `(${inner})`),
    fc.tuple(tie("part"), fc.constantFrom("*", "+", "?", "{2}", "{1,2}")).map(([inner, times]) => `(${inner})${times}`),
  ),
  pattern: fc.oneof(
    { maxDepth: 4 },
    fc.array(tie("part"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
    fc.tuple(tie("pattern"), tie("pattern")).map((two) => two.join("|")),
    tie("pattern").map((inner) => `^${inner}`),
    tie("pattern").map((inner) => `${inner}$`),
  ),
}));

test("31 groups can be told in the kernel; with more it is said of which pattern, and outside there is no limit", () => {
  const pattern = (groups: number): string => "(a)".repeat(groups);
  const body = (groups: number): string =>
    `if ("${"a".repeat(groups)}" =~ "${pattern(groups)}") print(matched(${groups}))`;
  expect(printedByBoth(sides, "", body(31))).toBe("a");
  expect(sides.inUserSpace({ declarations: "", body: body(32) })).toMatchObject({ printed: "a" });
  const refused = `n = 1; ${body(32)}`;
  const { script, diagnostics } = sides.compile({ declarations: "", body: refused });
  expect(script).toBeNull();
  expect(
    diagnostics.map(({ code, message, span }) => [code, message, span.source.text.slice(span.start, span.end)]),
  ).toEqual([
    [
      "kernel/cannot",
      "this pattern has 32 groups, and what groups hold can be told of 31 inside a probe",
      `"${"a".repeat(32)}" =~ "${pattern(32)}"`,
    ],
  ]);
});

test("any pattern finds in any text what it finds outside", () => {
  fc.assert(
    fc.property(
      pattern,
      fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 }), { minLength: 1, maxLength: 5 }),
      (found, texts) => {
        fc.pre((found.match(/\(/g)?.length ?? 0) <= 30);
        const tries = texts.map((text) => `if ("${text}" =~ "${found}") { ${SHOW} println() } else println("none")`);
        printedByBoth(sides, "", tries.join("\n"));
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

afterAll(() => expect(native.openHandles()).toBe(openBefore));
