/** Floating-point numbers made of whole ones, against those of the processor, in both back ends. */
import { library, prelude } from "../../kernel/tapset/index.js";
import { loadNative } from "../../kernel/tracing/native.js";
import { printedByBoth } from "./both_sides.js";
import { Sides } from "./sides.js";

const native = loadNative();
const openBefore = native.openHandles();
const sides = new Sides(native);
const functions = prelude.find(({ name }) => name === "tapset/floating_point")!.text.replaceAll("private ", "");

afterAll(() => expect(native.openHandles()).toBe(openBefore));

const view = new DataView(new ArrayBuffer(8));

function bitsOf(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigInt64(0);
}

function numberOf(bits: bigint): number {
  view.setBigUint64(0, BigInt.asUintN(64, bits));
  return view.getFloat64(0);
}

const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.1,
  3,
  1e308,
  -1e308,
  5e-324,
  -2.2250738585072014e-308,
  2 ** 53 + 2,
  Infinity,
  -Infinity,
  NaN,
];

/** Equal seeds, equal numbers: bits at random, so that every size of number comes up. */
function* randomNumbers(seed: bigint): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn;
    const bits = state ^ (state >> 29n);
    yield numberOf(bits);
    // One near to it, whose difference is small.
    yield numberOf(bits ^ 0x8000_0000_0000_0fffn);
  }
}

function pairs(count: number, seed: bigint): readonly (readonly [number, number])[] {
  const random = randomNumbers(seed);
  const next = (): number => random.next().value as number;
  const found = SPECIAL.flatMap((one) => SPECIAL.map((other) => [one, other] as const));
  for (let index = 0; index < count; index++) found.push([next(), next()]);
  return found;
}

const AT_ONCE = 20;

/** What the call comes to for each of the pairs, as both back ends say. */
function results(call: string, of: readonly (readonly [number, number])[]): readonly bigint[] {
  const found: bigint[] = [];
  for (let start = 0; start < of.length; start += AT_ONCE) {
    const some = of.slice(start, start + AT_ONCE);
    const fill = some.map(([a, b], index) => `x[${index}] = ${bitsOf(a)}; y[${index}] = ${bitsOf(b)}`).join("\n");
    const body = `${fill}\nfor (i = 0; i < ${some.length}; i++) { a = x[i]; b = y[i]; println(${call}) }`;
    const printed = printedByBoth(sides, `global x, y\n${functions}`, body);
    found.push(...printed.trimEnd().split("\n").map(BigInt));
  }
  return found;
}

test.each<[string, (a: number, b: number) => number]>([
  ["fp_add(a, b)", (a, b) => a + b],
  ["fp_sub(a, b)", (a, b) => a - b],
  ["fp_mul(a, b)", (a, b) => a * b],
  ["fp_div(a, b)", (a, b) => a / b],
  ["fp_sqrt(a)", (a) => Math.sqrt(a)],
])("%s", (call, model) => {
  const given = pairs(60, 2n);
  const told = results(call, given).map(numberOf);
  expect(told).toEqual(given.map(([a, b]) => model(a, b)));
});

test("comparisons", () => {
  const given = pairs(60, 7n);
  const told = results("fp_eq(a, b) + 2 * fp_lt(a, b) + 4 * fp_le(a, b)", given);
  expect(told).toEqual(given.map(([a, b]) => BigInt(Number(a === b) + 2 * Number(a < b) + 4 * Number(a <= b))));
});

const HALVES = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.25, -0.75, 1e15 + 0.5, 123456.99, 2 ** 62, -(2 ** 63), 0, 1e-300];

test.each<[number, (value: number) => number]>([
  [0, (value) => (Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value))],
  [1, Math.trunc],
  [2, Math.floor],
  [3, Math.ceil],
  [4, (value) => Math.sign(value) * Math.round(Math.abs(value))],
])("to whole numbers, rounding %d", (rounding, model) => {
  const told = results(
    `fp_to_long(a, ${rounding}, 0)`,
    HALVES.map((value) => [value, 0] as const),
  );
  expect(told).toEqual(HALVES.map((value) => BigInt(model(value))));
});

test("from whole numbers, and from 32 bits", () => {
  const whole = [0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 53n + 3n, -(2n ** 62n) - 257n, 2n ** 63n - 1n, -(2n ** 63n)];
  const given = whole.map((value) => [numberOf(value), 0] as const);
  expect(results("long_to_fp(a)", given).map(numberOf)).toEqual(whole.map(Number));
  const single = [1, -0.1, 3.4e38, 1e-45, -1.1754942e-38, Infinity].map(Math.fround);
  const narrow = new DataView(new ArrayBuffer(4));
  const bits = single.map((value) => {
    narrow.setFloat32(0, value);
    return [numberOf(BigInt(narrow.getUint32(0))), 0] as const;
  });
  expect(results("fp32_to_fp64(a)", bits).map(numberOf)).toEqual(single);
});

test("as text and from text", () => {
  const shown = [0.1, 2 / 3, -1.005, 999.9996, 123456789.125, 0.0625, -0.00001, 5e17];
  const declarations = `global x\n${functions}`;
  const fill = shown.map((value, index) => `x[${index}] = ${bitsOf(value)}`).join("\n");
  const texts = printedByBoth(
    sides,
    declarations,
    `${fill}\nfor (i = 0; i < ${shown.length}; i++) println(fp_to_string(x[i], 3))`,
  );
  // JavaScript's -0.000 keeps its sign, too.
  expect(texts.trimEnd().split("\n")).toEqual(shown.map((value) => value.toFixed(3)));
  const special = [NaN, Infinity, -Infinity];
  const named = `${special.map((value, index) => `x[${index}] = ${bitsOf(value)}`).join("\n")}\nfor (i = 0; i < 3; i++) println(fp_to_string(x[i], 3))`;
  expect(printedByBoth(sides, declarations, named)).toBe("nan\ninf\n-inf\n");
  for (const text of ["1.25", "-0.1", "3e2", "+12.5e-3", "123456789012345", "1e22", "-7e-22", "0.5x", ""]) {
    const bits = printedByBoth(sides, `global e = ""\n${declarations}`, `println(string_to_fp("${text}" . e))`);
    expect([text, numberOf(BigInt(bits))]).toEqual([text, Number.parseFloat(text || "0")]);
  }
});

test("all of them are in the reference", () => {
  const named = library.filter(({ topic }) => topic === "floating point").map(({ name }) => name);
  const names = "add sub mul div sqrt eq lt le to_long to_string".split(" ").map((name) => `fp_${name}`);
  expect(named.toSorted()).toEqual([...names, "fp32_to_fp64", "long_to_fp", "string_to_fp"].toSorted());
});
