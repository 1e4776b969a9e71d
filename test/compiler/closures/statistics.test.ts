import * as fc from "fast-check";
import type { StatisticParts } from "../../../kernel/compiler/check/program.js";
import { Accumulator, mergeStatistics } from "../../../kernel/compiler/closures/accumulator.js";
import { compileHandler, compileHistogram } from "../../../kernel/compiler/closures/compile.js";
import { histogramOutput, sampleVariance } from "../../../kernel/compiler/closures/statistics.js";
import * as t from "./tree.js";

const LINEAR = { low: 0n, high: 30n, step: 10n };
const PARTS: StatisticParts = { log: true, linear: [LINEAR], variance: true };
const s = t.global("s", t.STATISTIC, { parts: PARTS });
const target = t.statisticOf(s);

function recorded(values: readonly (bigint | number)[]): t.TestRuntime {
  const runtime = new t.TestRuntime();
  for (const value of values) runtime.store(s).record([], BigInt(value));
  return runtime;
}

describe("extractors", () => {
  test.each([
    ["count", 4n],
    ["sum", 5n],
    ["min", -10n],
    ["max", 9n],
    // 5 / 4
    ["avg", 1n],
    // mean 1.25; squared deviations 126.5625 + 60.0625 + 0.5625 + 7.5625 = 194.75; / 3 = 64.9166…
    ["variance", 65n],
  ] as const)("@%s of -10, 9, 2, 4", (extractor, expected) => {
    expect(t.valueOf(t.extract(extractor, target), recorded([-10, 9, 2, 4]))).toBe(expected);
  });

  test("@avg truncates toward 0", () => {
    expect(t.valueOf(t.extract("avg", target), recorded([-3, -4]))).toBe(-3n);
  });

  test.each(["count", "sum"] as const)("@%s of nothing is 0", (extractor) => {
    expect(t.valueOf(t.extract(extractor, target))).toBe(0n);
  });

  test.each(["min", "max", "avg", "variance"] as const)("@%s of nothing is an error", (extractor) => {
    expect(() => t.valueOf(t.extract(extractor, target, t.spanAt(5)))).toThrow(
      expect.objectContaining({ message: "empty aggregate", span: t.spanAt(5) }),
    );
  });

  test("an element that was never recorded is empty and stays away", () => {
    const array = t.global("array", t.arrayOf(["long"], "statistic"));
    const at = t.statisticOf(array, [t.number(1)]);
    const runtime = new t.TestRuntime();
    expect(t.valueOf(t.extract("count", at), runtime)).toBe(0n);
    expect(() => t.valueOf(t.extract("max", at), runtime)).toThrow("empty aggregate");
    expect(runtime.store(array).entries()).toEqual([]);
    expect(t.valueOf(t.record(at, t.number(12)), runtime)).toBe(12n);
    expect(t.valueOf(t.extract("max", at), runtime)).toBe(12n);
  });

  test("sums wrap at 64 bits", () => {
    expect(t.valueOf(t.extract("sum", target), recorded([2n ** 63n - 1n, 1n]))).toBe(-(2n ** 63n));
  });
});

const variance = (values: readonly (bigint | number)[]) => t.valueOf(t.extract("variance", target), recorded(values));

describe("@variance", () => {
  test("of one value is 0", () => {
    expect(variance([7])).toBe(0n);
  });

  test("rounds halves up", () => {
    // 1/2 and 9/2
    expect(variance([0, 1])).toBe(1n);
    expect(variance([0, 3])).toBe(5n);
  });

  test("is right where the sum itself wraps", () => {
    expect(variance([2n ** 63n - 1n, 2n ** 63n - 3n])).toBe(2n);
  });

  test("stays at the largest number where it is larger", () => {
    expect(variance([-(2n ** 63n), 2n ** 63n - 1n])).toBe(2n ** 63n - 1n);
  });

  test("is the mean squared deviation, over n - 1", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }), { minLength: 2, maxLength: 20 }),
        (values) => {
          const n = BigInt(values.length);
          const sum = values.reduce((left, right) => left + right, 0n);
          // Deviations times n, so that they stay whole.
          const squares = values.reduce((total, value) => total + (n * value - sum) ** 2n, 0n);
          const { numerator, denominator } = sampleVariance(recorded(values).store(s).getStatistic([])!);
          expect(numerator * n * n * (n - 1n)).toBe(squares * denominator);
        },
      ),
    );
  });
});

