/** The order of `foreach`: in the kernel, in user space, and as a plain sort of the same numbers has it. */
import {
  assert,
  boolean,
  constantFrom,
  integer,
  option,
  property,
  record,
  uniqueArray,
  type Arbitrary,
} from "fast-check";
import { loadNative } from "../../kernel/tracing/native.js";
import { printedByBoth } from "./both_sides.js";
import { Sides } from "./sides.js";

const sides = new Sides(loadNative());

interface Walk {
  readonly size: number;
  /** Elements are `(i * factor) % 1009` for i from 0, with this modulus for their values. */
  readonly factor: number;
  readonly modulus: number;
  readonly by: "insertion" | "key" | "group" | "value";
  readonly descending: boolean;
  readonly limit: number | null;
  /** Whether the limit is known only when the script runs. */
  readonly limitIsVariable: boolean;
  readonly group: number | null;
  readonly bindsValue: boolean;
}

const WALKS: Arbitrary<Walk> = record({
  size: integer({ min: 0, max: 300 }),
  factor: integer({ min: 1, max: 1008 }),
  modulus: integer({ min: 1, max: 400 }),
  by: constantFrom("insertion", "key", "group", "value"),
  descending: boolean(),
  limit: option(integer({ min: -1, max: 320 })),
  limitIsVariable: boolean(),
  group: option(integer({ min: 0, max: 5 })),
  bindsValue: boolean(),
});

const GROUPS = 5;

interface Element {
  readonly key: number;
  readonly group: number;
  readonly value: number;
}

/** In order of insertion. */
function elementsOf({ size, factor, modulus }: Walk): Element[] {
  return Array.from({ length: size }, (_, index) => {
    const key = (index * factor) % 1009;
    return { key, group: key % GROUPS, value: (key % modulus) - 7 };
  });
}

function expected(walk: Walk): Element[] {
  const chosen = elementsOf(walk).filter(({ group }) => walk.group === null || group === walk.group);
  const { by } = walk;
  const sign = walk.descending ? -1 : 1;
  if (by !== "insertion") chosen.sort((left, right) => sign * (left[by] - right[by]));
  return walk.limit === null ? chosen : chosen.slice(0, Math.max(0, walk.limit));
}

/** The head of a loop over `array`, whose keys are a number and a group; `sorted` stands for the value. */
function headOf(walk: Walk, array: string, sorted: string, value: string): string {
  const direction = walk.descending ? "-" : "+";
  const mark = (which: Walk["by"]): string => (walk.by === which ? direction : "");
  const slice = walk.group === null ? "" : `[*, ${walk.group}]`;
  const limit = walk.limit === null ? "" : ` limit ${walk.limitIsVariable ? "bound" : walk.limit}`;
  const order = walk.by === "value" ? `${sorted}${direction}` : "";
  return `foreach (${value}[k${mark("key")}, g${mark("group")}] in ${array}${slice}${order}${limit})`;
}

const fill = (walk: Walk, statement: string): string =>
  `bound = ${walk.limit ?? 0}
  for (i = 0; i < ${walk.size}; i++) { k = (i * ${walk.factor}) % 1009; v = k % ${walk.modulus} - 7; ${statement} }`;

test("numbers, by insertion, key, value; slices and limits", () => {
  assert(
    property(WALKS, (walk) => {
      const head = headOf(walk, "a", "", walk.bindsValue ? "v = " : "");
      const shown = walk.bindsValue ? "v" : "a[k, g]";
      const body = `${fill(walk, `a[k, k % ${GROUPS}] = v`)}\n${head} printf("%d %d %d,", k, g, ${shown})`;
      const elements = expected(walk).map(({ key, group, value }) => `${key} ${group} ${value},`);
      expect(printedByBoth(sides, "global a", body)).toBe(elements.join(""));
    }),
    { numRuns: 30 },
  );
}, 240_000);

test("statistics, by any of their aggregates", () => {
  assert(
    property(WALKS, constantFrom("@sum", "@min", "@max", "@avg"), (walk, aggregate) => {
      const head = headOf(walk, "s", ` ${aggregate}`, "");
      const body = `${fill(walk, `s[k, k % ${GROUPS}] <<< v`)}\n${head} printf("%d %d,", k, ${aggregate}(s[k, g]))`;
      const elements = expected(walk).map(({ key, value }) => `${key} ${value},`);
      expect(printedByBoth(sides, "global s", body)).toBe(elements.join(""));
    }),
    { numRuns: 20 },
  );
}, 240_000);

