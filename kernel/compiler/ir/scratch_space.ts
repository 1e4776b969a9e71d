/** Which bytes of a handler's scratch entry are free: first fit, neighbours joined again when given back. */

interface Block {
  readonly offset: number;
  readonly size: number;
}

export class ScratchSpace {
  /** Below `top`, in order, no two touching. */
  private free: Block[] = [];
  private top: number;

  /** `start`: bytes at the front that belong to others. */
  constructor(start: number) {
    this.top = start;
  }

  /** Bytes that were ever in use. */
  get size(): number {
    return this.top;
  }

  /** Sizes are rounded up to whole words. */
  take(wanted: number): Block {
    const size = Math.ceil(wanted / 8) * 8;
    const index = this.free.findIndex((block) => block.size >= size);
    const found = this.free[index];
    if (!found) {
      const offset = this.top;
      this.top += size;
      return { offset, size };
    }
    const rest = found.size > size ? [{ offset: found.offset + size, size: found.size - size }] : [];
    this.free.splice(index, 1, ...rest);
    return { offset: found.offset, size };
  }

  /** Bytes that nothing had before: what ran earlier in a loop writes to its own again on the next turn. */
  takeUnused(wanted: number): Block {
    const block = { offset: this.top, size: Math.ceil(wanted / 8) * 8 };
    this.top += block.size;
    return block;
  }

  release(block: Block): void {
    if (block.size === 0) return;
    let index = this.free.findIndex(({ offset }) => offset > block.offset);
    if (index < 0) index = this.free.length;
    const before = this.free[index - 1];
    const after = this.free[index];
    const joinsBefore = before !== undefined && before.offset + before.size === block.offset;
    const joinsAfter = after !== undefined && block.offset + block.size === after.offset;
    const offset = joinsBefore ? before.offset : block.offset;
    const end = joinsAfter ? after.offset + after.size : block.offset + block.size;
    this.free.splice(joinsBefore ? index - 1 : index, Number(joinsBefore) + Number(joinsAfter), {
      offset,
      size: end - offset,
    });
  }
}
