/** Quantiles against the sorted values themselves: the range that is stated always holds the true one. */
import fc from "fast-check";
import { Accumulator } from "../../kernel/compiler/closures/accumulator.js";
import { quantileOf, QUANTILES } from "../../kernel/tracing/quantiles.js";

const values = fc.array(fc.oneof(fc.bigInt(-40n, 40n), fc.bigInt(0n, 1n << 20n), fc.bigInt(-(1n << 62n), 1n << 62n)), {
  minLength: 1,
  maxLength: 300,
});

/** The least value that at least `part` of `of` of all do not exceed. */
function sorted(all: readonly bigint[], part: bigint, of: bigint): bigint {
  const ascending = all.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const found = ascending.find((_, index) => BigInt(index + 1) * of >= part * BigInt(all.length));
  return found ?? ascending.at(-1)!;
}

describe.each([
  ["sixteen buckets to the octave", { log: true, linear: [], variance: false, percentiles: true }, 16n],
  ["one bucket to the octave", { log: true, linear: [], variance: false }, 1n],
])("%s", (_, parts, perOctave) => {
  test("what is stated holds the true value, and is no wider than its bucket", () => {
    fc.assert(
      fc.property(values, (all) => {
        const accumulator = new Accumulator(parts);
        for (const value of all) accumulator.record(value);
        for (const quantile of QUANTILES) {
          const found = quantileOf(accumulator.toStatistic(), quantile)!;
          const truth = sorted(all, quantile.part, quantile.of);
          expect(found.low <= truth && truth <= found.high).toBe(true);
          expect(found.low <= found.value && found.value <= found.high).toBe(true);
          const magnitude = truth < 0n ? -truth : truth;
          expect((found.high - found.low) * perOctave <= magnitude).toBe(true);
        }
      }),
    );
  });
});

test("without buckets only the ends are known, and of nothing there is none", () => {
  const accumulator = new Accumulator({ log: false, linear: [], variance: false });
  const p50 = QUANTILES[0]!;
  expect(quantileOf(accumulator.toStatistic(), p50)).toBeNull();
  for (const value of [7n, 8n, 9n]) accumulator.record(value);
  expect(quantileOf(accumulator.toStatistic(), p50)).toBeNull();
  expect(quantileOf(accumulator.toStatistic(), { name: "p100", part: 100n, of: 100n })).toMatchObject({ value: 9n });
});