test("texts sort by their bytes", () => {
  const keys = uniqueArray(integer({ min: 0, max: 999 }), { maxLength: 60 });
  assert(
    property(
      keys,
      boolean(),
      boolean(),
      option(integer({ min: 1, max: 70 })),
      (numbers, descending, byValue, limit) => {
        const text = (number: number): string => `${number}:${"x".repeat(number % 30)}`;
        const direction = descending ? "-" : "+";
        const sorted = numbers.map(text).toSorted((left, right) => (left < right ? -1 : 1));
        if (descending) sorted.reverse();
        const wanted = sorted.slice(0, limit ?? sorted.length);
        const fills = numbers.map((number) =>
          byValue ? `b[${number}] = "${text(number)}"` : `a["${text(number)}"] = ${number}`,
        );
        const bound = limit === null ? "" : ` limit ${limit}`;
        const loop = byValue
          ? `foreach (v = k in b${direction}${bound}) println(v)`
          : `foreach (k${direction} in a${bound}) println(k)`;
        expect(
          printedByBoth(
            sides,
            "global a, b",
            `b[-1] = ""; delete b[-1]; a[""] = 1; delete a[""]\n${fills.join("\n")}\n${loop}`,
          ),
        ).toBe(wanted.map((line) => `${line}\n`).join(""));
      },
    ),
    { numRuns: 15 },
  );
}, 240_000);

/** Larger than what one pass copies. */
const LARGE = 12_000;

test.each([
  ["k in a", (index: number) => (index * 7919) % 12_007],
  ["k+ in a", (index: number) => index + 1],
])("more elements than are copied at once: %s", (head) => {
  const keys = Array.from({ length: LARGE }, (_, index) => (index * 7919) % 12_007);
  if (head.includes("+")) keys.sort((left, right) => left - right);
  // A hash of the sequence, as the script computes it.
  let hash = 0n;
  for (const key of keys) hash = (hash * 31n + BigInt(key)) % 1_000_003n;
  const body = `for (i = 0; i < ${LARGE}; i++) a[(i * 7919) % 12007] = i
    foreach (${head}) { h = (h * 31 + k) % 1000003; n++ }
    println(n, " ", h)`;
  expect(printedByBoth(sides, `global a[${LARGE}]`, body)).toBe(`${LARGE} ${hash}\n`);
});

test("long texts in more parts than one", () => {
  const body = `for (i = 0; i < 300; i++) pad .= "p"
    for (i = 0; i < 900; i++) a[sprintf("%s%03d", pad, (i * 37) % 1000)] = i
    foreach (v = k- in a) { h = (h * 31 + v) % 1000003; n++; if (n > 897) println(substr(k, 299, 4)) }
    println(n, " ", h)`;
  const values = Array.from({ length: 900 }, (_, index) => ({ key: (index * 37) % 1000, index }));
  values.sort((left, right) => right.key - left.key);
  let hash = 0n;
  for (const { index } of values) hash = (hash * 31n + BigInt(index)) % 1_000_003n;
  const last = values.slice(-3).map(({ key }) => `p${String(key).padStart(3, "0")}\n`);
  expect(printedByBoth(sides, "global a, pad", body)).toBe(`${last.join("")}900 ${hash}\n`);
});

test("walks in walks, over one array and several, also out of functions", () => {
  const declarations = `global a, b
    function least(bound) { foreach (k+ in a) { if (k > bound) return k } return -1 }`;
  const body = `for (i = 0; i < 9; i++) { a[i * 5 % 9] = i; b[i] = i * 4 % 9 }
    foreach (x- in a limit 4) {
      foreach (y in b- limit 3) { foreach (z+ in a limit 2) printf("%d%d%d ", x, y, z); if (y == 4) continue; print(least(y)) }
      println()
    }`;
  // b's values are 0 4 8 3 7 2 6 1 5: the greatest three are of 2, 4, 6.
  const line = (x: number): string =>
    [2, 4, 6].map((y) => `${x}${y}0 ${x}${y}1 ${y === 4 ? "" : y + 1}`).join("") + "\n";
  expect(printedByBoth(sides, declarations, body)).toBe([8, 7, 6, 5].map(line).join(""));
});
