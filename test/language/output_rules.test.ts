/** Output, byte for byte, on data made at random: whole scripts against the C library's printf and a model of the rules. */
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { loadNative } from "../../kernel/tracing/native.js";
import type { Example } from "./chapters.js";
import { parseOptions } from "./options.js";
import { drawnByEqualSteps, drawnByPowersOfTwo, printedAtTheEnd, type Element, type Value } from "./output_model.js";
import { runScript } from "./run_example.js";

const native = loadNative();

/** Dozens of whole scripts a test. */
const TIMEOUT = 60_000;

async function printed(code: string, words = ""): Promise<string> {
  const options = parseOptions(words);
  if (typeof options === "string") throw new Error(options);
  const example: Example = { place: "generated", code, options, shows: [], text: null, error: null };
  const { text, complaints } = await runScript(example, native);
  expect(complaints).toEqual([]);
  return text;
}

const literal = (text: string): string =>
  `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
const source = (value: Value): string => (typeof value === "string" ? literal(value) : `${value}`);

const long = fc.oneof(
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)),
);
/** Printable, so that the shell takes it as an argument. */
const word = fc.string({ unit: fc.constantFrom(...Array.from("abcXYZ 0129_-.:/\\\"'%é")), maxLength: 12 });

interface Directive {
  readonly text: string;
  readonly argument: Value;
}

/** What C and the language agree on; where they differ is told in the tests of the formatter. */
const directive: fc.Arbitrary<Directive> = fc
  .record({
    conversion: fc.constantFrom(...Array.from("diuxXos")),
    flag: fc.constantFrom("", "", "0", "+", "-", " ", "#"),
    width: fc.option(fc.integer({ min: 1, max: 25 }), { nil: null }),
    precision: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
    number: long,
    text: word,
  })
  .filter(({ conversion, flag, precision, number }) => {
    if (conversion === "s") return flag !== "0";
    return (
      !(flag === "#" && (number === 0n || (conversion === "o" && precision !== null))) &&
      !(flag === "0" && precision !== null)
    );
  })
  .map(({ conversion, flag, width, precision, number, text }) => ({
    text: `%${flag}${width ?? ""}${precision === null ? "" : `.${precision}`}${conversion}`,
    argument: conversion === "s" ? text : number,
  }));

test(
  "printf prints what the C library does",
  async () => {
    const several = fc.array(directive, { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(several, async (directives) => {
        const format = directives.map(({ text }) => `[${text}]`).join("\n");
        const values = directives.map(({ argument }) => String(argument));
        const shell = ["--norc", "-c", 'printf "$@"', "printf", format, ...values];
        const expected = execFileSync("bash", shell, { env: { LC_ALL: "C", PATH: process.env["PATH"] } });
        const list = directives.map(({ argument }) => source(argument)).join(", ");
        expect(await printed(`probe begin { printf(${literal(format)}, ${list}) }`)).toBe(expected.toString("utf8"));
      }),
      { numRuns: 60 },
    );
  },
  TIMEOUT,
);

const recorded = (values: readonly (bigint | number)[]): string => values.map((value) => `s <<< ${value};`).join(" ");

test(
  "histograms of powers of two",
  async () => {
    const some = fc.record({
      values: fc.array(long, { minLength: 1, maxLength: 25 }),
      repeated: long,
      times: fc.nat(400),
    });
    await fc.assert(
      fc.asyncProperty(some, async ({ values, repeated, times }) => {
        const again = `for (i = 0; i < ${times}; i++) s <<< ${repeated};`;
        const all = [...values, ...Array.from({ length: times }, () => repeated)];
        const script = `global s probe begin { ${recorded(values)} ${again} print(@hist_log(s)) }`;
        expect(await printed(script)).toBe(drawnByPowersOfTwo(all));
      }),
      { numRuns: 60 },
    );
  },
  TIMEOUT,
);

test(
  "histograms of equal steps",
  async () => {
    const some = fc
      .record({
        low: fc.integer({ min: -2000, max: 2000 }),
        step: fc.integer({ min: 1, max: 3000 }),
        steps: fc.nat(120),
        rest: fc.nat(3000),
        times: fc.nat(200),
      })
      .chain(({ low, step, steps, rest, times }) => {
        const high = low + steps * step + (rest % step);
        const value = fc.integer({ min: low - 2 * step, max: high + 3 * step });
        return fc.record({
          scale: fc.constant({ low, high, step }),
          values: fc.array(value, { minLength: 1, maxLength: 30 }),
          times: fc.constant(times),
        });
      });
    await fc.assert(
      fc.asyncProperty(some, async ({ scale: { low, high, step }, values, times }) => {
        const again = `for (i = 0; i < ${times}; i++) s <<< ${values[0]};`;
        const all = [...values, ...Array.from({ length: times }, () => values[0]!)];
        const script = `global s probe begin { ${recorded(values)} ${again} print(@hist_linear(s, ${low}, ${high}, ${step})) }`;
        expect(await printed(script)).toBe(drawnByEqualSteps(all, { low, high, step }));
      }),
      { numRuns: 60 },
    );
  },
  TIMEOUT,
);

test(
  "histograms as -D HIST_ELISION and HIST_WIDTH want them",
  async () => {
    const some = fc.record({
      values: fc.array(fc.integer({ min: -50, max: 150 }), { minLength: 1, maxLength: 25 }),
      times: fc.nat(100),
      elision: fc.integer({ min: -1, max: 6 }),
      longestBar: fc.integer({ min: 1, max: 120 }),
    });
    await fc.assert(
      fc.asyncProperty(some, async ({ values, times, ...drawing }) => {
        const all = [...values, ...Array.from({ length: times }, () => values[0]!)];
        const words = `-D HIST_ELISION=${drawing.elision} -D HIST_WIDTH=${drawing.longestBar}`;
        const again = `for (i = 0; i < ${times}; i++) s <<< ${values[0]};`;
        const script = `global s probe begin { ${recorded(values)} ${again} print(@hist_log(s)) print(@hist_linear(s, 0, 100, 5)) }`;
        expect(await printed(script, words)).toBe(
          drawnByPowersOfTwo(all.map(BigInt), drawing) +
            drawnByEqualSteps(all, { low: 0, high: 100, step: 5 }, drawing),
        );
      }),
      { numRuns: 40 },
    );
  },
  TIMEOUT,
);

const text = fc.string({ unit: fc.constantFrom(...Array.from('abAB01"\\\n\t é=[],')), maxLength: 8 });

type KeyType = "long" | "string";

/** Distinct keys of the given types. */
function keys(types: readonly KeyType[]): fc.Arbitrary<Value[][]> {
  const key = fc.tuple(...types.map((type): fc.Arbitrary<Value> => (type === "long" ? long : text)));
  return fc.uniqueArray(key, { minLength: 1, maxLength: 12, selector: (parts) => parts.map(source).join(",") });
}

const keyTypes = fc.array(fc.constantFrom<KeyType>("long", "string"), { minLength: 1, maxLength: 3 });

/** An array whose values all differ, so that their order is no matter of taste. */
const arrays: fc.Arbitrary<Element[]> = fc.tuple(keyTypes.chain(keys), fc.boolean()).chain(([list, isLong]) => {
  const value: fc.Arbitrary<Value> = isLong ? long : text;
  const values = fc.uniqueArray(value, { minLength: list.length, maxLength: list.length, selector: source });
  return values.map((all) => list.map((key, index) => ({ key, value: all[index]! })));
});

const small = fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n });

/** Statistics of 1, 2, 3 … numbers, in any order. */
const statistics: fc.Arbitrary<Element[]> = keyTypes.chain(keys).chain((list) => {
  const sizes = fc.shuffledSubarray(
    list.map((_, index) => index + 1),
    { minLength: list.length },
  );
  return sizes.chain((lengths) => {
    const values = lengths.map((length) => fc.array(small, { minLength: length, maxLength: length }));
    return fc.tuple(...values).map((all) => list.map((key, index) => ({ key, value: all[index]! })));
  });
});

const scalars: fc.Arbitrary<Element[]> = fc.oneof(
  long.map((value) => [{ key: [], value }]),
  text.map((value) => [{ key: [], value }]),
  fc.array(small, { maxLength: 5 }).map((value) => [{ key: [], value }]),
);

function fills(name: string, { key, value }: Element): string {
  const target = key.length > 0 ? `${name}[${key.map(source).join(", ")}]` : name;
  if (typeof value === "bigint" || typeof value === "string") return `${target} = ${source(value)};`;
  return value.length === 0 ? `if (0) ${target} <<< 1;` : value.map((one) => `${target} <<< ${one};`).join(" ");
}

test(
  "globals that nothing read",
  async () => {
    const several = fc.array(fc.oneof(arrays, statistics, scalars), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(several, async (globals) => {
        const names = globals.map((_, index) => `g${index}`);
        const body = globals.flatMap((elements, index) => elements.map((element) => fills(names[index]!, element)));
        const expected = globals.map((elements, index) => printedAtTheEnd(names[index]!, elements)).join("");
        expect(await printed(`global ${names.join(", ")}\nprobe begin { ${body.join("\n")} }`)).toBe(expected);
      }),
      { numRuns: 80 },
    );
  },
  TIMEOUT,
);
