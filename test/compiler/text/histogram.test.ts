import * as fc from "fast-check";
import {
  countedBuckets,
  drawHistogram,
  LOG_BUCKETS,
  linearBucket,
  linearBucketCount,
  logBucket,
  logBucketLow,
  type DrawingOptions,
  type HistogramScale,
} from "../../../kernel/compiler/text/histogram.js";

const LOG: HistogramScale = { kind: "log" };
const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

function logCounts(entries: Readonly<Record<number, bigint>>): bigint[] {
  return Array.from({ length: LOG_BUCKETS }, (_, index) => entries[index] ?? 0n);
}

describe("logarithmic buckets", () => {
  test.each([
    [0n, 64],
    [1n, 65],
    [2n, 66],
    [3n, 66],
    [4n, 67],
    [7n, 67],
    [8n, 68],
    [2n ** 62n - 1n, 126],
    [2n ** 62n, 127],
    [GREATEST, 127],
    [-1n, 63],
    [-2n, 62],
    [-3n, 62],
    [-4n, 61],
    [LEAST + 1n, 1],
    [LEAST, 0],
  ])("%s belongs in bucket %i", (value, index) => expect(logBucket(value)).toBe(index));

  test("lie between their own lowest value and the next bucket's", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: LEAST, max: GREATEST }), (value) => {
        const index = logBucket(value);
        expect(logBucketLow(index) <= value).toBe(true);
        if (index < LOG_BUCKETS - 1) expect(value < logBucketLow(index + 1)).toBe(true);
      }),
    );
  });
});

describe("linear buckets", () => {
  test.each([
    [0n, 100n, 10n, 13],
    [0n, 105n, 10n, 13],
    [-5n, 5n, 1n, 13],
    [7n, 7n, 3n, 3],
  ])("from %s to %s by %s there are %i", (low, high, step, count) =>
    expect(linearBucketCount(low, high, step)).toBe(count),
  );

  test.each([
    [-1n, 0],
    [0n, 1],
    [9n, 1],
    [10n, 2],
    [100n, 11],
    [109n, 11],
    [110n, 12],
    [GREATEST, 12],
    [LEAST, 0],
  ])("of 0 to 100 by 10, %s belongs in number %i", (value, index) =>
    expect(linearBucket(value, 0n, 100n, 10n)).toBe(index),
  );
});

describe("counted buckets", () => {
  test("reach from the first to the last that holds something", () => {
    expect(countedBuckets(logCounts({ 62: 4n, 64: 1n, 67: 2n }), LOG)).toEqual([
      { low: -3n, high: -1n, count: 4n },
      { low: -1n, high: 0n, count: 0n },
      { low: 0n, high: 1n, count: 1n },
      { low: 1n, high: 2n, count: 0n },
      { low: 2n, high: 4n, count: 0n },
      { low: 4n, high: 8n, count: 2n },
    ]);
  });

  test("know the ends of the 64-bit numbers", () => {
    const all = countedBuckets(logCounts({ 0: 1n, 127: 1n }), LOG);
    expect(all[0]).toEqual({ low: LEAST, high: LEAST + 1n, count: 1n });
    expect(all.at(-1)).toEqual({ low: 2n ** 62n, high: 2n ** 63n, count: 1n });
  });

  test("have open ends where values fall outside a linear scale", () => {
    expect(countedBuckets([1n, 0n, 2n, 3n], { kind: "linear", low: 10n, high: 25n, step: 10n })).toEqual([
      { low: null, high: 10n, count: 1n },
      { low: 10n, high: 20n, count: 0n },
      { low: 20n, high: 30n, count: 2n },
      { low: 30n, high: null, count: 3n },
    ]);
  });

  test("are none when nothing was counted", () => expect(countedBuckets(logCounts({}), LOG)).toEqual([]));
});

interface Drawing {
  readonly of: string;
  readonly counts: readonly bigint[];
  readonly scale: HistogramScale;
  readonly options?: DrawingOptions;
  readonly lines: readonly string[];
}

