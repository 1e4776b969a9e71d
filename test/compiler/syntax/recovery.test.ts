import { lex } from "../../../kernel/compiler/syntax/lex.js";
import { parseScript } from "../../../kernel/compiler/syntax/parse.js";
import { complaints, options, parse } from "./fixture.js";

const script = { mode: "script" } as const;

test("keys behind an operator want parentheses", () => {
  const text = "probe begin { if (![1, 2] in a) b }";
  const { diagnostics } = parseScript({ name: "keys.stp", text }, options);
  expect(diagnostics.list.map(({ hint }) => hint)).toEqual([
    "Several keys stand before `in` only, and in parentheses behind an operator: `!([a, b] in x)`.",
  ]);
});

test.each([
  [
    "every statement is judged for itself",
    "probe begin { a = = 1 b = )\n c = 2 d = = 3 }\nprobe end { e = }",
    ["1:19 unexpected-token", "2:12 unexpected-token", "3:17 unexpected-token"],
  ],
  [
    "a bad branch leaves the else with its if",
    "probe begin { if (a) x = = 3\n else y = 1 }",
    ["1:26 unexpected-token"],
  ],
  [
    "a bad head leaves the body",
    "probe begin { if (a b) { c = = 1 } else { d } while (1 { e = = 2 } }",
    ["1:21 unclosed-bracket", "1:30 unexpected-token", "1:56 unclosed-bracket", "1:62 unexpected-token"],
  ],
  ["missing parentheses", "probe begin { if x > 1 { a } else { b } }", ["1:18 unexpected-token"]],
  [
    "an argument list is left as a whole",
    'probe begin {\n  printf("%d" x,\n    y,\n    z)\n  w = = 2\n}',
    ["2:15 unclosed-bracket", "5:7 unexpected-token"],
  ],
  ["an unclosed parenthesis ends with its line", "probe begin {\n  x = (1 + 2\n  y = 3\n}", ["3:3 unclosed-bracket"]],
  [
    "a forgotten brace is noticed by the next probe",
    "probe begin {\n  x = 1\nprobe end {\n  y = = 2\n}",
    ["3:1 missing-brace", "4:7 unexpected-token"],
  ],
  ["and on the same line", "probe begin { x = 1 probe end { y = 2 }", ["1:21 missing-brace"]],
  ["a nested probe is not a forgotten brace", "probe begin {\n  probe end {\n  }\n}", ["2:3 nested-declaration"]],
  ["nor is a nested global", "probe begin { global x\n x = 1 }", ["1:15 nested-declaration"]],
  ["a brace too many", "probe begin { } }\nprobe end { }", ["1:17 stray-brace"]],
  ["one left over after another mistake", "probe begin { probe end { } }", ["1:15 missing-brace"]],
  [
    "a misspelt probe",
    "prob begin { x = 1 }\nprobe end { y = = 1 }",
    ["1:1 statement-outside-probe", "2:17 unexpected-token"],
  ],
  ["a bad function head", "function f(a b) { x = = 1 }", ["1:14 unclosed-bracket", "1:23 unexpected-token"]],
])("%s", (_, text, expected) => expect(complaints(text, script)).toEqual(expected));

test("what could be read stays in the tree", () => {
  const { script: tree } = parse("global a\nprobe begin { b = = 1; c = 2 }\nglobal = 3\nfunction f() { d }");
  expect(tree.items.map(({ kind }) => kind)).toEqual(["global", "probe", "function"]);
  const [, probe] = tree.items;
  expect(probe?.kind === "probe" && probe.body.statements.map(({ kind }) => kind)).toEqual(["expression"]);
});

function related(text: string): (number | undefined)[] {
  return parse(text).diagnostics.list.map((diagnostic) => diagnostic.related?.span.start);
}

test("a missing bracket or brace points at the one that is open", () => {
  expect(related("print(f(1, 2)")).toEqual([5]);
  expect(related("{ if (a) {\n b }")).toEqual([0]);
  expect(related("foreach (k+ in a-) ;")).toEqual([10]);
});

test.each([
  ["( times 10,000", "(".repeat(10_000), "1:200 too-deep"],
  ["{ times 10,000", "{".repeat(10_000), "1:201 too-deep"],
  ["a long chain", `${"a + ".repeat(10_000)}a`, "too-deep"],
  ["else if times 5,000", `${"if (a) b else ".repeat(5_000)}c`, "too-deep"],
  ["prefixes", "- ".repeat(10_000), "too-deep"],
  ["assignments", `${"a = ".repeat(10_000)}1`, "too-deep"],
  ["members", `$a${"->b".repeat(10_000)}`, "too-deep"],
  ["loops", "while (1) ".repeat(10_000), "too-deep"],
  ["groups of points", `probe ${"{a,".repeat(10_000)}`, "too-deep"],
])("%s: one complaint and no overflow", (_, text, complaint) => {
  const all = complaints(text);
  expect(all).toHaveLength(1);
  expect(all[0]).toContain(complaint);
});

test("200 parentheses are not too many", () => {
  expect(complaints(`${"(".repeat(190)}1${")".repeat(190)}`)).toEqual([]);
});

test("after fifty mistakes the text is given up", () => {
  const all = complaints("a = = 1\n".repeat(1000));
  expect(all).toHaveLength(51);
  expect(all.at(-1)).toBe("51:5 too-many-errors");
  expect(complaints("é ".repeat(1000))).toHaveLength(51);
});

describe("one wrong token seldom gives more than one complaint", () => {
  const text = `global reads, start%[1000]
function label:string (id:long, text) {
  return sprintf("%d:%s", id, text)
}
probe syscall.{read,write}.return ? {
  if (!([tid(), name] in start))
    start[tid(), name] = gettimeofday_ns()
  else {
    next
  }
  reads[name] <<< $count ? $count : 0
  try { x = 1 / total } catch (message) { warn(message) }
  delete start[tid(), *]
}
probe timer.s(1), begin(-1) {
  for (i = 0; i < 3; i++) {
    while (1) { break }
  }
  foreach ([a, b-] in start limit 10)
    printf("%s %d", a, b)
  print(@hist_log(reads["read"]))
}
probe end { exit() }`;
  const tokens = lex({ name: "test", text }, []).tokens.slice(0, -1);

  test.each<[string, (before: string, token: string, after: string) => string]>([
    ["left out", (before, _, after) => before + after],
    ["doubled", (before, token, after) => `${before}${token} ${token}${after}`],
    ["after a `)`", (before, token, after) => `${before} ) ${token}${after}`],
    ["after a `=`", (before, token, after) => `${before} = ${token}${after}`],
  ])("%s", (_, change) => {
    const counts = tokens.map(({ span }) => {
      const { start, end } = span;
      const changed = change(text.slice(0, start), text.slice(start, end), text.slice(end));
      return complaints(changed, script).length;
    });
    expect(counts).toHaveLength(186);
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
    expect(counts.filter((count) => count <= 1).length / counts.length).toBeGreaterThan(0.88);
    expect(counts.filter((count) => count <= 2).length / counts.length).toBeGreaterThan(0.97);
  });
});
