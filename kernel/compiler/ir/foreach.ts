/**
 * `foreach` in the kernel. There is no room to copy and sort an array, so each turn looks for the next element: the least
 * one, by rank, above the last. Ranks are lists of unsigned words: the sort key, then the time of insertion, then the element's
 * address, so that no two are equal and none is seen twice. The cost is the square of the number of elements.
 */
import type { Foreach, Sort } from "../check/program.js";
import type { GlobalLayout } from "../compiled.js";
import { fieldOffsets, fieldSize, INSERTED, keySize, valueOffset, valueSize } from "../layout.js";
import type { Emitter, Exit } from "./emitter.js";
import { raise } from "./errors.js";
import { lowerLong } from "./expressions.js";
import { extractFrom, requestOf } from "./extractors.js";
import { KernelCannot } from "./kernel_cannot.js";
import { loadField, storeField } from "./fields.js";
import type { Block } from "./frames.js";
import { mapName } from "./maps.js";
import { MergedStatistic } from "./merged_statistic.js";
import { nameRank } from "./name_ranks.js";
import type { Scope } from "./scope.js";
import { branchUnlessInSlice, keepSlice, type Slice } from "./slices.js";
import { countStatements, lowerStatement } from "./statements.js";
import type { Operand, Register } from "./values.js";
import { requireCertainKeys } from "./uncertain_keys.js";

const LEAST = -(1n << 63n);

export function lowerForeach(scope: Scope, statement: Foreach): void {
  const { emit } = scope;
  const layout = emit.tables.layout(statement.global.name);
  emit.temporaries(() => new ForeachLowering(scope, statement, layout).lower());
}

export class ForeachLowering {
  private readonly emit: Emitter;
  private readonly words: number;
  private readonly last: number;
  private readonly best: number;
  private readonly bestKey: number;
  private readonly bestValue: number;
  private readonly bestValueSize: number;
  private readonly state: number;
  private readonly remaining: number;
  private slice: Slice | null = null;

  constructor(
    private readonly scope: Scope,
    private readonly statement: Foreach,
    private readonly layout: GlobalLayout,
  ) {
    this.emit = scope.emit;
    this.words = this.sortWords() + 2;
    this.last = this.emit.allocate(this.words * 8);
    this.best = this.emit.allocate(this.words * 8);
    this.bestKey = this.emit.allocate(keySize(layout));
    // Statistics are not bound to a local: their place is in the map.
    this.bestValueSize = layout.value.kind === "statistic" ? 0 : valueSize(layout);
    this.bestValue = this.emit.allocate(this.bestValueSize);
    // Whether a best one was found this turn, and whether there was a last one.
    this.state = this.emit.allocate(16);
    this.remaining = this.emit.allocate(8);
  }

  lower(): void {
    const { emit, statement, scope } = this;
    const done = emit.exit("foreachdone");
    this.begin(done);
    const outer = scope.loop;
    emit.loop(BigInt(this.layout.entries) + 1n, () => {
      this.step(done);
      const next = emit.exit("turn");
      scope.loop = { done, next };
      lowerStatement(scope, statement.body);
      emit.placeExit(next);
    });
    scope.loop = outer;
    emit.placeExit(done);
  }

  /** Before the first turn. */
  begin(done: Exit): void {
    const { emit, statement, scope } = this;
    requireCertainKeys(emit, statement.global);
    emit.store("scratch", this.state + 8, 0n);
    emit.store(
      "scratch",
      this.remaining,
      statement.limit ? lowerLong(scope, statement.limit) : BigInt(this.layout.entries) + 1n,
    );
    // With nothing to do, the slice's expressions are not evaluated, which may fail.
    if (statement.limit) emit.when("sle", emit.load("scratch", this.remaining), 0n, () => emit.leave(done));
    this.slice = statement.slice && keepSlice(scope, this.layout, statement.slice);
  }

  /** Puts the next element into the loop's locals. */
  step(done: Exit): void {
    const { emit, statement } = this;
    emit.at(statement.span);
    const left = emit.load("scratch", this.remaining);
    emit.when("sle", left, 0n, () => emit.leave(done));
    emit.store("scratch", this.remaining, emit.alu("sub", left, 1n));
    this.findNext();
    emit.when("eq", emit.load("scratch", this.state), 0n, () => emit.leave(done));
    this.keepLast();
    this.bindLocals();
    emit.countActions(countStatements(statement.body), () => raise(emit, "MAXACTION exceeded"));
  }

  /** What has to stay as it is from one turn to the next. */
  blocks(): Block[] {
    const slice = (this.slice ?? []).flatMap((offset, column) => {
      const shape = this.layout.keys[column];
      return offset === null || !shape ? [] : [{ offset, size: fieldSize(shape) }];
    });
    return [
      { offset: this.last, size: this.words * 8 },
      { offset: this.state, size: 16 },
      { offset: this.remaining, size: 8 },
      ...slice,
    ];
  }

  private sortWords(): number {
    const { sort } = this.statement;
    if (!sort) return 0;
    const shape = sort.by.kind === "key" ? this.layout.keys[sort.by.column] : this.layout.value;
    return shape?.kind === "bytes" ? fieldSize(shape) / 8 : 1;
  }

