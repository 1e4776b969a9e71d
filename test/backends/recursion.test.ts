/** Functions that call themselves: inside a probe what they are outside, value by value and error by error. */
import fc from "fast-check";
import { loadNative } from "../../kernel/tracing/native.js";
import { printedByBoth, runBoth } from "./both_sides.js";
import { isRefusal, Sides } from "./sides.js";

const native = loadNative();
/** Other test files of this process may have left some. */
const openBefore = native.openHandles();
const sides = new Sides(native);

test.each<[string, string, string, string]>([
  [
    "a factorial",
    "function f(n) { return n < 2 ? 1 : n * f(n - 1) }",
    "println(f(pid() - pid() + 15))",
    "1307674368000",
  ],
  ["Fibonacci's numbers", "function f(n) { if (n < 2) return n; return f(n - 1) + f(n - 2) }", "println(f(12))", "144"],
  [
    "two that call each other",
    "function even(n) { return n == 0 ? 1 : odd(n - 1) } function odd(n) { return n == 0 ? 0 : even(n - 1) }",
    "println(even(10), odd(10), even(7), odd(7))",
    "1001",
  ],
  ["strings", 'function f:string(n) { return n ? f(n / 2) . sprint(n % 2) : "" }', "println(f(37))", "100101"],
  [
    "parameters that change places",
    'function f:string(n, a:string, b:string) { if (n == 0) return a . "-" . b; return f(n - 1, b, a . b) }',
    'println(f(4, "x", "y"))',
    // xy, y.xy, … by hand: (x,y) (y,xy) (xy,yxy) (yxy,xyyxy) (xyyxy,yxyxyyxy)
    "xyyxy-yxyxyyxy",
  ],
  [
    "a call within a call",
    "function f(m, n) { if (m == 0) return n + 1; if (n == 0) return f(m - 1, 1); return f(m - 1, f(m, n - 1)) }",
    "println(f(2, 3))",
    "9",
  ],
  [
    "calls in loops, with what they skip",
    `function f(n) { for (i = 0; i < n; i++) { if (i == 1) continue; if (i == 3) break; s += 1 + f(i) } return s }`,
    "println(f(2), f(3), f(5))",
    // f(0) = 0, f(1) = 1, f(2) = 1, f(3) = 1 + 1 + f(2) = 3, f(4) = f(5) = 3
    "133",
  ],
  [
    "a loop whose condition calls",
    "function f(n) { while (f0(n, i) && i < 5) i++; return i } function f0(n, i) { return n > 0 ? i < f(n - 1) + 2 : 0 }",
    "println(f(0), f(1), f(2))",
    "024",
  ],
  [
    "what is evaluated before a call",
    "global g = 1 function f(n) { if (n == 0) return 0; g *= 2; a = g + f(n - 1) * 100 + g; return a }",
    'println(f(2), " ", g)',
    // g is 2 then 4 inside: inner 4 + 0 + 4 = 8, outer 2 + 800 + 4
    "806 4",
  ],
  [
    "what is left out",
    'function f(n) { printf("%d", n); return n > 2 || (f(n + 1) && f(3)) }',
    'println(" ", f(1), f(2))',
    // f(2) asks f(3) twice, f(1) asks f(2) and then f(3).
    "12333233 11",
  ],
  [
    "several of one name",
    "function f(n) { if (n % 2) next; return n ? 10 + f(n - 1) : 0 } function f(n) { return 1 + f(n - 1) }",
    "println(f(4), f(5))",
    "2223",
  ],
  [
    "a walk through a tree",
    `global tree
    function walk(node, depth) { foreach ([p, c-] in tree[node, *]) { printf("%d%d ", depth, c); walk(c, depth + 1) } printf("%d< ", node) }`,
    "tree[1, 2]; tree[1, 2] = 1; tree[1, 3] = 1; tree[2, 4] = 1; tree[2, 5] = 1; tree[3, 6] = 1; walk(1, 0)",
    "03 16 6< 3< 02 15 5< 14 4< 2< 1< ",
  ],
  [
    "errors that are caught on the way",
    `function f(n) { if (n == 0) return 1 / n; try { return 10 + f(n - 1) } catch (why) { printf("%d:%s ", n, why); if (n == 2) return 5; error("again") } }`,
    "println(f(3))",
    "1:division by 0 2:again 15",
  ],
  [
    "a function that calls back through another",
    "function f(n) { return n ? g(n) : 0 } function g(n) { return h(n) + f(n - 1) } function h(n) { return n * n }",
    'for (i = 0; i < 4; i++) printf("%d ", f(i))',
    "0 1 5 14 ",
  ],
  [
    "one circle inside of another",
    "function f(n) { return n ? f(n - 1) + g(n) : 0 } function g(n) { return n ? 1 + g(n - 1) : 0 }",
    "println(f(6))",
    "21",
  ],
  [
    "nothing to return",
    "global s function f(n) { s <<< n; if (n) { f(n - 1); f(n - 2 < 0 ? 0 : n - 2) } }",
    "f(5); println(@count(s))",
    "25",
  ],
])("%s", (_, declarations, body, expected) => {
  expect(printedByBoth(sides, declarations, body).replace(/\n$/, "")).toBe(expected);
});

