import { groupDigits, powerLabel, readableQuantity } from "../../kernel/render/quantity.js";

test.each([
  [0n, "0"],
  [999n, "999"],
  [1000n, "1_000"],
  [-1000n, "-1_000"],
  [-999n, "-999"],
  [1234567n, "1_234_567"],
])("%s in groups is %s", (value, expected) => expect(groupDigits(value).replaceAll("\u202f", "_")).toBe(expected));

test.each<[bigint, string | undefined, string]>([
  [0n, "ns", "0"],
  [999n, "ns", "999 ns"],
  [1234567n, "ns", "1.23 ms"],
  [1500n, "us", "1.5 ms"],
  [90n, "s", "90 s"],
  [-2500n, "ms", "-2.5 s"],
  [123456n, "ns", "123 µs"],
  [172_799n, "s", "172799 s"],
  [172_800n, "s", "2 d"],
  [-(1n << 63n), "ns", "-292 y"],
  [1536n, "bytes", "1.5 KiB"],
  [1n << 40n, "B", "1 TiB"],
  [5n, "pages", "5 pages"],
  [5000n, undefined, "5\u202f000"],
])("%s %s reads %s", (value, unit, expected) => expect(readableQuantity(value, unit)).toBe(expected));

test.each<[bigint, string | undefined, string]>([
  [1n, undefined, "1"],
  [512n, undefined, "512"],
  [1024n, undefined, "1Ki"],
  [-2048n, undefined, "-2Ki"],
  [-3n, undefined, "-3"],
  [1n << 62n, undefined, "4Ei"],
  [1n << 63n, undefined, "8Ei"],
  [4096n, "bytes", "4 KiB"],
  [1024n, "ns", "1 µs"],
  [4096n, "ns", "4.1 µs"],
  [1n << 20n, "ns", "1 ms"],
  [1n << 30n, "ns", "1.1 s"],
  [1n << 48n, "ns", "3.3 d"],
  [1n << 63n, "ns", "292 y"],
  [16n, "us", "16 µs"],
])("a tick at %s %s reads %s", (value, unit, expected) => expect(powerLabel(value, unit)).toBe(expected));