  private findNext(): void {
    const { emit } = this;
    emit.store("scratch", this.state, 0n);
    emit.each(mapName(this.statement.global), (key, value) => {
      const other = emit.label("other");
      if (this.slice) branchUnlessInSlice(emit, this.layout, this.slice, key, other);
      const candidate = emit.allocate(this.words * 8);
      this.rank(key, value, candidate);
      const above = emit.label("above");
      emit.branch("eq", emit.load("scratch", this.state + 8), 0n, above);
      this.branchUnlessLess(this.last, candidate, other);
      emit.place(above);
      const better = emit.label("better");
      emit.branch("eq", emit.load("scratch", this.state), 0n, better);
      this.branchUnlessLess(candidate, this.best, other);
      emit.place(better);
      emit.store("scratch", this.state, 1n);
      for (let at = 0; at < this.words * 8; at += 8)
        emit.store("scratch", this.best + at, emit.load("scratch", candidate + at));
      for (let at = 0; at < keySize(this.layout); at += 8) emit.store("scratch", this.bestKey + at, emit.load(key, at));
      for (let at = 0; at < this.bestValueSize; at += 8)
        emit.store("scratch", this.bestValue + at, emit.load(value, at));
      emit.place(other);
    });
  }

  private rank(key: Register, value: Register, candidate: number): void {
    const { emit } = this;
    const { sort } = this.statement;
    const words = this.words - 2;
    const merged = this.layout.value.kind === "statistic" ? this.mergeElement(key) : null;
    // One word at a time: a long text would not fit into registers.
    const put = (word: number, ascending: Operand): void =>
      emit.store("scratch", candidate + word * 8, sort?.descending ? emit.alu("xor", ascending, -1n) : ascending);
    if (sort) this.sortKey(sort, key, value, merged, put);
    emit.store("scratch", candidate + words * 8, merged ? merged.inserted : emit.load(value, INSERTED));
    // Stored and loaded again, the address is a plain number.
    emit.store("scratch", candidate + words * 8 + 8, value);
  }

  /** Gives the words that, unsigned and the first one counting most, order the elements ascending. */
  private sortKey(
    { by }: Sort,
    key: Register,
    value: Register,
    merged: MergedStatistic | null,
    put: (word: number, ascending: Operand) => void,
  ): void {
    const { emit, layout } = this;
    const signed = (number: Operand): Operand => emit.alu("xor", emit.set(number), emit.set(LEAST));
    if (merged && by.kind !== "key")
      return put(0, signed(extractFrom(emit, by.kind === "extract" ? by.extractor : "count", merged)));
    const shape = by.kind === "key" ? layout.keys[by.column] : layout.value;
    const [base, start] =
      by.kind === "key" ? [key, fieldOffsets(layout.keys)[by.column] as number] : [value, valueOffset(layout)];
    if (!shape || shape.kind === "statistic") throw new Error("a sort key has no shape");
    if (shape.kind === "names") return put(0, nameRank(emit, shape.set, emit.load(base, start)));
    if (shape.kind === "long") return put(0, signed(emit.load(base, start)));
    if (shape.kind === "stack")
      throw new KernelCannot(
        "stacks are not sorted inside a probe: there they are numbers",
        "sort them in an `end` or `timer` probe",
      );
    for (let word = 0; word < fieldSize(shape) / 8; word++) put(word, emit.swap(emit.load(base, start + word * 8)));
  }

  /** What all CPUs know of a statistic: `value` is this one's share only. */
  private mergeElement(key: Register): MergedStatistic {
    const { emit, layout, statement } = this;
    const copy = emit.allocate(keySize(layout));
    for (let at = 0; at < keySize(layout); at += 8) emit.store("scratch", copy + at, emit.load(key, at));
    const by = statement.sort?.by;
    return new MergedStatistic(emit, statement.global, copy, {
      ...(by?.kind === "extract" ? requestOf(by.extractor) : {}),
      inserted: true,
    });
  }

  /** Jumps unless the rank at `left` is below the one at `right`. */
  private branchUnlessLess(left: number, right: number, target: string): void {
    const { emit } = this;
    const less = emit.label("less");
    for (let at = 0; at < this.words * 8; at += 8) {
      const a = emit.load("scratch", left + at);
      const b = emit.load("scratch", right + at);
      emit.branch("ult", a, b, less);
      emit.branch("ugt", a, b, target);
    }
    emit.jump(target);
    emit.place(less);
  }

  private keepLast(): void {
    this.emit.store("scratch", this.state + 8, 1n);
    for (let at = 0; at < this.words * 8; at += 8)
      this.emit.store("scratch", this.last + at, this.emit.load("scratch", this.best + at));
  }

  private bindLocals(): void {
    const { emit, scope, statement, layout } = this;
    const offsets = fieldOffsets(layout.keys);
    statement.keys.forEach((local, column) => {
      const shape = layout.keys[column];
      const slot = scope.slot(local);
      if (shape)
        storeField(emit, loadField(emit, shape, this.bestKey + (offsets[column] as number)), slot.shape, slot.offset);
    });
    if (!statement.value || layout.value.kind === "statistic") return;
    const slot = scope.slot(statement.value);
    storeField(emit, loadField(emit, layout.value, this.bestValue + valueOffset(layout)), slot.shape, slot.offset);
  }
}
