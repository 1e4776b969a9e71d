/** Keys and values of the script to the bytes of its maps, and back. Strings are byte strings. */
import { Accumulator } from "../compiler/closures/accumulator.js";
import type { Statistic, Value } from "../compiler/closures/runtime.js";
import type { FieldShape, GlobalLayout } from "../compiler/compiled.js";
import type { StackForm } from "../compiler/text/symbols.js";
import { fieldOffsets, INSERTED, keySize, linearBuckets, LOG_BUCKETS, statisticOffsets } from "../compiler/layout.js";
import { PERCENTILE_BUCKETS, type PercentileCounts } from "../compiler/percentiles.js";
import type { StatisticParts } from "../compiler/check/program.js";

const LEAST = -(1n << 63n);

export function bytesToText(bytes: Uint8Array, start: number, limit: number): string {
  let end = start;
  while (end < start + limit && bytes[end] !== 0) end++;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

function textToBytes(text: string, bytes: Uint8Array, start: number, size: number): void {
  for (let index = 0; index < Math.min(text.length, size - 1); index++) bytes[start + index] = text.charCodeAt(index);
}

/** The session's stacks and symbols, by which fields that travel as their numbers become text. */
export interface FieldTexts {
  stack(form: StackForm, number: bigint): string;
  /** The names of its functions, innermost first. */
  functions(form: StackForm, number: bigint): readonly string[];
  /** Null where no stack has that text. */
  stackNumber(form: StackForm, text: string): bigint | null;
  /** A text of addresses, as lines. */
  frames(form: StackForm, text: string): string;
}

/** Null where the value cannot be in the map at all: a text that is too long, or no name of the set. */
export function encodeField(
  shape: FieldShape,
  value: Value,
  bytes: Uint8Array,
  offset: number,
  texts?: FieldTexts,
): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  switch (shape.kind) {
    case "long":
      view.setBigInt64(offset, value as bigint, true);
      return true;
    case "bytes":
      textToBytes(value as string, bytes, offset, shape.size);
      return (value as string).length < shape.size;
    case "names": {
      const number = nameNumber(shape, value as string);
      view.setBigInt64(offset, number ?? -1n, true);
      return number !== null;
    }
    case "stack": {
      const number = value === "" ? 0n : known(texts).stackNumber(shape.form, value as string);
      view.setBigInt64(offset, number ?? -1n, true);
      return number !== null;
    }
  }
}

function nameNumber(shape: Extract<FieldShape, { kind: "names" }>, text: string): bigint | null {
  if (text === "") return -1n;
  for (const [number, name] of shape.set.names) if (name === text) return BigInt(number);
  return null;
}

function known(texts: FieldTexts | undefined): FieldTexts {
  if (!texts) throw new Error("stacks and symbols have no text outside of a session");
  return texts;
}

export function decodeField(shape: FieldShape, bytes: Uint8Array, offset: number, texts?: FieldTexts): Value {
  switch (shape.kind) {
    case "long":
      return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(offset, true);
    case "bytes":
      return shownText(shape, bytesToText(bytes, offset, shape.size), texts);
    case "stack": {
      const number = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(offset, true);
      return number === 0n ? "" : known(texts).stack(shape.form, number);
    }
    case "names": {
      const number = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(offset, true);
      return shape.set.names.get(Number(number)) ?? (number < 0n ? "" : String(number));
    }
  }
}

/** Addresses that are to be shown as lines, or the text as it is. */
export function shownText(
  { shownAs }: Extract<FieldShape, { kind: "bytes" }>,
  text: string,
  texts: FieldTexts | undefined,
): string {
  return shownAs ? known(texts).frames(shownAs, text) : text;
}

/** Null where no element can have that key. */
export function encodeKey(layout: GlobalLayout, key: readonly Value[], texts?: FieldTexts): Uint8Array | null {
  const bytes = new Uint8Array(keySize(layout));
  const offsets = fieldOffsets(layout.keys);
  const fits = key.every((part, column) =>
    encodeField(layout.keys[column] as FieldShape, part, bytes, offsets[column] as number, texts),
  );
  return fits ? bytes : null;
}

export function decodeKey(layout: GlobalLayout, bytes: Uint8Array, start: number, texts?: FieldTexts): Value[] {
  const offsets = fieldOffsets(layout.keys);
  return layout.keys.map((shape, column) => decodeField(shape, bytes, start + (offsets[column] as number), texts));
}

