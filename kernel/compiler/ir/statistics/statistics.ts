/** Statistics in the kernel: recording a value on this CPU. */
import type { GlobalVariable, LinearScale } from "../../check/program.js";
import { COUNTER_MAP_FULL } from "../../compiled.js";
import { linearBuckets, valueSize } from "../../layout.js";
import type { Emitter } from "../emitter.js";
import { raise } from "../errors.js";
import { EXISTS, putElement } from "../eviction.js";
import { arrayFull, find, mapName, stampInsertion } from "../maps.js";
import { partsOf } from "./merged_statistic.js";
import { percentileBucket } from "./percentiles.js";
import type { Operand, Register } from "../values.js";

const NOEXIST = 1n;
/** -ENOMEM */
const NO_MEMORY = -12n;
const LEAST = -(1n << 63n);

/** `statistic <<< value` */
export function record(emit: Emitter, global: GlobalVariable, key: number, value: Operand): void {
  const layout = emit.tables.layout(global.name);
  const map = mapName(global);
  const done = emit.label("recorded");
  const found = emit.label("found");
  // Both ways to the share come together in one register, so that the code below stands once.
  const share = emit.set(0n);
  emit.assign(share, find(emit, map, key));
  if (layout.keys.length > 0) {
    emit.branch("ne", share, 0n, found);
    const fresh = emit.allocate(valueSize(layout));
    emit.zero(fresh, valueSize(layout));
    stampInsertion(emit, fresh);
    const answer = putElement(emit, global, key, fresh, NOEXIST);
    emit.assign(share, find(emit, map, key));
    emit.when("eq", share, 0n, () => {
      // Another thread has deleted it since, and with it what would have been recorded.
      emit.branch("eq", answer, 0n, done);
      emit.branch("eq", answer, EXISTS, done);
      notInserted(emit, global, answer);
    });
    emit.place(found);
  } else emit.branch("eq", share, 0n, done);
  recordInto(emit, global, share, value);
  emit.place(done);
}

/** Elements of statistics are large, and a program gets only memory that the kernel has at hand. */
function notInserted(emit: Emitter, global: GlobalVariable, answer: Register): void {
  emit.when("eq", answer, NO_MEMORY, () => {
    emit.count(COUNTER_MAP_FULL);
    raise(emit, `the kernel had no memory at hand for another element of ${global.name}`);
  });
  arrayFull(emit, global);
}

/** Records into this CPU's share. */
export function recordInto(emit: Emitter, global: GlobalVariable, share: Register, value: Operand): void {
  const { value: shape } = emit.tables.layout(global.name);
  if (shape.kind !== "statistic") throw new Error(`${global.name} is no statistic`);
  const offsets = partsOf(emit, global);
  emit.atomicAdd(share, offsets.count, 1n);
  emit.atomicAdd(share, offsets.sum, value);
  // Counted from the least number and unsigned, zero is below everything; the complement makes the minimum a maximum.
  const biased = emit.alu("xor", value, emit.set(LEAST));
  raiseTo(emit, share, offsets.max, biased);
  raiseTo(emit, share, offsets.min, emit.alu("xor", biased, -1n));
  if (offsets.squares !== null) addSquare(emit, share, offsets.squares, value);
  if (offsets.log !== null) emit.atomicAdd(bucketAddress(emit, share, logBucket(emit, value), 127n), offsets.log, 1n);
  if (offsets.percentiles !== null) {
    const address = emit.alu("add", share, emit.alu("lsh", percentileBucket(emit, value), 3n));
    emit.atomicAdd(address, offsets.percentiles, 1n);
  }
  shape.parts.linear.forEach((scale, index) => {
    const bucket = linearBucket(emit, value, scale);
    const address = emit.alu("add", share, emit.alu("lsh", bucket, 3n));
    emit.atomicAdd(address, offsets.linear[index] as number, 1n);
  });
}

