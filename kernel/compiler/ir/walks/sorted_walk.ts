/**
 * A walk over copies of the elements, made in one pass and sorted. Where there are more than the area holds, or than the
 * loop's limit asks for, the pass keeps the least ones by rank; should those run out, the next pass takes what is above them.
 *
 * Where a function calls itself out of the loop, the call's own walk takes the area. Then a pass keeps only a few, and another one
 * is made behind the call: what has to be kept over it is the last one's rank.
 */
import type { Foreach } from "../../check/program.js";
import type { GlobalLayout } from "../../compiled.js";
import { HELPER } from "../../bpf/helper_functions.js";
import { fieldSize, keySize } from "../../layout.js";
import { ArrayWalk } from "./array_walk.js";
import { capacityFor, ElementHeap } from "./element_heap.js";
import { INLINE_COPY, type Emitter, type Exit } from "../emitter.js";
import type { Block } from "../frames.js";
import { find, mapName } from "../maps.js";
import type { Scope } from "../scope.js";
import { branchUnlessInSlice } from "../slices.js";
import type { Register } from "../values.js";

/** Elements of a pass that may have to be made again for each. */
const FEW = 64;

export class SortedWalk {
  /** Elements that one pass can keep. */
  readonly capacity: number;
  /** Whether one pass may leave elements out. */
  readonly hasParts: boolean;
  private readonly emit: Emitter;
  private readonly walk: ArrayWalk;
  private readonly heap: ElementHeap;
  private readonly count: number;
  private readonly cursor: number;
  /** Not zero when the last pass has come to the end of the array. */
  private readonly isLast: number;
  /** Whether there was a pass before, and the greatest rank that it kept. */
  private readonly hasPassed: number;
  private readonly passed: number;
  /** The rank of the turn's element, where the walk may be interrupted. */
  private readonly last: number;

  /** `depth`: walks that this one stands in. */
  constructor(
    scope: Scope,
    private readonly statement: Foreach,
    private readonly layout: GlobalLayout,
    depth: number,
    private readonly isInterrupted = false,
  ) {
    const { emit } = scope;
    this.emit = emit;
    this.walk = new ArrayWalk(scope, statement, layout);
    const recordSize = this.walk.rank.size + keySize(layout) + this.walk.valueSize;
    const { limit } = statement;
    const wanted = limit?.kind === "number" && limit.value < layout.entries ? Number(limit.value) : layout.entries;
    this.capacity = capacityFor(isInterrupted ? Math.min(wanted, FEW) : wanted, recordSize);
    this.hasParts = isInterrupted || this.capacity < layout.entries;
    this.heap = new ElementHeap(emit, this.walk.rank, this.capacity, recordSize, depth);
    this.count = emit.allocate(8);
    this.cursor = emit.allocate(8);
    this.isLast = emit.allocate(8);
    this.hasPassed = emit.allocate(8);
    this.passed = emit.allocate(this.hasParts ? this.walk.rank.size : 0);
    this.last = emit.allocate(isInterrupted ? this.walk.rank.size : 0);
  }

  /** Before the first turn. */
  begin(done: Exit): void {
    const { emit } = this;
    this.walk.begin(done);
    this.heap.begin();
    for (const word of [this.count, this.cursor, this.isLast, this.hasPassed]) emit.store("scratch", word, 0n);
  }

  /** What has to be kept where another walk takes the area. */
  blocks(): Block[] {
    const slice = (this.walk.slice ?? []).flatMap((offset, column) => {
      const shape = this.layout.keys[column];
      return offset === null || !shape ? [] : [{ offset, size: fieldSize(shape) }];
    });
    return [{ offset: this.last, size: this.walk.rank.size }, { offset: this.walk.remaining, size: 8 }, ...slice];
  }

  /** Goes on behind the last element, with nothing in the area that was there. */
  goOn(): void {
    const { emit } = this;
    for (const word of [this.count, this.cursor, this.isLast]) emit.store("scratch", word, 0n);
    for (let at = 0; at < this.walk.rank.size; at += 8)
      emit.store("scratch", this.passed + at, emit.load("scratch", this.last + at));
    emit.store("scratch", this.hasPassed, 1n);
  }

  /** Puts the next element into the loop's locals; one that was deleted since is passed over. */
  step(done: Exit, next: Exit): void {
    const { emit } = this;
    emit.at(this.statement.span);
    this.walk.leaveAtLimit(done);
    const found = emit.label("found");
    emit.branch("ult", emit.load("scratch", this.cursor), emit.load("scratch", this.count), found);
    emit.when("ne", emit.load("scratch", this.isLast), 0n, () => emit.leave(done));
    if (this.hasParts) this.keepPassed();
    this.pass();
    emit.when("eq", emit.load("scratch", this.count), 0n, () => emit.leave(done));
    emit.place(found);
    this.takeElement();
    emit.when("eq", find(emit, mapName(this.statement.global), this.walk.key), 0n, () => emit.leave(next));
    this.walk.startTurn();
  }

