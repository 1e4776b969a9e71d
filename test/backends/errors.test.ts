/** Run-time errors: what is said, of which place, and which calls led there, in user space and in the kernel alike. */
import { loadNative } from "../../kernel/tracing/native.js";
import { isRefusal, Sides, textOf, type Failure, type Outcome } from "./sides.js";

const sides = new Sides(loadNative());

/** Where the marks stand, in the order of their numbers, once they are taken out: `line:column`. */
function unmark(text: string): { readonly text: string; readonly places: readonly string[] } {
  const places: string[] = [];
  let plain = "";
  for (let rest = text; rest !== "";) {
    const mark = /^«(\d)/.exec(rest);
    if (mark) {
      const lines = plain.split("\n");
      places[Number(mark[1])] = `${lines.length}:${lines.at(-1)!.length + 1}`;
    } else plain += rest.charAt(0);
    rest = rest.slice(mark ? mark[0].length : 1);
  }
  return { text: plain, places };
}

function run(
  declarations: string,
  body: string,
): { readonly both: readonly Outcome[]; readonly places: readonly string[] } {
  const point = "P";
  const { places } = unmark(textOf({ declarations, body }, point));
  const script = { declarations: unmark(declarations).text, body: unmark(body).text };
  const both = [sides.inUserSpace(script), sides.inKernel(script)].map((outcome) => {
    if (isRefusal(outcome)) throw new Error(JSON.stringify(outcome));
    return outcome;
  });
  return { both, places };
}

/** Marks: 0 where it happens, 1 and more the calls that led there, innermost first. */
const ERRORS: readonly (readonly [message: string, declarations: string, body: string])[] = [
  ["division by 0", "", "n = 0; println(1 «0/ n)"],
  ["division by 0", "", "n = 0; x = 3 +\n  (7 «0% n)"],
  ["division by 0", "global z", "z = 5; z «0/= z - 5; println(z)"],
  ["division by 0", "global a", 'a["k"] = 5; a["k"] «0%= 0'],
  ["empty aggregate", "global s", "if (0) s <<< 1; println(«0@avg(s))"],
  ["empty aggregate", "global s", "if (0) s[1] <<< 1; println(1 + «0@max(s[5]))"],
  ["empty aggregate", "global s", "if (0) s <<< 1; print(«0@hist_log(s))"],
  ["empty aggregate", "global s", "if (0) s <<< 1; println(«0@hist_log(s)[3])"],
  ["empty aggregate", "global s", "if (0) s <<< 1; foreach (b in «0@hist_log(s)) println(b)"],
  ["histogram index out of range", "global s", "s <<< 1; println(«0@hist_log(s)[128])"],
  ["Array overflow, check size limit (1)", "global a[1]", "a[1] = 1; «0a[2] = 1"],
  ["Array overflow, check size limit (1)", "global a[1]", "a[1]++; x = «0a[2]++"],
  ["Array overflow, check size limit (1)", "global s[1]", "s[1] <<< 1; «0s[2] <<< 1"],
  ["MAXACTION exceeded", "", "«0while (1) x++"],
  ["MAXACTION exceeded", "", "«0for (i = 0; ; i++) { x = i; y = i }"],
  ["all functions exhausted", "function f(n) { if (n) next; return 1 }", "println(«0f(1))"],
  ["that is enough", "", 'x = 1; «0error("that is enough")'],
  ["assertion failed", "", "«0assert(1 == 2)"],
  ["sums are wrong", "", '«0assert(1 == 2, "sums are wrong")'],
  ["the pattern has no group 4", "", 'if ("abc" =~ "(b)") println(«0matched(4))'],
  [
    "division by 0",
    "function inner(n) { return 10 «0% n }\nfunction outer(n) { return «1inner(n - 1) }",
    "println(«2outer(1))",
  ],
  ["division by 0", "function f(n) { if (n == 0) return 1 «0/ n; return «1f(n - 1) }", "println(«2f(1))"],
  ["no", 'function f(n) { if (n == 1) «0error("no") }', "f(0); «1f(1)"],
  ["Array overflow, check size limit (1)", "global a[1]\nfunction f(n) { return n }", "a[f(1)] = 1; «0a[f(2)] = f(3)"],
  [
    "Array overflow, check size limit (1)",
    "global s[1]\nfunction f(n) { return n }",
    "s[f(1)] <<< 1; «0s[f(2)] <<< f(3)",
  ],
  ["f", 'function f(n) { return sprint("f") }', "x = 1; «0error(f(1))"],
  [
    "empty aggregate",
    "global s\nfunction f() { while (1) return «0@min(s) }\nfunction g() { foreach (k in t) return «1f() }\nglobal t",
    "if (0) s <<< 1; t[1] = 1; for (i = 0; i < 3; i++) x = «2g()",
  ],
];

describe("the place of an error", () => {
  test.each(ERRORS)("%s: %s %s", (message, declarations, body) => {
    const { both, places } = run(declarations, body);
    const failure: Failure = { message, line: Number(places[0]!.split(":")[0]), places };
    // The test's own point is shorter than either back end's.
    expect(both.map((outcome) => outcome.failure)).toEqual([failure, failure]);
  });
});

const abort = (declarations: string, body: string): unknown =>
  run(declarations, body).both.map(({ printed, failure, aborted, globals }) => ({
    printed,
    failure,
    aborted,
    n: globals.get("n"),
  }));

describe("abort() leaves at once", () => {
  test.each([
    ["a handler", "global n", "n = 1; print(1); abort(); n = 2; print(2)"],
    ["loops", "global n", "while (1) { for (;;) { n++; print(1); abort() } } n = 2"],
    ["functions", "global n function f() { while (1) { n++; abort() } return 1 }", "print(1); print(f()); n = 2"],
    ["a try", "global n", "try { n = 1; print(1); abort() } catch { n = 2 } n = 3; print(2)"],
  ])("%s", (_, declarations, body) => {
    const outcome = { printed: "1", failure: null, aborted: true, n: ["[] = 1"] };
    expect(abort(declarations, body)).toEqual([outcome, outcome]);
  });
});
