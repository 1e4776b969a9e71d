/** A statistic as a handler reads it: the shares of all CPUs put together in scratch memory. */
import { HELPER } from "../../bpf/helper_functions.js";
import type { GlobalVariable } from "../../check/program.js";
import { INSERTED, statisticOffsets, type StatisticOffsets } from "../../layout.js";
import type { Emitter } from "../emitter.js";
import { mapName } from "../maps.js";
import type { Operand, Register } from "../values.js";
import { requireCertainKeys } from "../uncertain_keys.js";

const LEAST = -(1n << 63n);

/** Words of a merged statistic before anything that is there on request only. */
export const MERGED_HEAD = 4;

/** What is wanted besides count, sum, maximum and minimum. */
export interface MergeRequest {
  readonly squares?: boolean;
  /** When the element was inserted. */
  readonly inserted?: boolean;
  /** Counters that lie one behind the other in each share. */
  readonly buckets?: { readonly offset: number; readonly count: number };
}

export function partsOf(emit: Emitter, global: GlobalVariable): StatisticOffsets {
  const { value } = emit.tables.layout(global.name);
  if (value.kind !== "statistic") throw new Error(`${global.name} is no statistic`);
  return statisticOffsets(value.parts);
}

export class MergedStatistic {
  /** In scratch memory: count, sum, maximum, minimum, then the buckets. */
  readonly offset: number;
  readonly buckets: number;
  private readonly squares: number;
  private readonly insertion: number;

  /** `key`: where in scratch memory the key lies. An element that is not there has a count of zero. */
  constructor(
    private readonly emit: Emitter,
    readonly global: GlobalVariable,
    readonly key: number,
    request: MergeRequest = {},
  ) {
    requireCertainKeys(emit, global);
    const bucketCount = request.buckets?.count ?? 0;
    const words = MERGED_HEAD + bucketCount + (request.squares ? 4 : 0) + (request.inserted ? 1 : 0);
    this.offset = emit.allocate(words * 8);
    this.buckets = this.offset + MERGED_HEAD * 8;
    this.squares = this.buckets + bucketCount * 8;
    this.insertion = this.squares + (request.squares ? 32 : 0);
    emit.zero(this.offset, words * 8);
    const map = mapName(global);
    const offsets = partsOf(emit, global);
    emit.loop(BigInt(emit.target.possibleCpus), (cpu) => {
      const share = emit.call(HELPER.map_lookup_percpu_elem, [emit.map(map), { scratch: key }, cpu]);
      emit.when("ne", share, 0n, () => this.include(share, offsets, request));
    });
  }

  get count(): Register {
    return this.emit.load("scratch", this.offset);
  }

  get sum(): Register {
    return this.emit.load("scratch", this.offset + 8);
  }

  get max(): Register {
    return this.emit.alu("xor", this.emit.load("scratch", this.offset + 16), this.emit.set(LEAST));
  }

  get min(): Register {
    const { emit } = this;
    return emit.alu("xor", emit.alu("xor", emit.load("scratch", this.offset + 24), -1n), emit.set(LEAST));
  }

  /** The digits of the sum of squares, in base 2^32. */
  squareDigit(index: number): Register {
    return this.emit.load("scratch", this.squares + index * 8);
  }

  get inserted(): Register {
    return this.emit.load("scratch", this.insertion);
  }

  /** Replaces what maximum and minimum are kept as by the numbers themselves. */
  settleExtremes(): void {
    this.emit.store("scratch", this.offset + 16, this.max);
    this.emit.store("scratch", this.offset + 24, this.min);
  }

  private include(share: Register, offsets: StatisticOffsets, request: MergeRequest): void {
    const { emit } = this;
    this.addWords(share, offsets.count, this.offset, 1);
    this.addWords(share, offsets.sum, this.offset + 8, 1);
    this.keepLarger(this.offset + 16, emit.load(share, offsets.max));
    this.keepLarger(this.offset + 24, emit.load(share, offsets.min));
    if (request.buckets) this.addWords(share, request.buckets.offset, this.buckets, request.buckets.count);
    if (request.squares) {
      if (offsets.squares === null) throw new Error("a statistic whose variance is wanted keeps no squares");
      this.addWords(share, offsets.squares, this.squares, 4);
    }
    if (request.inserted) this.keepEarlier(emit.load(share, INSERTED));
  }

  private addWords(share: Register, from: number, to: number, count: number): void {
    const { emit } = this;
    for (let at = 0; at < count * 8; at += 8) {
      emit.store("scratch", to + at, emit.alu("add", emit.load("scratch", to + at), emit.load(share, from + at)));
    }
  }

  private keepLarger(at: number, candidate: Register): void {
    const { emit } = this;
    emit.when("ugt", candidate, emit.load("scratch", at), () => emit.store("scratch", at, candidate));
  }

  /** Zero is the time of a CPU that did not insert the element: less one, unsigned, it is behind every other. */
  private keepEarlier(candidate: Register): void {
    const { emit } = this;
    const lessOne = (value: Operand): Register => emit.alu("sub", value, 1n);
    const known = emit.load("scratch", this.insertion);
    emit.when("ult", lessOne(candidate), lessOne(known), () => emit.store("scratch", this.insertion, candidate));
  }
}
