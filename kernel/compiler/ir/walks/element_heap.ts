/**
 * Copies of elements in a map of the script's own, and their order: an array of the copies' numbers that is a heap, the
 * greatest rank first, until it is sorted. A copy never moves. One area for each CPU: a handler never runs twice at once there.
 */
import { HELPER } from "../../bpf/helper_functions.js";
import type { ElementRank, RankPlace } from "./element_rank.js";
import type { Emitter } from "../emitter.js";
import type { Operand, Register } from "../values.js";

/** Bytes of an area on one CPU; what has more elements is walked a part at a time. */
const MOST_BYTES = 1 << 18;

/** A power of two, so that the verifier sees from a mask that a copy is inside of the area. */
export function capacityFor(wanted: number, recordSize: number): number {
  let capacity = 1;
  while (capacity < wanted && capacity * 2 * (8 + recordSize) <= MOST_BYTES) capacity *= 2;
  return capacity;
}

export class ElementHeap {
  private readonly map: string;
  private readonly cpu: number;
  /** How many elements are in the heap's part of the order. */
  private readonly size: number;
  /** Whose children are to be looked at next, and before how many elements that are still to be let down. */
  private readonly hole: number;
  private readonly start: number;

  /** A copy starts with its element's rank; `depth`: walks of the handler that this one stands in. */
  constructor(
    private readonly emit: Emitter,
    private readonly rank: ElementRank,
    private readonly capacity: number,
    private readonly recordSize: number,
    depth: number,
  ) {
    const cpus = emit.target.possibleCpus;
    this.map = emit.tables.area(`elements${emit.handler}_${depth}`, capacity * (8 + recordSize), cpus);
    this.cpu = emit.allocate(8);
    this.size = emit.allocate(8);
    this.hole = emit.allocate(8);
    this.start = emit.allocate(8);
  }

  begin(): void {
    this.emit.store("scratch", this.cpu, this.emit.call(HELPER.get_smp_processor_id, []));
  }

  /** The address of this CPU's area; there always is one. */
  area(none: string): Register {
    const { emit } = this;
    const area = emit.call(HELPER.map_lookup_elem, [emit.map(this.map), { scratch: this.cpu }]);
    emit.branch("eq", area, 0n, none);
    return area;
  }

  /** The number of the copy at a place of the order. */
  numberAt(area: Register, place: Operand): Register {
    return this.emit.load(this.place(area, place), 0);
  }

  setNumberAt(area: Register, place: Operand, number: Operand): void {
    this.emit.store(this.place(area, place), 0, number);
  }

  /** The address of a copy. */
  record(area: Register, number: Operand): Register {
    const { emit } = this;
    const offset = emit.alu("mul", this.masked(number), BigInt(this.recordSize));
    return emit.alu("add", emit.alu("add", area, BigInt(this.capacity * 8)), offset);
  }

  rankOf(area: Register, number: Operand): RankPlace {
    return { base: this.record(area, number), offset: 0 };
  }

  /** Makes a heap of so many elements in any order. */
  heapify(count: Operand): void {
    this.settle(count, this.emit.alu("rsh", this.emit.set(count), 1n), false);
  }

  /** As `heapify`, where only the first element may stand wrong. */
  letFirstDown(count: Operand): void {
    this.settle(count, 0n, false);
  }

  /** Sorts so many elements, the least rank first. */
  sort(count: Operand): void {
    this.settle(count, this.emit.alu("rsh", this.emit.set(count), 1n), true);
  }

  /** Heap sort as one loop, each turn of which takes one element one step down: loops in loops are few on the kernel's stack. */
  private settle(count: Operand, from: Operand, sorts: boolean): void {
    const { emit } = this;
    emit.store("scratch", this.size, count);
    emit.store("scratch", this.start, from);
    emit.store("scratch", this.hole, from);
    const done = emit.exit("settled");
    const levels = Math.ceil(Math.log2(this.capacity)) + 4;
    emit.loop(BigInt(this.capacity * levels + 4), () => {
      const next = emit.label("next");
      const stands = emit.label("stands");
      const area = this.area(next);
      const hole = emit.load("scratch", this.hole);
      const size = emit.load("scratch", this.size);
      const child = emit.alu("add", emit.alu("lsh", hole, 1n), 1n);
      emit.branch("uge", child, size, stands);
      const number = this.numberAt(area, child);
      const chosen = emit.label("chosen");
      const right = emit.alu("add", child, 1n);
      emit.branch("uge", right, size, chosen);
      const rightNumber = this.numberAt(area, right);
      this.rank.branchUnlessLess(this.rankOf(area, number), this.rankOf(area, rightNumber), chosen);
      emit.assign(child, right);
      emit.assign(number, rightNumber);
      emit.place(chosen);
      const own = this.numberAt(area, hole);
      this.rank.branchUnlessLess(this.rankOf(area, own), this.rankOf(area, number), stands);
      this.setNumberAt(area, hole, number);
      this.setNumberAt(area, child, own);
      emit.store("scratch", this.hole, child);
      emit.jump(next);

      emit.place(stands);
      const isHeap = emit.label("heap");
      const start = emit.load("scratch", this.start);
      emit.branch("eq", start, 0n, isHeap);
      const before = emit.alu("sub", start, 1n);
      emit.store("scratch", this.start, before);
      emit.store("scratch", this.hole, before);
      emit.jump(next);

      emit.place(isHeap);
      if (sorts) this.takeGreatest(area, () => emit.leave(done));
      else emit.leave(done);
      emit.place(next);
    });
    emit.placeExit(done);
  }

  /** Puts the heap's first element behind the heap, where it belongs. */
  private takeGreatest(area: Register, none: () => void): void {
    const { emit } = this;
    emit.when("ule", emit.load("scratch", this.size), 1n, none);
    const last = emit.alu("sub", emit.load("scratch", this.size), 1n);
    const greatest = this.numberAt(area, 0n);
    this.setNumberAt(area, 0n, this.numberAt(area, last));
    this.setNumberAt(area, last, greatest);
    emit.store("scratch", this.size, last);
    emit.store("scratch", this.hole, 0n);
  }

  private place(area: Register, place: Operand): Register {
    const { emit } = this;
    return emit.alu("add", area, emit.alu("lsh", this.masked(place), 3n));
  }

  private masked(number: Operand): Register {
    return this.emit.alu("and", this.emit.set(number), BigInt(this.capacity - 1));
  }
}
