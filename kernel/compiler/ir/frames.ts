/** What functions that call themselves keep while their calls have not come back: one entry of a per-CPU map for each such call. */
import { HELPER } from "../bpf/helper_functions.js";
import { INLINE_COPY, type Emitter, type Exit } from "./emitter.js";
import { raise } from "./errors.js";
import type { Operand, Register } from "./values.js";

/** Memory that is kept over a call. */
export interface Block {
  readonly offset: number;
  readonly size: number;
}

export class Frames {
  /** How many are in use in the handler, which those of the outer loop of calls share. */
  private readonly used: number;
  private readonly base: number;
  private readonly key: number;

  constructor(private readonly emit: Emitter) {
    this.used = emit.frames?.used ?? emit.allocate(8);
    this.base = emit.allocate(8);
    this.key = emit.allocate(8);
  }

  /** Before the first call. */
  begin(): void {
    const { emit } = this;
    if (!emit.frames) emit.store("scratch", this.used, 0n);
    emit.store("scratch", this.base, this.count());
  }

  count(): Register {
    return this.emit.load("scratch", this.used);
  }

  setCount(count: Operand): void {
    this.emit.store("scratch", this.used, count);
  }

  /** Where all calls but the first one have come back. */
  whereNone(then: () => void): void {
    this.emit.when("eq", this.count(), this.emit.load("scratch", this.base), then);
  }

  push(blocks: readonly Block[], state: number): void {
    const { emit } = this;
    const size = 8 + blocks.reduce((sum, block) => sum + block.size, 0);
    const frame = this.find(this.count(), size);
    // Never so: there are as many as calls may be nested.
    emit.when("eq", frame, 0n, () => raise(emit, "MAXNESTING exceeded"));
    emit.store(frame, 0, BigInt(state));
    let at = 8;
    for (const block of blocks) {
      if (block.size > INLINE_COPY) {
        const from = emit.scratchAddress(block.offset);
        emit.call(HELPER.probe_read_kernel, [emit.alu("add", frame, BigInt(at)), BigInt(block.size), from]);
      } else
        for (let word = 0; word < block.size; word += 8)
          emit.store(frame, at + word, emit.load("scratch", block.offset + word));
      at += block.size;
    }
    this.setCount(emit.alu("add", this.count(), 1n));
  }

  pop(blocks: readonly Block[]): void {
    const { emit } = this;
    const size = 8 + blocks.reduce((sum, block) => sum + block.size, 0);
    this.setCount(emit.alu("sub", this.count(), 1n));
    const frame = this.find(this.count(), size);
    const nothing = emit.label("nothing");
    emit.branch("eq", frame, 0n, nothing);
    let at = 8;
    for (const block of blocks) {
      if (block.size > INLINE_COPY) {
        const from = emit.alu("add", frame, BigInt(at));
        emit.call(HELPER.probe_read_kernel, [{ scratch: block.offset }, BigInt(block.size), from]);
      } else
        for (let word = 0; word < block.size; word += 8)
          emit.store("scratch", block.offset + word, emit.load(frame, at + word));
      at += block.size;
    }
    emit.place(nothing);
  }

  /** Where the newest goes on. */
  lastState(none: Exit): Register {
    const { emit } = this;
    const frame = this.find(emit.alu("sub", this.count(), 1n), 8);
    emit.when("eq", frame, 0n, () => emit.leave(none));
    return emit.load(frame, 0);
  }

  private find(index: Operand, size: number): Register {
    const { emit } = this;
    const { maxNesting } = emit.limits;
    const map = emit.tables.frames(size, (emit.handler + 1) * maxNesting);
    emit.store("scratch", this.key, emit.alu("add", index, BigInt(emit.handler * maxNesting)));
    return emit.call(HELPER.map_lookup_elem, [emit.map(map), { scratch: this.key }]);
  }
}