describe("errors", () => {
  test("too many calls in each other", () => {
    const { failure } = runBoth(
      sides,
      "function f(n) { return n ? 1 + f(n - 1) : 0 }",
      "println(f(19))\nprintln(f(20))",
    );
    expect(failure).toMatchObject({ message: "MAXNESTING exceeded", line: 1 });
    expect(failure?.places).toHaveLength(21);
  });

  test("of a function that is called on the way", () => {
    const declarations =
      "function f(n) { return n ? g(n) : 0 }\nfunction g(n) { return f(n - 1) }\nfunction h(n) { return g(n) }";
    const { printed, failure } = runBoth(sides, declarations, "try { h(30) } catch (why) { println(why) }\nh(8)");
    expect(failure).toBeNull();
    expect(printed).toBe("MAXNESTING exceeded\n");
  });

  test("where they happen, and the calls that led there", () => {
    const declarations =
      "function f(n) {\n  if (n == 1) return inner(n)\n  return f(n - 1)\n}\nfunction inner(n) { return 1 / (n - 1) }";
    const { failure } = runBoth(sides, declarations, "println(f(3))");
    expect(failure).toMatchObject({ message: "division by 0", line: 5 });
    expect(failure?.places).toHaveLength(5);
  });

  test("without end", () => {
    expect(
      runBoth(sides, "function f(n) { f(n); return 1 }", "try { f(1) } catch (why) { println(why) }").printed,
    ).toBe("MAXNESTING exceeded\n");
  });

  test("when no function of the name is left", () => {
    const { failure } = runBoth(sides, "function f:long(n) { if (n == 0) next; return f(n - 1) }", "println(f(2))");
    expect(failure).toMatchObject({ message: "all functions exhausted", line: 1 });
  });

  test("a call from a loop over buckets is refused where it stands", () => {
    const result = sides.inKernel({
      declarations: "global s\nfunction f(n) { foreach (b in @hist_log(s)) if (n) f(n - 1); return 0 }",
      body: "s <<< 1; f(2)",
    });
    expect(isRefusal(result) && result.refused[0]?.message).toMatch(/f\(\) calls itself from a loop over the buckets/);
  });
});

const NUMBER: fc.Arbitrary<string> = fc.letrec<{ number: string }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4, depthSize: "medium" },
    fc.constantFrom("n", "g", "x", "0", "1", "7", 'a["k", n]', "strlen(t)"),
    fc.constantFrom(
      "f(n - 1, x)",
      "f(n - 2, x + 1)",
      "h(n - 1)",
      'strlen(s(n - 1, "y"))',
      "g++",
      "(g += 3)",
      "(x = n)",
    ),
    fc
      .tuple(tie("number"), fc.constantFrom("+", "-", "*", "/", "&&", "||", "<", "=="), tie("number"))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc.tuple(tie("number"), tie("number"), tie("number")).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    tie("number").map((inner) => `(a["k", (${inner}) % 3] += 1)`),
    tie("number").map((inner) => `strlen(sprintf("%d|%s", ${inner}, t))`),
  ),
})).number;

const STATEMENT: fc.Arbitrary<string> = fc.letrec<{ statement: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    NUMBER.map((value) => `x = ${value};`),
    NUMBER.map((value) => `printf("%d,", ${value});`),
    NUMBER.map((value) => `t .= sprint(${value}) . s(n - 2, t);`),
    NUMBER.map((value) => `if (${value} > 50) return ${value};`),
    fc.tuple(NUMBER, tie("statement")).map(([value, inner]) => `if (${value}) { ${inner} } else { x++; ${inner} }`),
    fc
      .tuple(NUMBER, tie("statement"))
      .map(([value, inner]) => `for (i = 0; i < 2; i++) { ${inner} if (${value} < 3) continue; }`),
    fc
      .tuple(NUMBER, tie("statement"))
      .map(([value, inner]) => `try { ${inner} x = 1 / (${value}); } catch (why) { print(why); ${inner} }`),
    tie("statement").map((inner) => `foreach ([k, j-] in b limit 2) { x += j; if (j == 7) { ${inner} } }`),
    tie("statement").map((inner) => `foreach ([k, j+] in b) { x += j; ${inner} }`),
  ),
})).statement;

