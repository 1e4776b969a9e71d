/** Percentiles in the kernel: the bucket of a value, and the walk over all CPUs' buckets. See ../../percentiles.ts. */
import { HELPER } from "../../bpf/helper_functions.js";
import { MIDDLE_BUCKET, PERCENTILE_BUCKETS } from "../../percentiles.js";
import type { Emitter } from "../emitter.js";
import { mapName } from "../maps.js";
import { partsOf, type MergedStatistic } from "./merged_statistic.js";
import type { Operand, Register } from "../values.js";

const LEAST = -(1n << 63n);
const MIDDLE = BigInt(MIDDLE_BUCKET);

/** Sixteen buckets, an octave, are merged at a time: all of them would fill the scratch memory. */
const CHUNK = 16;
const CHUNKS = PERCENTILE_BUCKETS / CHUNK;

export function percentileBucket(emit: Emitter, value: Operand): Register {
  const leading = emit.set(value);
  const isNegative = emit.alu("rsh", leading, 63n);
  emit.when("ne", isNegative, 0n, () => emit.assign(leading, emit.alu("sub", 0n, leading)));
  // Shifted until five bits are left: the highest one and the four that tell the buckets of an octave apart.
  const shift = emit.set(0n);
  for (const step of [32n, 16n, 8n, 4n, 2n, 1n]) {
    emit.when("uge", leading, emit.set(16n << step), () => {
      emit.assign(shift, emit.alu("add", shift, step));
      emit.assign(leading, emit.alu("rsh", leading, step));
    });
  }
  const distance = emit.alu("add", emit.alu("lsh", shift, 4n), leading);
  const bucket = emit.alu("add", distance, MIDDLE);
  emit.when("ne", isNegative, 0n, () => emit.assign(bucket, emit.alu("sub", MIDDLE, distance)));
  // The verifier wants to see the bound.
  emit.when("uge", bucket, BigInt(PERCENTILE_BUCKETS), () => emit.assign(bucket, MIDDLE));
  return bucket;
}

/** The percentile of a merged statistic that holds something. */
export function percentile(emit: Emitter, percent: bigint, merged: MergedStatistic): Register {
  const result = emit.set(merged.max);
  const done = emit.label("percentile");
  const count = merged.count;
  const rank = emit.alu("udiv", emit.alu("add", emit.alu("mul", count, percent), 99n), 100n);
  emit.branch("uge", rank, count, done);
  emit.assign(result, merged.min);
  emit.branch("ule", rank, 1n, done);
  const found = findBucket(emit, rank, merged);
  emit.assign(result, limited(emit, bucketMiddle(emit, emit.load("scratch", found)), merged));
  emit.place(done);
  return result;
}

/** Where in scratch memory the number of the bucket stands that holds the value of that rank. */
function findBucket(emit: Emitter, rank: Register, merged: MergedStatistic): number {
  const { global, key } = merged;
  const { percentiles } = partsOf(emit, global);
  if (percentiles === null) throw new Error(`${global.name} keeps no percentiles`);
  const [found, remaining, turn] = [emit.allocate(8), emit.allocate(8), emit.allocate(8)];
  const chunk = emit.allocate(CHUNK * 8);
  // The last one where another CPU has counted a value whose bucket is still to follow.
  emit.store("scratch", found, BigInt(PERCENTILE_BUCKETS - 1));
  emit.store("scratch", remaining, rank);
  const done = emit.exit("ranked");
  emit.loop(BigInt(CHUNKS), (index) => {
    emit.store("scratch", turn, index);
    emit.zero(chunk, CHUNK * 8);
    emit.loop(BigInt(emit.target.possibleCpus), (cpu) =>
      addChunk(emit, merged, { cpu, key, turn, chunk, percentiles }),
    );
    const first = emit.alu("lsh", emit.load("scratch", turn), 4n);
    for (let at = 0; at < CHUNK; at++) {
      const own = emit.load("scratch", chunk + at * 8);
      const left = emit.load("scratch", remaining);
      emit.when("ule", left, own, () => {
        emit.store("scratch", found, emit.alu("add", first, BigInt(at)));
        emit.leave(done);
      });
      emit.store("scratch", remaining, emit.alu("sub", left, own));
    }
  });
  emit.placeExit(done);
  return found;
}

interface Chunk {
  readonly cpu: Register;
  readonly key: number;
  readonly turn: number;
  readonly chunk: number;
  readonly percentiles: number;
}

function addChunk(emit: Emitter, { global }: MergedStatistic, { cpu, key, turn, chunk, percentiles }: Chunk): void {
  const share = emit.call(HELPER.map_lookup_percpu_elem, [emit.map(mapName(global)), { scratch: key }, cpu]);
  emit.when("ne", share, 0n, () => {
    const index = emit.load("scratch", turn);
    emit.when("uge", index, BigInt(CHUNKS), () => emit.assign(index, 0n));
    const from = emit.alu("add", share, emit.alu("lsh", index, 7n));
    for (let at = 0; at < CHUNK * 8; at += 8) {
      emit.store(
        "scratch",
        chunk + at,
        emit.alu("add", emit.load("scratch", chunk + at), emit.load(from, percentiles + at)),
      );
    }
  });
}

function bucketMiddle(emit: Emitter, bucket: Register): Register {
  const distance = emit.alu("sub", bucket, MIDDLE);
  const isNegative = emit.alu("rsh", distance, 63n);
  emit.when("ne", isNegative, 0n, () => emit.assign(distance, emit.alu("sub", 0n, distance)));
  const middle = emit.set(distance);
  emit.when("uge", distance, 32n, () => {
    const shift = emit.alu("sub", emit.alu("rsh", distance, 4n), 1n);
    const low = emit.alu("or", emit.alu("and", distance, 15n), 16n);
    emit.assign(middle, emit.alu("lsh", low, shift));
    emit.assign(middle, emit.alu("add", middle, emit.alu("rsh", emit.alu("lsh", 1n, shift), 1n)));
  });
  emit.when("ne", isNegative, 0n, () => {
    // The lowest bucket goes on behind the lowest number there is.
    emit.when("ugt", middle, emit.set(LEAST), () => emit.assign(middle, LEAST));
    emit.assign(middle, emit.alu("sub", 0n, middle));
  });
  return middle;
}

function limited(emit: Emitter, value: Register, { min, max }: MergedStatistic): Register {
  emit.when("slt", value, min, () => emit.assign(value, min));
  emit.when("sgt", value, max, () => emit.assign(value, max));
  return value;
}
