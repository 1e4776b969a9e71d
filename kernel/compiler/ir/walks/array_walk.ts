/** What a walk over an array is besides its order: where it begins, and what a turn starts with. */
import type { Foreach } from "../../check/program.js";
import type { GlobalLayout } from "../../compiled.js";
import { fieldOffsets, keySize, valueOffset, valueSize } from "../../layout.js";
import { ElementRank } from "./element_rank.js";
import type { Emitter, Exit } from "../emitter.js";
import { lowerLong } from "../expressions.js";
import { loadField, storeField } from "../fields.js";
import type { Scope } from "../scope.js";
import { keepSlice, type Slice } from "../slices.js";
import { requireCertainKeys } from "../uncertain_keys.js";

export class ArrayWalk {
  private readonly emit: Emitter;
  readonly rank: ElementRank;
  /** Where the element of the turn lies. */
  readonly key: number;
  readonly value: number;
  readonly valueSize: number;
  /** Turns that the limit still grants. */
  readonly remaining: number;
  private givenSlice: Slice | null = null;

  constructor(
    private readonly scope: Scope,
    private readonly statement: Foreach,
    private readonly layout: GlobalLayout,
  ) {
    const { emit } = scope;
    this.emit = emit;
    this.rank = new ElementRank(emit, statement, layout);
    this.key = emit.allocate(keySize(layout));
    // Statistics are not bound to a local: their place is in the map.
    this.valueSize = statement.value && layout.value.kind !== "statistic" ? valueSize(layout) : 0;
    this.value = emit.allocate(this.valueSize);
    this.remaining = emit.allocate(8);
  }

  get slice(): Slice | null {
    return this.givenSlice;
  }

  /** Before the first turn. */
  begin(done: Exit): void {
    const { emit, statement, scope } = this;
    requireCertainKeys(emit, statement.global);
    // Without a limit, more than any loop gets.
    emit.store("scratch", this.remaining, statement.limit ? lowerLong(scope, statement.limit) : 1n << 62n);
    // With nothing to do, the slice's expressions are not evaluated, which may fail.
    if (statement.limit) this.leaveAtLimit(done);
    this.givenSlice = statement.slice && keepSlice(scope, this.layout, statement.slice);
  }

  leaveAtLimit(done: Exit): void {
    const { emit } = this;
    emit.when("sle", emit.load("scratch", this.remaining), 0n, () => emit.leave(done));
  }

  /** The element's key and value become the loop's locals. */
  startTurn(): void {
    const { emit } = this;
    emit.store("scratch", this.remaining, emit.alu("sub", emit.load("scratch", this.remaining), 1n));
    this.bindLocals();
  }

  private bindLocals(): void {
    const { emit, scope, statement, layout } = this;
    const offsets = fieldOffsets(layout.keys);
    statement.keys.forEach((local, column) => {
      const shape = layout.keys[column];
      const slot = scope.slot(local);
      if (shape)
        storeField(emit, loadField(emit, shape, this.key + (offsets[column] as number)), slot.shape, slot.offset);
    });
    if (!statement.value || layout.value.kind === "statistic") return;
    const slot = scope.slot(statement.value);
    storeField(emit, loadField(emit, layout.value, this.value + valueOffset(layout)), slot.shape, slot.offset);
  }
}
