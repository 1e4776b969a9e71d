/** Values while code for the kernel is made: where an expression's result lies. */
import type { NameSet } from "../compiled.js";
import type { StackForm, SymbolForm } from "../text/symbols.js";

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
  | { readonly kind: "bytes"; readonly offset: number; readonly size: number; readonly shownAs?: StackForm }
  | { readonly kind: "literal"; readonly text: string }
  /** A number that stands for one of a fixed set of names. */
  | { readonly kind: "names"; readonly set: NameSet; readonly operand: Operand }
  /** The number of a stack in the session's table; 0 is no stack and the empty text. */
  | { readonly kind: "stack"; readonly form: StackForm; readonly operand: Operand }
  /** An address of the kernel, to be kept and shown as its symbol. */
  | { readonly kind: "symbol"; readonly form: SymbolForm; readonly operand: Operand };

export type KernelValue = LongValue | StringValue;

export function long(operand: Operand): LongValue {
  return { kind: "long", operand };
}

/** The size of a buffer that holds so many bytes and a terminator. */
export function bufferSize(bytes: number): number {
  return Math.ceil((bytes + 1) / 8) * 8;
}