  private keepPassed(): void {
    const { emit, heap } = this;
    const first = emit.label("first");
    const count = emit.load("scratch", this.count);
    emit.branch("eq", count, 0n, first);
    const area = heap.area(first);
    const greatest = heap.record(area, heap.numberAt(area, emit.alu("sub", emit.load("scratch", this.count), 1n)));
    this.copyOut(greatest, 0, this.passed, this.walk.rank.size);
    emit.store("scratch", this.hasPassed, 1n);
    emit.place(first);
  }

  private pass(): void {
    const { emit } = this;
    const { rank } = this.walk;
    emit.store("scratch", this.count, 0n);
    emit.store("scratch", this.cursor, 0n);
    const candidate = emit.allocate(rank.size);
    emit.each(mapName(this.statement.global), (key, value) => {
      const other = emit.label("other");
      if (this.walk.slice) branchUnlessInSlice(emit, this.layout, this.walk.slice, key, other);
      rank.store(key, value, candidate);
      if (this.hasParts) this.keepLeast(key, value, candidate, other);
      else this.keep(key, value, candidate, other);
      emit.place(other);
    });
    const count = emit.load("scratch", this.count);
    const last = emit.set(1n);
    if (this.hasParts) {
      const isShort = emit.label("short");
      emit.branch("ult", count, BigInt(this.capacity), isShort);
      emit.assign(last, 0n);
      emit.place(isShort);
    }
    emit.store("scratch", this.isLast, last);
    this.heap.sort(emit.load("scratch", this.count));
  }

  /** Copies an element behind the others. */
  private keep(key: Register, value: Register, candidate: number, full: string): void {
    const { emit, heap } = this;
    const count = emit.load("scratch", this.count);
    // Only where elements are deleted and inserted during the pass.
    emit.branch("uge", count, BigInt(this.capacity), full);
    emit.store("scratch", this.count, emit.alu("add", count, 1n));
    const number = emit.set(count);
    const area = heap.area(full);
    heap.setNumberAt(area, number, number);
    this.fill(heap.record(area, number), key, value, candidate);
  }

  /** As `keep`; when the area is full it is a heap, whose greatest element makes place for a lesser one. */
  private keepLeast(key: Register, value: Register, candidate: number, other: string): void {
    const { emit, heap } = this;
    const { rank } = this.walk;
    const above = emit.label("above");
    const full = emit.label("full");
    const isNew = { base: "scratch", offset: candidate } as const;
    emit.branch("eq", emit.load("scratch", this.hasPassed), 0n, above);
    rank.branchUnlessLess({ base: "scratch", offset: this.passed }, isNew, other);
    emit.place(above);
    emit.branch("uge", emit.load("scratch", this.count), BigInt(this.capacity), full);
    this.keep(key, value, candidate, other);
    emit.branch("ult", emit.load("scratch", this.count), BigInt(this.capacity), other);
    heap.heapify(BigInt(this.capacity));
    emit.jump(other);
    emit.place(full);
    const area = heap.area(other);
    const greatest = heap.record(area, heap.numberAt(area, 0n));
    rank.branchUnlessLess(isNew, { base: greatest, offset: 0 }, other);
    this.fill(greatest, key, value, candidate);
    heap.letFirstDown(BigInt(this.capacity));
  }

  private fill(record: Register, key: Register, value: Register, candidate: number): void {
    const { emit } = this;
    const { rank } = this.walk;
    const behindRank = rank.size;
    const behindKey = behindRank + keySize(this.layout);
    if (rank.size > INLINE_COPY)
      emit.call(HELPER.probe_read_kernel, [record, BigInt(rank.size), emit.scratchAddress(candidate)]);
    else for (let at = 0; at < rank.size; at += 8) emit.store(record, at, emit.load("scratch", candidate + at));
    this.copyIn(key, record, behindRank, keySize(this.layout));
    this.copyIn(value, record, behindKey, this.walk.valueSize);
  }

  private copyIn(from: Register, record: Register, to: number, size: number): void {
    const { emit } = this;
    if (size > INLINE_COPY)
      emit.call(HELPER.probe_read_kernel, [emit.alu("add", record, BigInt(to)), BigInt(size), from]);
    else for (let at = 0; at < size; at += 8) emit.store(record, to + at, emit.load(from, at));
  }

  private copyOut(record: Register, from: number, to: number, size: number): void {
    const { emit } = this;
    if (size > INLINE_COPY)
      emit.call(HELPER.probe_read_kernel, [{ scratch: to }, BigInt(size), emit.alu("add", record, BigInt(from))]);
    else for (let at = 0; at < size; at += 8) emit.store("scratch", to + at, emit.load(record, from + at));
  }

  private takeElement(): void {
    const { emit, heap } = this;
    const none = emit.label("none");
    const cursor = emit.load("scratch", this.cursor);
    emit.store("scratch", this.cursor, emit.alu("add", cursor, 1n));
    const number = emit.set(cursor);
    const area = heap.area(none);
    const record = heap.record(area, heap.numberAt(area, number));
    if (this.isInterrupted) this.copyOut(record, 0, this.last, this.walk.rank.size);
    this.copyOut(record, this.walk.rank.size, this.walk.key, keySize(this.layout));
    this.copyOut(record, this.walk.rank.size + keySize(this.layout), this.walk.value, this.walk.valueSize);
    emit.place(none);
  }
}
