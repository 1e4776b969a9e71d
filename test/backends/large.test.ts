/** Scripts at the limits of the verifier: each must run as in user space, or be refused with a reason. */
import { loadNative } from "../../kernel/tracing/native.js";
import { isRefusal, Sides, type Script } from "./sides.js";

const native = loadNative();
/** Other test files of this process may have left some. */
const openBefore = native.openHandles();
const sides = new Sides(native);

const times = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

/** What both sides print. */
function printedByBoth(body: string, declarations = ""): string {
  const script: Script = { declarations, body };
  const kernel = sides.inKernel(script);
  const user = sides.inUserSpace(script);
  if (isRefusal(kernel) || isRefusal(user)) throw new Error(`refused: ${JSON.stringify([kernel, user])}`);
  expect(kernel.failure).toEqual(user.failure);
  expect(kernel.globals).toEqual(user.globals);
  expect(kernel.printed).toEqual(user.printed);
  return kernel.printed;
}

function refusal(body: string, declarations = ""): { readonly code: string; readonly message: string } | undefined {
  const kernel = sides.inKernel({ declarations, body });
  return isRefusal(kernel) ? kernel.refused[0] : undefined;
}

test("500 statements on numbers", () => {
  const body = times(500, (index) => `n += ${index}; if (n > 100000) m["big"]++; else m["small"]++;`);
  // The sums 0 + 1 + … + k stay within 100,000 up to k = 446.
  expect(printedByBoth(`${body}\nprintf("%d %d %d\\n", n, m["small"], m["big"])`, "global n, m")).toBe(
    "124750 447 53\n",
  );
});

test("500 statements on strings, whose jumps are longer than 16 bits", () => {
  const body = times(
    500,
    (index) => `s = "text ${index}" . t; if (s == "text 77.") t = sprintf("%d.", ${index}); n += strlen(s);`,
  );
  expect(printedByBoth(`t = "."\n${body}\nprintln(n, t)`, "global n")).toMatch(/^\d+77\.\n$/);
});

test("20 string variables of the greatest length", () => {
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
  const assign = names
    .map((name, index) => `${name} = "${index}:"; for (i = 0; i < 60; i++) ${name} .= "0123456789"`)
    .join("\n");
  const print = names.map((name) => `println(strlen(${name}), " ", ${name})`).join("\n");
  const lines = printedByBoth(`${assign}\n${print}`).split("\n");
  expect(lines).toHaveLength(21);
  expect(lines[19]).toBe(`511 19:${"0123456789".repeat(51)}`.slice(0, 4 + 511));
});

test("strings that need more than per-CPU memory grants", () => {
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
  const body = `${names.map((name) => `${name} = g . "${name}"`).join("\n")}
    println(strlen(${names.map((name, index) => (index % 2 ? name : `(g . ${name})`)).join(" . ")}))
    for (i = 0; i < 3; i++) { s7 .= sprintf("%d", i); println(s7) }
    for (i = 0; i < 600; i++) g .= "-"
    foreach (key in a) println(key)
    ${names.map((name) => `println(${name})`).join("\n")}`;
  const lines = printedByBoth(`a["first"] = 1; a["second"] = 2; g = "<"; g .= ">"\n${body}`, "global g, a").split("\n");
  // Ten texts of four and ten of five, with two more before half of them.
  expect(lines.slice(0, 6)).toEqual([
    String(10 * 4 + 10 * 5 + 10 * 2),
    "<>s70",
    "<>s701",
    "<>s7012",
    "first",
    "second",
  ]);
  expect(lines.slice(6)).toEqual([...names.map((name) => `<>${name}${name === "s7" ? "012" : ""}`), ""]);
});

test("strings that need more than any scratch memory are refused", () => {
  const texts = Array.from({ length: 60 }, (_, index) => `g .= "${index}"; s${index} = g`).join("\n");
  const uses = Array.from({ length: 60 }, (_, index) => `(s${index} . g)`).join(" . ");
  expect(refusal(`${texts}\nprintln(${uses})`, "global g")).toMatchObject({
    code: "kernel/cannot",
    message: expect.stringMatching(/need \d+ bytes at once, and the kernel gives 65536/),
  });
});