/** One CPU's share. `inserted` is 0 where this CPU did not make the element. */
export function decodeShare(
  parts: StatisticParts,
  bytes: Uint8Array,
  start: number,
): { statistic: Statistic; inserted: bigint } {
  const offsets = statisticOffsets(parts);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, offsets.size);
  const words = (offset: number, length: number): bigint[] =>
    Array.from({ length }, (_, index) => view.getBigUint64(offset + index * 8, true));
  const count = view.getBigUint64(offsets.count, true);
  const statistic: Statistic = {
    count,
    sum: view.getBigInt64(offsets.sum, true),
    min: unbias(~view.getBigUint64(offsets.min, true)),
    max: unbias(view.getBigUint64(offsets.max, true)),
    sumOfSquares:
      offsets.squares === null
        ? null
        : words(offsets.squares, 4).reduce((sum, digit, index) => sum + (digit << BigInt(32 * index)), 0n),
    log: offsets.log === null ? null : words(offsets.log, LOG_BUCKETS),
    linear: parts.linear.map((scale, index) => ({
      scale,
      counts: words(offsets.linear[index] as number, linearBuckets(scale)),
    })),
    ...(offsets.percentiles === null ? {} : { percentiles: decodePercentiles(bytes, start + offsets.percentiles) }),
  };
  return { statistic, inserted: view.getBigUint64(0, true) };
}

/** The opposite: puts a statistic into one CPU's share. */
export function encodeShare(
  parts: StatisticParts,
  statistic: Statistic,
  inserted: bigint,
  bytes: Uint8Array,
  start: number,
): void {
  const offsets = statisticOffsets(parts);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, offsets.size);
  const put = (offset: number, words: readonly bigint[]): void =>
    words.forEach((word, index) => view.setBigUint64(offset + index * 8, BigInt.asUintN(64, word), true));
  put(INSERTED, [inserted]);
  if (statistic.count === 0n) return;
  put(offsets.count, [statistic.count]);
  put(offsets.sum, [statistic.sum]);
  put(offsets.max, [statistic.max ^ LEAST]);
  put(offsets.min, [~(statistic.min ^ LEAST)]);
  if (offsets.squares !== null) {
    const squares = statistic.sumOfSquares ?? 0n;
    // The last word takes whatever is left.
    const digits = [0n, 32n, 64n].map((shift) => BigInt.asUintN(32, squares >> shift));
    put(offsets.squares, [...digits, squares >> 96n]);
  }
  if (offsets.log !== null) put(offsets.log, statistic.log ?? []);
  parts.linear.forEach((_, index) => put(offsets.linear[index] as number, statistic.linear[index]?.counts ?? []));
  for (const [bucket, count] of (offsets.percentiles !== null && statistic.percentiles) || [])
    put((offsets.percentiles as number) + bucket * 8, [count]);
}

/** The few buckets that hold anything: looking for them word by word would take longer than all the rest. */
function decodePercentiles(bytes: Uint8Array, start: number): PercentileCounts {
  const counts = new BigUint64Array(bytes.slice(start, start + PERCENTILE_BUCKETS * 8).buffer);
  const halves = new Uint32Array(counts.buffer);
  const found: [number, bigint][] = [];
  for (let half = 0; half < halves.length; half++) {
    const bucket = half >> 1;
    if (halves[half] !== 0 && found.at(-1)?.[0] !== bucket) found.push([bucket, counts[bucket] as bigint]);
  }
  return found;
}

/** Extremes are kept with the sign bit turned over, so that unsigned comparison orders them. */
function unbias(value: bigint): bigint {
  return BigInt.asIntN(64, value ^ LEAST);
}

/** All CPUs' shares, `stride` bytes apart, as one statistic. */
export function decodeStatistic(
  parts: StatisticParts,
  bytes: Uint8Array,
  start: number,
  end: number,
): { statistic: Statistic; inserted: bigint } {
  const merged = new Accumulator(parts);
  let inserted = 0n;
  for (let share = start; share < end; share += statisticOffsets(parts).size) {
    const own = decodeShare(parts, bytes, share);
    if (own.inserted !== 0n && (inserted === 0n || own.inserted < inserted)) inserted = own.inserted;
    merged.merge(own.statistic);
  }
  return { statistic: merged.toStatistic(), inserted };
}