// The pictures were made by hand from the rules in the language's documentation.
const DRAWINGS: readonly Drawing[] = [
  {
    of: "zeros alone",
    counts: logCounts({ 64: 3n }),
    scale: LOG,
    lines: [
      "value |-------------------------------------------------- count",
      "    0 |@@@                                                3",
      "    1 |                                                   0",
      "    2 |                                                   0",
      "",
      "",
    ],
  },
  {
    of: "negative values",
    counts: logCounts({ 61: 1n, 63: 2n, 66: 1n }),
    scale: LOG,
    lines: [
      "value |-------------------------------------------------- count",
      "  -16 |                                                   0",
      "   -8 |                                                   0",
      "   -4 |@                                                  1",
      "   -2 |                                                   0",
      "   -1 |@@                                                 2",
      "    0 |                                                   0",
      "    1 |                                                   0",
      "    2 |@                                                  1",
      "    4 |                                                   0",
      "    8 |                                                   0",
      "",
      "",
    ],
  },
  {
    of: "a gap",
    counts: logCounts({ 65: 1n, 74: 1n }),
    scale: LOG,
    lines: [
      "value |-------------------------------------------------- count",
      "    0 |                                                   0",
      "    1 |@                                                  1",
      "    2 |                                                   0",
      "    4 |                                                   0",
      "      ~",
      "  128 |                                                   0",
      "  256 |                                                   0",
      "  512 |@                                                  1",
      " 1024 |                                                   0",
      " 2048 |                                                   0",
      "",
      "",
    ],
  },
  {
    of: "counts beyond the width",
    counts: logCounts({ 65: 101n, 66: 2n }),
    scale: LOG,
    lines: [
      "value |-------------------------------------------------- count",
      "    0 |                                                     0",
      "    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@                  101",
      "    2 |                                                     2",
      "    4 |                                                     0",
      "    8 |                                                     0",
      "",
      "",
    ],
  },
  {
    of: "the ends of the numbers",
    counts: logCounts({ 0: 1n, 127: 1n }),
    scale: LOG,
    lines: [
      "               value |-------------------------------------------------- count",
      "-9223372036854775808 |@                                                  1",
      "-4611686018427387904 |                                                   0",
      "-2305843009213693952 |                                                   0",
      "                     ~",
      " 1152921504606846976 |                                                   0",
      " 2305843009213693952 |                                                   0",
      " 4611686018427387904 |@                                                  1",
      "",
      "",
    ],
  },
  {
    of: "underflow and overflow",
    counts: [1n, 2n, 0n, 0n, 3n],
    scale: { kind: "linear", low: 0n, high: 10n, step: 5n },
    lines: [
      "value |-------------------------------------------------- count",
      "   <0 |@                                                  1",
      "    0 |@@                                                 2",
      "    5 |                                                   0",
      "   10 |                                                   0",
      "  >10 |@@@                                                3",
      "",
      "",
    ],
  },
  {
    of: "no underflow and no overflow",
    counts: [0n, 2n, 0n, 1n, 0n],
    scale: { kind: "linear", low: 0n, high: 10n, step: 5n },
    lines: [
      "value |-------------------------------------------------- count",
      "    0 |@@                                                 2",
      "    5 |                                                   0",
      "   10 |@                                                  1",
      "",
      "",
    ],
  },
  {
    of: "a label column one step too wide",
    counts: [0n, 1n, 0n],
    scale: { kind: "linear", low: 90000n, high: 90000n, step: 10000n },
    lines: [
      " value |-------------------------------------------------- count",
      " 90000 |@                                                  1",
      "",
      "",
    ],
  },
  {
    of: "another width, no elision",
    counts: logCounts({ 65: 1n, 71: 20n }),
    scale: LOG,
    options: { width: 10, elision: -1 },
    lines: [
      "value |---------- count",
      "    0 |            0",
      "    1 |            1",
      "    2 |            0",
      "    4 |            0",
      "    8 |            0",
      "   16 |            0",
      "   32 |            0",
      "   64 |@@@@@@@@@@ 20",
      "  128 |            0",
      "  256 |            0",
      "",
      "",
    ],
  },
  {
    of: "the strictest elision",
    counts: logCounts({ 65: 1n, 71: 1n }),
    scale: LOG,
    options: { width: 10, elision: 0 },
    lines: ["value |---------- count", "      ~", "    1 |@          1", "      ~", "   64 |@          1", "", ""],
  },
];

describe("the drawing of", () => {
  test.each(DRAWINGS)("$of", ({ counts, scale, options, lines }) => {
    expect(drawHistogram(counts, scale, options).split("\n")).toEqual(lines);
  });

  test("nothing is a header", () => {
    expect(drawHistogram(logCounts({}), LOG)).toBe(
      "value |-------------------------------------------------- count\n\n",
    );
  });

  test("any counts shows every one of them", () => {
    const counts = fc.array(fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 10n ** 12n })), {
      minLength: LOG_BUCKETS,
      maxLength: LOG_BUCKETS,
    });
    fc.assert(
      fc.property(counts, fc.integer({ min: -1, max: 4 }), (counts, elision) => {
        const rows = drawHistogram(counts, LOG, { elision })
          .split("\n")
          .slice(1)
          .filter((row) => row.includes("|"));
        const drawn = rows.reduce((sum, row) => sum + BigInt(/(\d+)$/.exec(row)?.[1] ?? "0"), 0n);
        expect(drawn).toBe(counts.reduce((sum, count) => sum + count, 0n));
      }),
    );
  });
});
