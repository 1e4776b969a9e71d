/** Values while code for the kernel is made: where an expression's result lies. */
import type { NameSet } from "../compiled.js";

/** A virtual register of the function being emitted. */
export type Register = number;

/** A register, or a constant known now. */
export type Operand = Register | bigint;

export interface LongValue {
  readonly kind: "long";
  readonly operand: Operand;
}

export type StringValue =
  /** In the handler's scratch memory; `size` is a multiple of 8, the terminator included, and all behind it is zero. */
  | { readonly kind: "bytes"; readonly offset: number; readonly size: number }
  | { readonly kind: "literal"; readonly text: string }
  /** A number that stands for one of a fixed set of names. */
  | { readonly kind: "names"; readonly set: NameSet; readonly operand: Operand };

export type KernelValue = LongValue | StringValue;

export function long(operand: Operand): LongValue {
  return { kind: "long", operand };
}

/** The size of a buffer that holds so many bytes and a terminator. */
export function bufferSize(bytes: number): number {
  return Math.ceil((bytes + 1) / 8) * 8;
}
