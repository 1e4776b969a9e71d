/**
 * Numbers of 256 bits in scratch memory, in two's complement: four words, the lowest first. Carries are computed rather
 * than branched on, so that the verifier has one path through all of it.
 */
import type { Emitter } from "../emitter.js";
import type { Operand, Register } from "../values.js";

const WORDS = 4;
const SIZE = WORDS * 8;

export class WideInteger {
  readonly offset: number;

  constructor(private readonly emit: Emitter) {
    this.offset = emit.allocate(SIZE);
    emit.zero(this.offset, SIZE);
  }

  load(word: number): Register {
    return this.emit.load("scratch", this.offset + word * 8);
  }

  store(word: number, value: Operand): void {
    this.emit.store("scratch", this.offset + word * 8, value);
  }

  /** Adds an unsigned number times 2^(64 · word). */
  add(word: number, value: Operand): void {
    let carry = value;
    for (let at = word; at < WORDS; at++) {
      const before = this.load(at);
      const addend = this.emit.set(carry);
      const sum = this.emit.alu("add", before, addend);
      this.store(at, sum);
      carry = carryOf(this.emit, before, addend, sum);
    }
  }

  /** Takes away an unsigned number times 2^(64 · word). */
  subtract(word: number, value: Operand): void {
    let borrow = value;
    for (let at = word; at < WORDS; at++) {
      const before = this.load(at);
      const taken = this.emit.set(borrow);
      const difference = this.emit.alu("sub", before, taken);
      this.store(at, difference);
      borrow = borrowOf(this.emit, before, taken, difference);
    }
  }

  /** Adds the product of two unsigned numbers times 2^(64 · word). */
  addProduct(word: number, left: Operand, right: Operand): void {
    const { low, high } = multiply(this.emit, left, right);
    this.add(word, low);
    if (word + 1 < WORDS) this.add(word + 1, high);
  }

  subtractProduct(word: number, left: Operand, right: Operand): void {
    const { low, high } = multiply(this.emit, left, right);
    this.subtract(word, low);
    if (word + 1 < WORDS) this.subtract(word + 1, high);
  }

  addWide(other: WideInteger): void {
    for (let word = 0; word < WORDS; word++) this.add(word, other.load(word));
  }

  /** Stores the difference of two numbers; the register is 1 where, unsigned, the second is larger. */
  setDifference(left: WideInteger, right: WideInteger): Register {
    const { emit } = this;
    const borrow = emit.set(0n);
    for (let word = 0; word < WORDS; word++) {
      const [a, b] = [left.load(word), right.load(word)];
      const partial = emit.alu("sub", a, b);
      const difference = emit.alu("sub", partial, borrow);
      this.store(word, difference);
      emit.assign(borrow, emit.alu("or", borrowOf(emit, a, b, partial), borrowOf(emit, partial, borrow, difference)));
    }
    return borrow;
  }

  copyFrom(other: WideInteger): void {
    for (let word = 0; word < WORDS; word++) this.store(word, other.load(word));
  }

  /** Halves an unsigned number. */
  halve(): void {
    const { emit } = this;
    for (let word = 0; word < WORDS; word++) {
      const own = emit.alu("rsh", this.load(word), 1n);
      this.store(word, word + 1 < WORDS ? emit.alu("or", own, emit.alu("lsh", this.load(word + 1), 63n)) : own);
    }
  }

  /** 1 where the number is below zero, else 0. */
  sign(): Register {
    return this.emit.alu("rsh", this.load(WORDS - 1), 63n);
  }
}

/** The product of two unsigned numbers of 64 bits. */
function multiply(emit: Emitter, left: Operand, right: Operand): { readonly low: Register; readonly high: Register } {
  const lowHalf = (value: Operand): Register => emit.alu("rsh", emit.alu("lsh", value, 32n), 32n);
  const highHalf = (value: Operand): Register => emit.alu("rsh", value, 32n);
  const [a, b] = [lowHalf(left), highHalf(left)];
  const [c, d] = [lowHalf(right), highHalf(right)];
  const ac = emit.alu("mul", a, c);
  const ad = emit.alu("mul", a, d);
  const bc = emit.alu("mul", b, c);
  const middle = emit.alu("add", emit.alu("add", highHalf(ac), lowHalf(ad)), lowHalf(bc));
  const low = emit.alu("or", emit.alu("lsh", middle, 32n), lowHalf(ac));
  const carried = emit.alu("add", emit.alu("add", highHalf(ad), highHalf(bc)), highHalf(middle));
  return { low, high: emit.alu("add", emit.alu("mul", b, d), carried) };
}

/** What runs over the top where `sum` is left + right: both have the highest bit, or one has it and the sum lost it. */
function carryOf(emit: Emitter, left: Register, right: Register, sum: Register): Register {
  const lost = emit.alu("and", emit.alu("or", left, right), emit.alu("xor", sum, -1n));
  return emit.alu("rsh", emit.alu("or", emit.alu("and", left, right), lost), 63n);
}

/** 1 where, unsigned, right is above left and `difference` is left - right. */
function borrowOf(emit: Emitter, left: Register, right: Register, difference: Register): Register {
  const notLeft = emit.alu("xor", left, -1n);
  const lost = emit.alu("and", emit.alu("or", notLeft, right), difference);
  return emit.alu("rsh", emit.alu("or", emit.alu("and", notLeft, right), lost), 63n);
}
