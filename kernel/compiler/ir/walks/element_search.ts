/**
 * A walk that looks for the next element each turn: the least one, by rank, above the last. The cost is the square of the
 * number of elements, but all it keeps is the last one's rank: the way for functions that call themselves out of the loop,
 * where each call that has not come back is in a walk of its own.
 */
import type { Foreach } from "../../check/program.js";
import type { GlobalLayout } from "../../compiled.js";
import { fieldSize, keySize } from "../../layout.js";
import { ArrayWalk } from "./array_walk.js";
import type { Emitter, Exit } from "../emitter.js";
import type { Block } from "../frames.js";
import { mapName } from "../maps.js";
import type { Scope } from "../scope.js";
import { branchUnlessInSlice } from "../slices.js";

export class ElementSearch {
  private readonly emit: Emitter;
  private readonly walk: ArrayWalk;
  private readonly last: number;
  private readonly best: number;
  /** Whether a best one was found this turn, and whether there was a last one. */
  private readonly state: number;

  constructor(
    scope: Scope,
    private readonly statement: Foreach,
    private readonly layout: GlobalLayout,
  ) {
    this.emit = scope.emit;
    this.walk = new ArrayWalk(scope, statement, layout);
    this.last = this.emit.allocate(this.walk.rank.size);
    this.best = this.emit.allocate(this.walk.rank.size);
    this.state = this.emit.allocate(16);
  }

  /** Before the first turn. */
  begin(done: Exit): void {
    this.emit.store("scratch", this.state + 8, 0n);
    this.walk.begin(done);
  }

  /** Puts the next element into the loop's locals. */
  step(done: Exit): void {
    const { emit } = this;
    emit.at(this.statement.span);
    this.walk.leaveAtLimit(done);
    this.findNext();
    emit.when("eq", emit.load("scratch", this.state), 0n, () => emit.leave(done));
    emit.store("scratch", this.state + 8, 1n);
    this.copy(this.best, this.last, this.walk.rank.size);
    this.walk.startTurn();
  }

  /** What has to stay as it is from one turn to the next. */
  blocks(): Block[] {
    const slice = (this.walk.slice ?? []).flatMap((offset, column) => {
      const shape = this.layout.keys[column];
      return offset === null || !shape ? [] : [{ offset, size: fieldSize(shape) }];
    });
    return [
      { offset: this.last, size: this.walk.rank.size },
      { offset: this.state, size: 16 },
      { offset: this.walk.remaining, size: 8 },
      ...slice,
    ];
  }

  private findNext(): void {
    const { emit, walk } = this;
    const { rank } = walk;
    emit.store("scratch", this.state, 0n);
    emit.each(mapName(this.statement.global), (key, value) => {
      const other = emit.label("other");
      if (this.walk.slice) branchUnlessInSlice(emit, this.layout, this.walk.slice, key, other);
      const offset = emit.allocate(rank.size);
      const candidate = { base: "scratch", offset } as const;
      rank.store(key, value, offset);
      const above = emit.label("above");
      emit.branch("eq", emit.load("scratch", this.state + 8), 0n, above);
      rank.branchUnlessLess({ base: "scratch", offset: this.last }, candidate, other);
      emit.place(above);
      const better = emit.label("better");
      emit.branch("eq", emit.load("scratch", this.state), 0n, better);
      rank.branchUnlessLess(candidate, { base: "scratch", offset: this.best }, other);
      emit.place(better);
      emit.store("scratch", this.state, 1n);
      this.copy(offset, this.best, rank.size);
      for (let at = 0; at < keySize(this.layout); at += 8)
        emit.store("scratch", this.walk.key + at, emit.load(key, at));
      for (let at = 0; at < this.walk.valueSize; at += 8)
        emit.store("scratch", this.walk.value + at, emit.load(value, at));
      emit.place(other);
    });
  }

  private copy(from: number, to: number, size: number): void {
    for (let at = 0; at < size; at += 8) this.emit.store("scratch", to + at, this.emit.load("scratch", from + at));
  }
}
