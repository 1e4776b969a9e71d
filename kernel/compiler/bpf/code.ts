/** The instructions of a program while it is made, already in the form in which the kernel takes them. */
import { encodeSlot, type Slot } from "./encode.js";

const FIRST_CAPACITY = 1024;

export class Code {
  private words = new Int32Array(FIRST_CAPACITY * 2);
  private count = 0;

  /** How many instructions there are, those of two slots counting twice. */
  get length(): number {
    return this.count;
  }

  /** The second slot is one that belongs to the first, or only never stands without it. */
  push(slot: Slot, second?: Slot): void {
    if (this.count * 2 === this.words.length) {
      const larger = new Int32Array(this.words.length * 2);
      larger.set(this.words);
      this.words = larger;
    }
    encodeSlot(slot, this.words, this.count++);
    if (second) this.push(second);
  }

  setOffset(index: number, offset: number): void {
    this.words[index * 2] = ((this.words[index * 2] as number) & 0xffff) | (offset << 16);
  }

  setImmediate(index: number, value: number): void {
    this.words[index * 2 + 1] = value;
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.words.slice(0, this.count * 2).buffer);
  }
}
