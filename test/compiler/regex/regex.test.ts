import fc from "fast-check";
import { compileRegex, findGroups, matches, type Regex } from "../../../kernel/compiler/regex/index.js";

function compiled(pattern: string): Regex {
  const regex = compileRegex(pattern);
  if ("problem" in regex) throw new Error(regex.problem.message);
  return regex;
}

/** Text, pattern, what the groups hold (null: no match). By hand, from POSIX's rules: leftmost, then longest. */
const CASES: readonly (readonly [string, string, readonly (string | null)[] | null])[] = [
  ["bash", "bash", ["bash"]],
  ["bash", "as", ["as"]],
  ["bash", "^as", null],
  ["bash", "sh$", ["sh"]],
  ["bash", "^b.*h$", ["bash"]],
  ["", "^$", [""]],
  ["x", "^$", null],
  ["", "$^", [""]],
  ["x", "$^", null],
  ["aaa", "a{2}", ["aa"]],
  ["aaaa", "a{2,3}", ["aaa"]],
  ["ab", "a|ab", ["ab"]],
  ["xabcd", "c|abcd", ["abcd"]],
  ["/usr/lib/x.so", "/([a-z]+)/([a-z]+)", ["/usr/lib", "usr", "lib"]],
  ["key=value", "(.*)=(.*)", ["key=value", "key", "value"]],
  ["abc", "(x)?b(c)", ["bc", null, "c"]],
  ["a-b", "[a-]+", ["a-"]],
  ["]", "[]]", ["]"]],
  ["a1_", "[[:alpha:]][[:digit:]]", ["a1"]],
  ["tab\there", "\\t", ["\t"]],
  ["1.5", "1\\.5", ["1.5"]],
  ["155", "1\\.5", null],
  ["foobar", "(foo|fo)(bar|obar)", ["foobar", "foo", "bar"]],
];

test.each(CASES)("%j =~ %j", (text, pattern, expected) => {
  const regex = compiled(pattern);
  expect(matches(regex.automaton, text)).toBe(expected !== null);
  const groups = findGroups(regex.machine, text);
  expect(groups && groups.map((group) => group && text.slice(...group))).toEqual(expected);
});

test.each([
  ["(a", 0],
  ["a)", 1],
  ["[a", 0],
  ["*a", 0],
  ["a{3,2}", 1],
  ["[[:nope:]]", 1],
  ["a\\", 1],
])("%j is refused at %d", (pattern, offset) => {
  expect(compileRegex(pattern)).toMatchObject({ problem: { offset } });
});

/** Patterns whose meaning is the same in JavaScript, which judges them independently. */
const patterns = fc
  .letrec<{ pattern: string; atom: string }>((tie) => ({
    pattern: fc
      .array(fc.tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,2}")), {
        minLength: 1,
        maxLength: 4,
      })
      .map((parts) => parts.map((part) => part.join("")).join("")),
    atom: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "^", "$").filter((text) => text.length > 0),
      fc.tuple(tie("pattern"), tie("pattern")).map(([left, right]) => `(${left}|${right})`),
    ),
  }))
  .pattern.filter((pattern) => !/[\^$][*+?{]/.test(pattern));

test("a pattern that needs more states than a table can be asked to have is refused", () => {
  expect(compileRegex("(a|b)*a(a|b){20}")).toMatchObject({
    problem: { message: expect.stringMatching(/too large/) as string },
  });
});

test("agrees with JavaScript on whether and where a text matches", () => {
  fc.assert(
    fc.property(patterns, fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 }), (pattern, text) => {
      const regex = compileRegex(pattern);
      // Repeats inside repeats can ask for more states than we let in; that refusal has its own test.
      if ("problem" in regex) return expect(regex.problem.message).toMatch(/too large/);
      const found = new RegExp(pattern, "s").exec(text);
      expect(matches(regex.automaton, text)).toBe(found !== null);
      // JavaScript takes the first choice, POSIX the longest: only the start must be the same.
      expect(findGroups(regex.machine, text)?.[0]?.[0]).toBe(found?.index);
    }),
    { numRuns: 1000 },
  );
});
