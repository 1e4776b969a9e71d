import fc from "fast-check";
import type { FieldShape, GlobalLayout } from "../../kernel/compiler/compiled.js";
import { fieldOffsets, keySize, statisticOffsets, valueSize } from "../../kernel/compiler/layout.js";
import { decodeKey, decodeStatistic, encodeField, encodeKey } from "../../kernel/tracing/codec.js";

const NAMES = {
  kind: "names",
  set: {
    id: "test",
    names: new Map([
      [0, "read"],
      [1, "write"],
      [257, "openat"],
    ]),
  },
} as const;
const LONG = { kind: "long" } as const;
const TEXT = { kind: "bytes", size: 16 } as const;

const layoutOf = (...keys: FieldShape[]): GlobalLayout => ({ keys, value: LONG, entries: 10 });

test("keys come back as they went", () => {
  const long = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
  // Strings are byte strings without a zero.
  const text = fc
    .array(fc.integer({ min: 1, max: 255 }), { maxLength: 15 })
    .map((codes) => String.fromCharCode(...codes));
  const layout = layoutOf(LONG, TEXT, NAMES, TEXT);
  fc.assert(
    fc.property(fc.tuple(long, text, fc.constantFrom("read", "write", "openat", ""), text), (key) => {
      const bytes = encodeKey(layout, key);
      expect(bytes).toHaveLength(8 + 16 + 8 + 16);
      expect(decodeKey(layout, bytes!, 0)).toEqual(key);
    }),
  );
});

test("a key lies in memory as programs make it", () => {
  const bytes = encodeKey(layoutOf(LONG, TEXT, NAMES), [-2n, "ab", "openat"]);
  expect(Buffer.from(bytes!).toString("hex")).toBe(
    ["feffffffffffffff", "61620000000000000000000000000000", "0101000000000000"].join(""),
  );
});

test("what no element can have as its key is told", () => {
  expect(encodeKey(layoutOf(TEXT), ["sixteen bytes !!"])).toBeNull();
  expect(encodeKey(layoutOf(NAMES), ["no such call"])).toBeNull();
});

test("a number without a name reads as itself, and none at all as the empty text", () => {
  const layout = layoutOf(NAMES);
  expect(decodeKey(layout, new Uint8Array(new BigInt64Array([5n]).buffer), 0)).toEqual(["5"]);
  expect(decodeKey(layout, new Uint8Array(new BigInt64Array([-1n]).buffer), 0)).toEqual([""]);
});

test("fields follow each other, and an element starts with its time of insertion", () => {
  expect(fieldOffsets([LONG, TEXT, NAMES])).toEqual([0, 8, 24]);
  expect(keySize(layoutOf(LONG, TEXT, NAMES))).toBe(32);
  // The key of a scalar's array map is its 32-bit index.
  expect(keySize(layoutOf())).toBe(4);
  expect(valueSize(layoutOf())).toBe(8);
  expect(valueSize(layoutOf(LONG))).toBe(16);
  expect(valueSize({ ...layoutOf(LONG), value: TEXT })).toBe(24);
});

test("a text that is too long is cut and told", () => {
  const bytes = new Uint8Array(8);
  expect(encodeField({ kind: "bytes", size: 8 }, "12345678", bytes, 0)).toBe(false);
  expect(Buffer.from(bytes).toString("latin1")).toBe("1234567\0");
});

describe("a statistic of two CPUs", () => {
  const parts = { log: true, linear: [{ low: 0n, high: 20n, step: 10n }], variance: true };
  const offsets = statisticOffsets(parts);
  const LEAST = 1n << 63n;

  /** One CPU's share with these values recorded, by the rules of layout.ts. */
  function share(inserted: bigint, values: readonly bigint[]): Uint8Array {
    const words = new BigUint64Array(offsets.size / 8);
    words[0] = inserted;
    for (const value of values) {
      const biased = BigInt.asUintN(64, value) ^ LEAST;
      const complement = BigInt.asUintN(64, ~biased);
      words[1] = words[1]! + 1n;
      words[2] = BigInt.asUintN(64, words[2]! + value);
      if (biased > words[3]!) words[3] = biased;
      if (complement > words[4]!) words[4] = complement;
      words[offsets.squares! / 8]! += value * value;
    }
    return new Uint8Array(words.buffer);
  }

  const decode = (...shares: Uint8Array[]): ReturnType<typeof decodeStatistic> => {
    const bytes = Uint8Array.from(shares.flatMap((one) => [...one]));
    return decodeStatistic(parts, bytes, 0, bytes.length);
  };

  test("is merged, and is as old as its older share", () => {
    const { statistic, inserted } = decode(share(20n, [5n, -7n]), share(10n, [100n]));
    expect(statistic).toMatchObject({ count: 3n, sum: 98n, min: -7n, max: 100n, sumOfSquares: 25n + 49n + 10_000n });
    expect(inserted).toBe(10n);
  });

  test("a CPU that recorded nothing adds nothing", () => {
    const { statistic, inserted } = decode(share(0n, []), share(30n, [-3n]));
    expect(statistic).toMatchObject({ count: 1n, sum: -3n, min: -3n, max: -3n });
    expect(inserted).toBe(30n);
  });

  test("the extremes of 64 bits are kept", () => {
    const least = -(1n << 63n);
    const { statistic } = decode(share(1n, [least]), share(1n, [-least - 1n]));
    expect(statistic).toMatchObject({ min: least, max: -least - 1n });
  });
});
