/** The drawing of a histogram as a string: inside a probe what it is outside, whatever was counted. */
import fc from "fast-check";
import { loadNative } from "../../kernel/tracing/native.js";
import { printedByBoth } from "./both_sides.js";
import { Sides } from "./sides.js";

const native = loadNative();
/** Other test files of this process may have left some. */
const openBefore = native.openHandles();
const sides = new Sides(native);

test("a drawing that fits into a string is whole", () => {
  const rows = printedByBoth(sides, "global s", "s <<< 1; s <<< 3; s <<< 3\nprint(sprint(@hist_log(s)))").split("\n");
  expect(rows).toEqual([
    `value |${"-".repeat(50)} count`,
    `    0 |${" ".repeat(51)}0`,
    `    1 |@${" ".repeat(50)}1`,
    `    2 |@@${" ".repeat(49)}2`,
    `    4 |${" ".repeat(51)}0`,
    `    8 |${" ".repeat(51)}0`,
    "",
    "",
  ]);
});

test("a longer one is cut where a string ends", () => {
  const text = printedByBoth(sides, "global s", "for (i = 0; i < 40; i++) s <<< 1 << i\nprint(sprint(@hist_log(s)))");
  expect(text.length).toBe(511);
});

const VALUE = fc.oneof(
  fc.bigInt({ min: -6n, max: 6n }),
  fc.bigInt({ min: -100n, max: 100n }),
  fc.bigInt({ min: -(1n << 63n) + 1n, max: (1n << 63n) - 1n }),
);

test("any values draw the same", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(VALUE, fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3000 }))), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.constantFrom("-90, 90, 20", "0, 10, 1", "-3, 3, 2", "1000000, 9000000, 4000000"),
      (values, bounds) => {
        const records = values.map(
          ([value, times]) => `for (i = 0; i < ${times}; i++) { s <<< ${value}; a["k"] <<< ${value} }`,
        );
        printedByBoth(
          sides,
          "global s, a",
          `${records.join("\n")}
          print(sprint(@hist_log(s)), "|")
          text = sprint(@hist_linear(a["k"], ${bounds}))
          print(strlen(text), text)`,
        );
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

afterAll(() => expect(native.openHandles()).toBe(openBefore));
