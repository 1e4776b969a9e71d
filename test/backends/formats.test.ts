/** Strings made by formats inside probes are those that are made outside, directive by directive. */
import fc from "fast-check";
import { loadNative } from "../../kernel/tracing/native.js";
import { trace } from "../probes/traced_workload.js";
import { printedByBoth, runBoth } from "./both_sides.js";
import { Sides } from "./sides.js";

const native = loadNative();
/** Other test files of this process may have left some. */
const openBefore = native.openHandles();
const sides = new Sides(native);

function made(...formats: readonly string[]): string[] {
  const body = formats.map((format) => `println("[", sprintf(${format}), "]")`).join("\n");
  return printedByBoth(sides, "", body).trimEnd().split("\n");
}

describe("sprintf in a probe", () => {
  test("octal numbers", () => {
    expect(made('"%o|%#o|%5o|%-5o|%05o", 8, 8, 8, 8, 8', '"%o %o %#o", 0, -1, 0')).toEqual([
      "[10|010|   10|10   |00010]",
      "[0 1777777777777777777777 00]",
    ]);
  });

  test("precision of numbers and strings", () => {
    expect(
      made('"%.3d|%.5x|%8.3d|%-8.3d|%08.3d|%+.2d", 7, 255, -7, -7, -7, 7', '"%.2s|%5.1s|%-5.1s|", "cat", "cat", "cat"'),
    ).toEqual(["[007|000ff|    -007|-007    |-0000007|+07]", "[ca|    c|c    |]"]);
  });

  test("width and precision from arguments", () => {
    expect(
      made(
        '"%*d|%*d|%.*d|%*.*x", 5, 42, -5, 42, 4, 42, 6, 3, 255',
        '"%*s|%*s|%.*s|%-*s|", 5, "cat", -5, "cat", 2, "cat", -4, "x"',
        '"%*c|%*o|%0*d", 3, 65, -4, 8, 5, 42',
      ),
    ).toEqual(["[   42|42   |0042|   0ff]", "[  cat|cat  |ca|x   |]", "[  A|10  |00042]"]);
  });

  test("characters as C writes them, bytes of numbers, and what ends at a zero byte", () => {
    expect(
      made(
        '"%#c%#c%#c|%#5c|%#*c|", 10, 200, 39, 9, -5, 9',
        '"%1b%2b%b", 72, 0x2169, 0x2121',
        '"%06s!", "cat"',
        '"%c!", 0',
      ),
    ).toEqual(["[\\n\\310\\'|   \\t|\\t   |]", "[Hi!!!]", "[   cat]", "[]"]);
  });

  test("as long as a string gets", () => {
    const lines = made('"%*s|", 600, "x"', '"%-600s|", "x"', '"%.600d|", 1', '"%d%*d", 1, 511, 7', '"%510d|!", 7');
    expect(lines.map((line) => line.length - 2)).toEqual([511, 511, 511, 511, 511]);
  });

  test("memory that cannot be read is an error", () => {
    expect(runBoth(sides, "", 'println(sprintf("%.4m", 4096))').failure).toMatchObject({
      message: "kernel read fault at 0x1000",
      line: 3,
    });
    expect(
      runBoth(sides, "", 'n = 3; try { printf("%d %.*M\\n", 1, n, -1) } catch (why) { println(why) }').printed,
    ).toBe("kernel read fault at 0xffffffffffffffff\n");
  });
});

test("%m and %M read memory of the process", async () => {
  const { printed, failures } = await trace(
    `probe syscall.newfstatat {
      if (pid() == target()) {
        a = filename_uaddr; n = 4
        printf("%#m|%#.4m|%#.*m|%#8.3m|%#*.3m|%#.4M|%#12.4M|\\n", a, a, n, a, a, -8, a, a, a)
        println(sprintf("%#m|%#.4m|%#.*m|%#8.3m|%#*.3m|%#.4M|%#12.4M|", a, a, n, a, a, -8, a, a, a))
        println(strlen(sprintf("%#.20m", a)))
        printf("%#.12m", a)
        exit()
      }
    }`,
    "stat --missing 0 --existing 1 --path /etc/passwd",
  );
  const shown = "/|/etc|/etc|     /et|/et     |2f657463|    2f657463|";
  expect(failures).toEqual([]);
  expect(printed.split("\n")).toEqual([shown, shown, "11", "/etc/passwd\0"]);
});

const NUMBERS = fc.oneof(
  fc.bigInt({ min: -100n, max: 100n }),
  fc.bigInt({ min: -(1n << 63n) + 1n, max: (1n << 63n) - 1n }),
  fc.constantFrom(0n, -(1n << 63n), 255n, 0x2122232425262728n),
);
const SIZES = fc.oneof(
  fc.integer({ min: -12, max: 30 }),
  fc.constantFrom(0, 1, 2, 4, 8, 511, 512, 600, 9000, -700, 1 << 30),
);

interface Directive {
  readonly format: string;
  readonly values: readonly string[];
}

const number = NUMBERS.map((value) => (value === -(1n << 63n) ? "(-0x7fffffffffffffff-1)" : `(${value})`));
const text = fc.constantFrom('""', '"a"', '"eight888"', "t", `"${"long ".repeat(20)}"`);

function size(dot: string): fc.Arbitrary<Directive> {
  return fc.oneof(
    fc.constant({ format: "", values: [] }),
    SIZES.filter((value) => value >= 0).map((value) => ({ format: `${dot}${value}`, values: [] })),
    SIZES.map((value) => ({ format: `${dot}*`, values: [`(${value})`] })),
  );
}

const directive: fc.Arbitrary<Directive> = fc
  .tuple(
    fc.constantFrom("", "", "0", "+", "-", " ", "#"),
    size("").map(({ format, values }) => ({ format: format.startsWith("0") ? "" : format, values })),
    size("."),
    fc.constantFrom("d", "i", "u", "x", "X", "o", "c", "p", "b", "s"),
  )
  .chain(([flag, width, precision, conversion]) =>
    (conversion === "s" ? text : number).map((value) => ({
      format: `%${flag}${width.format}${precision.format}${conversion}`,
      values: [...width.values, ...precision.values, value],
    })),
  );

test("any format makes the same string", () => {
  fc.assert(
    fc.property(fc.array(directive, { minLength: 1, maxLength: 4 }), (directives) => {
      const format = directives.map((one) => one.format).join("|");
      const values = directives.flatMap((one) => one.values);
      // Once known to the compiler, once not.
      const locals = values.map((value, index) => (value.startsWith("(") ? `v${index} = n + ${value}` : ""));
      const unknown = values.map((value, index) => (value.startsWith("(") ? `v${index}` : value));
      printedByBoth(
        sides,
        "global n = 0",
        `t = "text"; ${locals.join("; ")}
        println(sprintf("${format}", ${values.join(", ")}))
        println(sprintf("<${format}>", ${unknown.join(", ")}))`,
      );
    }),
    { numRuns: 150 },
  );
}, 120_000);

afterAll(() => expect(native.openHandles()).toBe(openBefore));