test("any functions", () => {
  let finished = 0;
  fc.assert(
    fc.property(
      fc.array(STATEMENT, { minLength: 1, maxLength: 2 }),
      STATEMENT,
      NUMBER,
      fc.integer({ min: 0, max: 4 }),
      (first, second, value, depth) => {
        const declarations = `global g, a, b
        function f:long(n:long, x:long) { if (n <= 0 || g > 300) return x; g++; t = sprint(n); ${first.join("\n")} return ${value} }
        function h:long(n:long) { if (n <= 0 || g > 300) return n; g++; x = n; t = ""; ${second} return x }
        function s:string(n:long, t:string) { if (n <= 0 || g > 300) return t . "!"; g++; return t . s(n - 1, "z") . sprint(h(n - 1)) }`;
        const body =
          'b["x", 2] = 1; b["y", 1] = 2; a["k", 0] = 1;\nprintln(f(' + depth + ', 2), " ", g)\nprintln(s(2, ""))';
        const { failure } = runBoth(sides, declarations, body);
        if (failure === null) finished++;
      },
    ),
    { numRuns: 60 },
  );
  expect(finished).toBeGreaterThan(15);
}, 120_000);

describe("loops over more elements than a pass keeps, which calls interrupt", () => {
  const fill = (count: number): string => `for (i = 0; i < ${count}; i++) a[i] = i * 37 % 101;`;
  /** What `fill` puts in, in order. */
  const filled = (count: number): readonly (readonly [number, number])[] =>
    Array.from({ length: count }, (_, index) => [index, (index * 37) % 101]);

  test("a tree is drawn from a list of parents", () => {
    const count = 121;
    const parentOf = (node: number): number => Math.trunc((node - 1) / 3);
    const drawn = (node: number, depth: number): string =>
      Array.from({ length: count - 1 }, (_, index) => index + 1)
        .filter((child) => parentOf(child) === node)
        .map((child) => `${depth}:${child} ${drawn(child, depth + 1)}`)
        .join("");
    const printed = printedByBoth(
      sides,
      `global parent
       function draw(n, d) { foreach (c in parent) if (parent[c] == n) { printf("%d:%d ", d, c); draw(c, d + 1) } return 0 }`,
      `for (i = 1; i < ${count}; i++) parent[i] = (i - 1) / 3; draw(0, 0)`,
    );
    expect(printed).toBe(drawn(0, 0));
  });

  test.each([
    ["in order of insertion", "k in a", (rows: readonly (readonly [number, number])[]) => rows],
    ["by key", "k- in a", (rows: readonly (readonly [number, number])[]) => rows.toReversed()],
    [
      "by value, as far as a limit",
      "k in a- limit 90",
      (rows: readonly (readonly [number, number])[]) => rows.toSorted(([k, v], [l, w]) => w - v || k - l).slice(0, 90),
    ],
  ])("%s", (_, head, order) => {
    const rows = order(filled(150));
    const model = (depth: number): bigint => {
      let sum = 0n;
      for (const [key] of rows) {
        sum = (sum * 3n + BigInt(key)) % 1_000_003n;
        if (key % 40 === 3 && depth > 0) sum += model(depth - 1);
      }
      return sum;
    };
    const printed = printedByBoth(
      sides,
      `global a
       function f(n) { s = 0; foreach (${head}) { s = (s * 3 + k) % 1000003; if (k % 40 == 3 && n > 0) s += f(n - 1) } return s }`,
      `${fill(150)} println(f(2))`,
    );
    expect(printed).toBe(`${model(2)}\n`);
  });

  test("an error that comes out of a call is caught, and the loop goes on", () => {
    const printed = printedByBoth(
      sides,
      `global a
       function f(n) {
         foreach (k in a)
           try { if (k == 70 && n) { f(n - 1); error("x") } if (k > 97) printf("%d:%d ", n, k) } catch { printf("!%d ", n) }
         return 0
       }`,
      `${fill(100)} f(2)`,
    );
    expect(printed).toBe("0:98 0:99 !1 1:98 1:99 !2 2:98 2:99 ");
  });

  test("a loop in a loop, both interrupted", () => {
    const printed = printedByBoth(
      sides,
      `global a
       function f(n) {
         foreach (k in a) {
           if (n && k == 66) foreach (l in a) if (l == 67) { f(n - 1); printf("in %d ", l) }
           if (k == 68) { printf("%d ", k); break }
         }
         return 0
       }`,
      `${fill(100)} f(2)`,
    );
    expect(printed).toBe("68 in 67 68 in 67 68 ");
  });
});

afterAll(() => expect(native.openHandles()).toBe(openBefore));
