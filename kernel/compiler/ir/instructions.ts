/**
 * The intermediate representation: straight code over virtual registers with forward jumps only. Loops are calls of
 * `bpf_loop` with a function of their own, so every kernel from 5.17 on verifies them without walking each turn.
 */
import type { Span } from "../source.js";
import type { Operand, Register } from "./values.js";

export type AluOperator = "add" | "sub" | "mul" | "and" | "or" | "xor" | "lsh" | "rsh" | "arsh" | "udiv" | "umod";

/** `u`: unsigned, `s`: signed; `any` is true where the operands share a bit. */
export type Condition = "eq" | "ne" | "ugt" | "uge" | "ult" | "ule" | "sgt" | "sge" | "slt" | "sle" | "any";

/** Memory is reached through a register, or relative to the handler's scratch entry. */
export type Base = Register | "scratch";

export type Size = 1 | 2 | 4 | 8;

export type CallArgument =
  | Operand
  /** An address in the scratch entry. */
  | { readonly scratch: number }
  /** What a callback needs of its parent: a pointer to the saved scratch and context pointers. */
  | "link";

export type Instruction =
  | { readonly op: "set"; readonly to: Register; readonly value: Operand }
  | {
      readonly op: "alu";
      readonly operator: AluOperator;
      readonly to: Register;
      readonly left: Operand;
      readonly right: Operand;
    }
  /** Reverses the bytes of a 64-bit value. */
  | { readonly op: "swap"; readonly to: Register; readonly value: Operand }
  | { readonly op: "load"; readonly to: Register; readonly base: Base; readonly offset: number; readonly size: Size }
  | { readonly op: "store"; readonly base: Base; readonly offset: number; readonly size: Size; readonly value: Operand }
  | {
      readonly op: "atomic";
      readonly operator: "add" | "and" | "or" | "xor";
      readonly base: Base;
      readonly offset: number;
      readonly value: Operand;
      readonly fetch: Register | null;
    }
  /** `to` is the value found; the new one is stored only where that equals `expected`. */
  | {
      readonly op: "compareExchange";
      readonly to: Register;
      readonly base: Base;
      readonly offset: number;
      readonly expected: Operand;
      readonly value: Operand;
    }
  | { readonly op: "map"; readonly to: Register; readonly map: string }
  | { readonly op: "mapValue"; readonly to: Register; readonly map: string; readonly offset: number }
  | { readonly op: "scratchAddress"; readonly to: Register; readonly offset: number }
  /** Makes a pointer the scratch base of what follows. */
  | { readonly op: "useScratch"; readonly from: Register }
  | { readonly op: "context"; readonly to: Register }
  /** A parameter of a callback, before anything else happens in it. */
  | { readonly op: "parameter"; readonly to: Register; readonly index: number }
  | { readonly op: "callback"; readonly to: Register; readonly function: number }
  | {
      readonly op: "call";
      readonly helper: number;
      readonly arguments: readonly CallArgument[];
      readonly to: Register | null;
    }
  | { readonly op: "label"; readonly label: string }
  | { readonly op: "jump"; readonly label: string }
  | {
      readonly op: "branch";
      readonly condition: Condition;
      readonly left: Operand;
      readonly right: Operand;
      readonly label: string;
    }
  | { readonly op: "return"; readonly value: Operand }
  | { readonly op: "line"; readonly span: Span };

/** The code of a program, or of a callback that it hands to a helper. */
export interface IrFunction {
  readonly name: string;
  /** The main function gets the context; a callback gets what the kernel's helper passes it. */
  readonly kind: "main" | "loop" | "each";
  readonly instructions: Instruction[];
  registers: number;
}