test("four nested loops with all that leaves them", () => {
  const body = `
    for (i = 0; i < 4; i++) {
      for (j = 0; j < 4; j++) {
        if (j == 3) break
        while (k++ < 100) {
          if (k % 2) continue
          foreach (key+ in a) {
            if (key == 2) break
            try { if (i == 2) error("at two"); count[i, j] += key } catch (text) { println(text); break }
            n += 6 / (key + i + 1)
          }
        }
        k = 94
      }
    }
    printf("%d\\n", n)`;
  expect(printedByBoth(`a[0] = 1; a[1] = 1; a[2] = 1; a[3] = 1\n${body}`, "global a, count, n")).toContain("at two\n");
});

test("an error in a loop of a function called in a loop in a try", () => {
  const declarations = `global n
    function inner:long (divisor:long) { for (i = 0; i < 5; i++) { n++; if (i == 3) return 12 / divisor } return 0 }
    function outer:long (from:long) { while (1) { sum += inner(from--); n += 100; if (from < -5) return sum } }`;
  expect(
    printedByBoth(`for (j = 0; j < 3; j++) try { println(outer(2)) } catch (text) { println(text, n) }`, declarations),
  ).toBe(
    // Two calls of outer's loop end well, the third fails: 4 + 100 + 4 + 100 + 4 each time.
    "division by 0212\ndivision by 0424\ndivision by 0636\n",
  );
});

test("a string parameter that its function changes is the function's own", () => {
  const declarations = 'function twice:string (text:string) { text .= text; text .= "!"; return text }';
  expect(printedByBoth('s = "ab"; println(twice(s), s, twice(twice(s)))', declarations)).toBe("abab!ababab!abab!!\n");
});

test("`next` and `return` leave loops", () => {
  const declarations =
    "function first:long (bound:long) { foreach (k+ in a) { for (;;) { if (k > bound) return k; break } } return -1 }\nglobal a";
  expect(
    printedByBoth(
      "a[3] = 1; a[8] = 1; a[5] = 1; println(first(4)); println(first(9)); for (;;) foreach (k in a) next; println(0)",
      declarations,
    ),
  ).toBe("5\n-1\n");
});

test("what a loop printed stands while the next turn does what comes before the print", () => {
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
  const declarations = `global g
    function fill:long () { ${names.map((name) => `${name} = g`).join("; ")}; return ${names.map((name) => `strlen(${name})`).join(" + ")} }`;
  const body = `g = "x"; for (i = 0; i < 3; i++) { g .= "y"; n += fill(); printf("%d: %s\\n", n, g) }`;
  expect(printedByBoth(body, declarations)).toBe("40: xy\n100: xyy\n180: xyyy\n");
});

test("an argument does not see what a later argument assigns", () => {
  expect(
    printedByBoth(
      's = "old"; println(s, (s = "new"), s); println(s . (s = "newer") . s); if (s == (s = "x")) println("same")',
    ),
  ).toBe("oldnewnew\nnewnewernewer\n");
});

test("a key is made once, and before the value", () => {
  expect(
    printedByBoth('a[1] = 5; i = 1; a[i++] *= 3; a[i] = i++; printf("%d %d %d\\n", i, a[1], a[2])', "global a"),
  ).toBe("3 15 2\n");
});

test("loops that are nested deeper than functions may call each other are refused", () => {
  const open = times(9, (index) => `for (i${index} = 0; i${index} < 2; i${index}++) {`);
  expect(refusal(`${open} n++ ${"}".repeat(9)}`, "global n")).toMatchObject({
    code: "kernel/too-large",
    message: expect.stringContaining("nested"),
  });
});

test("an expression that needs more than the kernel's stack is refused", () => {
  const nested = (depth: number): string => `x = 1; println(${"(x++ + ".repeat(depth)}n${")".repeat(depth)})`;
  expect(printedByBoth(nested(40), "global n = 1000")).toBe(`${(40 * 41) / 2 + 1000}\n`);
  expect(refusal(nested(90), "global n = 0")).toMatchObject({
    code: "kernel/too-large",
    message: expect.stringContaining("stack"),
  });
});

test("more loops than the kernel takes functions are refused", () => {
  expect(
    refusal(
      times(256, (index) => `for (i = 0; i < ${index}; i++) n++`),
      "global n",
    ),
  ).toMatchObject({ code: "kernel/too-large", message: expect.stringContaining("loops") });
});

afterAll(() => expect(native.openHandles()).toBe(openBefore));
