/** Percentiles against those of the sorted values themselves. */
import { array, assert, bigInt, integer, oneof, property } from "fast-check";
import { Accumulator, mergeStatistics } from "../../kernel/compiler/closures/accumulator.js";
import { extract } from "../../kernel/compiler/closures/statistics.js";
import { NO_PARTS } from "../../kernel/compiler/closures/runtime.js";
import { PERCENTILE_BUCKETS, percentileBucket } from "../../kernel/compiler/percentiles.js";
import { dumped } from "./dump/fixture.js";

const PARTS = { ...NO_PARTS, percentiles: true };

const LONG = oneof(
  bigInt({ min: -40n, max: 40n }),
  bigInt({ min: -(1n << 20n), max: 1n << 20n }),
  bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
);

function recorded(values: readonly bigint[]): Accumulator {
  const accumulator = new Accumulator(PARTS);
  for (const value of values) accumulator.record(value);
  return accumulator;
}

/** The nearest rank: the least value that so many of a hundred do not exceed. */
function exact(values: readonly bigint[], percent: number): bigint {
  const sorted = values.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const rank = Math.max(1, Math.ceil((percent * sorted.length) / 100));
  return sorted[rank - 1]!;
}

function expectNear(found: bigint, wanted: bigint): void {
  const distance = found > wanted ? found - wanted : wanted - found;
  const magnitude = wanted < 0n ? -wanted : wanted;
  // Relative error up to 1/16, in integers.
  expect(distance * 16n <= magnitude).toBe(true);
}

test("the error is at most one part in sixteen", () => {
  assert(
    property(array(LONG, { minLength: 1, maxLength: 200 }), integer({ min: 0, max: 100 }), (values, percent) => {
      const found = extract(recorded(values).toStatistic(), { percent: BigInt(percent) });
      expectNear(found, exact(values, percent));
    }),
    { numRuns: 2000 },
  );
});

test("the shares of several CPUs have the percentiles of all their values", () => {
  assert(
    property(array(LONG, { minLength: 1 }), array(LONG), (one, other) => {
      const merged = mergeStatistics(PARTS, [recorded(one).toStatistic(), recorded(other).toStatistic()]);
      expect(merged).toEqual(recorded([...one, ...other]).toStatistic());
    }),
  );
});

test("small numbers and the ends are exact", () => {
  const values = Array.from({ length: 101 }, (_, index) => BigInt(index - 50));
  const statistic = recorded(values).toStatistic();
  // -50 … 50: of 101 values the 26th is -25, the 51st 0, the 76th 25.
  expect([0n, 25n, 50n, 75n, 100n].map((percent) => extract(statistic, { percent }))).toEqual([
    -50n,
    -25n,
    0n,
    25n,
    50n,
  ]);
  const far = recorded([-(1n << 63n), 7n, (1n << 63n) - 1n]).toStatistic();
  expect([0n, 50n, 100n].map((percent) => extract(far, { percent }))).toEqual([-(1n << 63n), 7n, (1n << 63n) - 1n]);
});

test("buckets follow the order of numbers, and there is room for all", () => {
  assert(
    property(LONG, LONG, (left, right) => {
      const [first, second] = [percentileBucket(left), percentileBucket(right)];
      if (left < right) expect(first).toBeLessThanOrEqual(second);
      expect(Math.min(first, second)).toBeGreaterThanOrEqual(0);
      expect(Math.max(first, second)).toBeLessThan(PERCENTILE_BUCKETS);
    }),
  );
});

test("what nobody asked for is not kept", () => {
  expect(new Accumulator(NO_PARTS).toStatistic()).not.toHaveProperty("percentiles");
});

test.each([
  ["@percentile(s)", "@percentile(s)"],
  ["@percentile(s, 101)", "101"],
  ["@percentile(s, pid())", "pid()"],
  ["@percentile(s, 50, 1)", "1"],
  ["@median(s, 50)", "50"],
])("%s is refused at %s", (expression, place) => {
  const { diagnostics } = dumped(`global s probe begin { s <<< 1; println(${expression}) }`);
  const found = diagnostics.map(({ code, span }) => [code, span.source.text.slice(span.start, span.end)]);
  expect(found).toEqual([["statistic/parameter", place]]);
});
