/**
 * The place of an element among those of a walk, as a list of unsigned words of which the first counts most: the sort key,
 * then the time of insertion, then the element's address, so that no two are equal.
 */
import type { Foreach, Sort } from "../../check/program.js";
import type { GlobalLayout } from "../../compiled.js";
import { fieldOffsets, fieldSize, INSERTED, keySize, valueOffset } from "../../layout.js";
import type { Emitter } from "../emitter.js";
import { extractFrom, requestOf } from "../statistics/extractors.js";
import type { Base } from "../instructions.js";
import { KernelCannot } from "../kernel_cannot.js";
import { MergedStatistic } from "../statistics/merged_statistic.js";
import { nameRank } from "./name_ranks.js";
import type { Operand, Register } from "../values.js";

const LEAST = -(1n << 63n);

/** Where a rank lies. */
export interface RankPlace {
  readonly base: Base;
  readonly offset: number;
}

export class ElementRank {
  /** Bytes of a rank. */
  readonly size: number;

  constructor(
    private readonly emit: Emitter,
    private readonly statement: Foreach,
    private readonly layout: GlobalLayout,
  ) {
    this.size = (this.sortWords() + 2) * 8;
  }

  /** Puts an element's rank together in scratch memory. */
  store(key: Register, value: Register, offset: number): void {
    const { emit } = this;
    const { sort } = this.statement;
    const behind = offset + this.size - 16;
    const merged = this.layout.value.kind === "statistic" ? this.mergeElement(key) : null;
    // One word at a time: a long text would not fit into registers.
    const put = (word: number, ascending: Operand): void =>
      emit.store("scratch", offset + word * 8, sort?.descending ? emit.alu("xor", ascending, -1n) : ascending);
    if (sort) this.sortKey(sort, key, value, merged, put);
    emit.store("scratch", behind, merged ? merged.inserted : emit.load(value, INSERTED));
    // Stored and loaded again, the address is a plain number.
    emit.store("scratch", behind + 8, value);
  }

  /** Jumps unless the left rank is below the right one. */
  branchUnlessLess(left: RankPlace, right: RankPlace, target: string): void {
    const { emit } = this;
    const less = emit.label("less");
    for (let at = 0; at < this.size; at += 8) {
      const a = emit.load(left.base, left.offset + at);
      const b = emit.load(right.base, right.offset + at);
      emit.branch("ult", a, b, less);
      emit.branch("ugt", a, b, target);
    }
    emit.jump(target);
    emit.place(less);
  }

  private sortWords(): number {
    const { sort } = this.statement;
    if (!sort) return 0;
    const shape = sort.by.kind === "key" ? this.layout.keys[sort.by.column] : this.layout.value;
    return shape?.kind === "bytes" ? fieldSize(shape) / 8 : 1;
  }

  /** Gives the words that order the elements ascending. */
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
}