describe("merging", () => {
  const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

  test("statistics of several CPUs gives that of all their values", () => {
    fc.assert(
      fc.property(fc.array(fc.array(long, { maxLength: 8 }), { maxLength: 5 }), (cpus) => {
        const each = cpus.map((values) => {
          const one = new Accumulator(PARTS);
          for (const value of values) one.record(value);
          return one.toStatistic();
        });
        const all = new Accumulator(PARTS);
        for (const value of cpus.flat()) all.record(value);
        expect(mergeStatistics(PARTS, each)).toEqual(all.toStatistic());
      }),
    );
  });

  test("what a statistic does not keep stays null", () => {
    const merged = mergeStatistics({ log: false, linear: [], variance: false }, [
      recorded([1, 2]).store(s).getStatistic([])!,
    ]);
    expect(merged).toEqual({ count: 2n, sum: 3n, min: 1n, max: 2n, sumOfSquares: null, log: null, linear: [] });
  });
});

describe("histograms", () => {
  const log = t.histogram(target);
  const linear = t.histogram(target, { kind: "linear", ...LINEAR });

  test.each([
    // Bucket 64 is 0, 65 is 1, 66 is 2 and 3; 63 is -1.
    [log, 64, 1n],
    [log, 65, 0n],
    [log, 66, 2n],
    [log, 63, 1n],
    [log, 127, 0n],
    // Below 0; 0 to 9; 10 to 19; 20 to 29; 30 to 39; overflow.
    [linear, 0, 1n],
    [linear, 1, 3n],
    [linear, 4, 1n],
    [linear, 5, 1n],
  ])("buckets of -1, 0, 2, 3, 30, 99, case %#", (histogram, index, expected) => {
    const runtime = recorded([-1, 0, 2, 3, 30, 99]);
    expect(t.valueOf(t.bucket(histogram, t.number(index)), runtime)).toBe(expected);
  });

  test.each([
    [log, -1],
    [log, 128],
    [linear, 6],
    [log, 2n ** 62n],
  ])("an index out of range is an error, case %#", (histogram, index) => {
    expect(() => t.valueOf(t.bucket(histogram, t.number(index)), recorded([1]))).toThrow(
      "histogram index out of range",
    );
  });

  test("of nothing are an error", () => {
    const print = {
      kind: "printHistogram",
      type: "long",
      toString: false,
      histogram: log,
      label: "s",
      span: t.spanAt(0),
    } as const;
    expect(() => t.valueOf(t.bucket(log, t.number(0)))).toThrow("empty aggregate");
    expect(() => t.valueOf(print)).toThrow("empty aggregate");
  });

  const drawing = [
    "value |-------------------------------------------------- count",
    "    0 |@                                                  1",
    "    1 |                                                   0",
    "    2 |@@                                                 2",
    "    4 |                                                   0",
    "    8 |                                                   0",
    "",
    "",
  ].join("\n");

  test("print as SystemTap draws them, with their numbers for other displays", () => {
    const runtime = recorded([0, 2, 3]);
    t.valueOf(
      { kind: "printHistogram", type: "long", toString: false, histogram: log, label: "s", span: t.spanAt(0) },
      runtime,
    );
    expect(runtime.histograms).toHaveLength(1);
    expect(runtime.histograms[0]).toMatchObject({ label: "s", scale: { kind: "log" }, text: drawing });
    expect(runtime.histograms[0]?.statistic.sum).toBe(5n);
    expect(runtime.histograms[0]?.counts[66]).toBe(2n);
  });

  test("sprint gives the drawing as a string", () => {
    const text = t.valueOf(
      { kind: "printHistogram", type: "string", toString: true, histogram: log, label: "s", span: t.spanAt(0) },
      recorded([0, 2, 3]),
    );
    expect(text).toBe(drawing);
  });

  test("are there for a cell to display", () => {
    const runtime = recorded([0, 2, 3]);
    expect(compileHistogram(log, "lat", [])(runtime)).toMatchObject({ label: "lat", text: drawing });
    expect(histogramOutput(linear, "lat", runtime.store(s).getStatistic([])!).counts).toEqual([0n, 3n, 0n, 0n, 0n, 0n]);
  });

  test("foreach walks the bucket numbers, out-of-range ones included", () => {
    const b = t.localOf(0, "b");
    const c = t.localOf(1, "c");
    const walk = (descending: boolean, limit: number | null) =>
      ({
        kind: "foreachBucket",
        bucket: b,
        count: c,
        histogram: linear,
        limit: limit === null ? null : t.number(limit),
        descending,
        body: t.print(t.local(b), t.local(c)),
        span: t.spanAt(0),
      }) as const;
    expect(t.outputOf(walk(false, null), [b, c], recorded([-1, 5, 99]))).toBe("0 1;1 1;2 0;3 0;4 0;5 1;");
    expect(t.outputOf(walk(true, 2), [b, c], recorded([-1, 5, 99]))).toBe("5 1;4 0;");
    expect(() => compileHandler(t.handlerOf(walk(false, null), [b, c]))(new t.TestRuntime())).toThrow(
      "empty aggregate",
    );
  });
});