/** Keeps the larger; an interrupt that records on this CPU between read and write is not lost. */
function raiseTo(emit: Emitter, share: Register, offset: number, value: Register): void {
  const done = emit.label("kept");
  const before = emit.load(share, offset);
  emit.branch("uge", before, value, done);
  const seen = emit.register();
  emit.push({ op: "compareExchange", to: seen, base: share, offset, expected: before, value });
  emit.branch("eq", seen, before, done);
  emit.branch("uge", seen, value, done);
  emit.store(share, offset, value);
  emit.place(done);
}

function bucketAddress(emit: Emitter, share: Register, index: Operand, mask: bigint): Register {
  return emit.alu("add", share, emit.alu("lsh", emit.alu("and", index, mask), 3n));
}

/** 64 is exactly 0, 65 is 1, 66 is 2–3, …; negative values mirror. */
function logBucket(emit: Emitter, value: Operand): Register {
  const magnitude = emit.set(value);
  const sign = emit.set(0n);
  emit.when("slt", magnitude, 0n, () => {
    emit.assign(sign, 1n);
    emit.assign(magnitude, emit.alu("sub", 0n, magnitude));
  });
  const bits = emit.set(0n);
  for (const step of [32n, 16n, 8n, 4n, 2n, 1n]) {
    emit.when("uge", magnitude, emit.set(1n << step), () => {
      emit.assign(bits, emit.alu("add", bits, step));
      emit.assign(magnitude, emit.alu("rsh", magnitude, step));
    });
  }
  // Now `magnitude` is 0 or 1, and `bits` the place of the highest bit.
  const distance = emit.alu("add", bits, magnitude);
  const bucket = emit.register();
  emit.when(
    "eq",
    sign,
    0n,
    () => {
      emit.assign(bucket, emit.alu("add", distance, 64n));
      // 2^62 and above share the last bucket.
      emit.when("ugt", bucket, 127n, () => emit.assign(bucket, 127n));
    },
    () => emit.assign(bucket, emit.alu("sub", 64n, distance)),
  );
  return bucket;
}

function linearBucket(emit: Emitter, value: Operand, { low, high, step }: LinearScale): Register {
  const last = BigInt(linearBuckets({ low, high, step }) - 1);
  const bucket = emit.set(0n);
  const done = emit.label("bucketed");
  emit.branch("slt", emit.set(value), low, done);
  emit.assign(bucket, emit.alu("add", emit.alu("udiv", emit.alu("sub", value, low), step), 1n));
  emit.branch("ule", bucket, last, done);
  emit.assign(bucket, last);
  emit.place(done);
  // The verifier wants to see the bound.
  emit.when("ugt", bucket, last, () => emit.assign(bucket, last));
  return bucket;
}

/** The square in base 2^32, each digit added to a word of its own. */
function addSquare(emit: Emitter, share: Register, offset: number, value: Operand): void {
  const magnitude = emit.set(value);
  emit.when("slt", magnitude, 0n, () => emit.assign(magnitude, emit.alu("sub", 0n, magnitude)));
  const low = (x: Operand): Register => emit.alu("rsh", emit.alu("lsh", x, 32n), 32n);
  const high = (x: Operand): Register => emit.alu("rsh", x, 32n);
  const a = high(magnitude);
  const b = low(magnitude);
  const bb = emit.alu("mul", b, b);
  emit.atomicAdd(share, offset, low(bb));
  emit.atomicAdd(share, offset + 8, high(bb));
  emit.when("ne", a, 0n, () => {
    const ab = emit.alu("mul", a, b);
    emit.atomicAdd(share, offset + 8, emit.alu("lsh", low(ab), 1n));
    emit.atomicAdd(share, offset + 16, emit.alu("lsh", high(ab), 1n));
    const aa = emit.alu("mul", a, a);
    emit.atomicAdd(share, offset + 16, low(aa));
    emit.atomicAdd(share, offset + 24, high(aa));
  });
}
