/** DWARF's expressions for where a variable is, read once and made into code when a handler wants the variable. */
import type { Target } from "../../compiler/catalogue.js";
import type { LocationOperation } from "../../compiler/debug_information.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { readNumber } from "../../compiler/ir/memory_reads.js";
import { dwarfRegister, readUserRegister } from "../../compiler/ir/user_registers.js";
import type { AluOperator } from "../../compiler/ir/instructions.js";
import type { Operand } from "../../compiler/ir/values.js";

/** A number that can be computed where the program stands. */
type Computed =
  | { readonly kind: "number"; readonly value: bigint }
  | { readonly kind: "register"; readonly name: string }
  /** A virtual address of the file, wherever it is mapped. */
  | { readonly kind: "address"; readonly value: bigint }
  | { readonly kind: "operation"; readonly operator: AluOperator; readonly left: Computed; readonly right: Computed }
  | { readonly kind: "memory"; readonly address: Computed; readonly size: number };

export type Location =
  /** The variable lies there. */
  | { readonly kind: "memory"; readonly address: Computed }
  /** The register, or the number, is the variable. */
  | { readonly kind: "value"; readonly value: Computed }
  | { readonly kind: "unreadable"; readonly reason: string };

/** What an expression may refer to. */
export interface Surroundings {
  readonly architecture: Target["architecture"];
  /** For `DW_OP_fbreg`. */
  readonly frameBase: readonly LocationOperation[];
  /** For `DW_OP_call_frame_cfa`. */
  readonly callFrame: readonly LocationOperation[];
  /** Registers still hold what the function was called with. */
  readonly isAtEntry: boolean;
}

class Unreadable extends Error {}

function register(number: bigint, { architecture }: Surroundings): Computed {
  const name = dwarfRegister(architecture, Number(number));
  if (!name) throw new Unreadable(`it is in register ${number}, which the kernel does not hand over`);
  return { kind: "register", name };
}

/** DW_OP_* with one meaning each. */
const OP = {
  addr: 0x03,
  deref: 0x06,
  const1u: 0x08,
  consts: 0x11,
  dup: 0x12,
  drop: 0x13,
  over: 0x14,
  swap: 0x16,
  neg: 0x1f,
  not: 0x20,
  plusUconst: 0x23,
  lit0: 0x30,
  reg0: 0x50,
  breg0: 0x70,
  regx: 0x90,
  fbreg: 0x91,
  bregx: 0x92,
  piece: 0x93,
  derefSize: 0x94,
  nop: 0x96,
  formTlsAddress: 0x9b,
  callFrame: 0x9c,
  bitPiece: 0x9d,
  implicitValue: 0x9e,
  stackValue: 0x9f,
  implicitPointer: 0xa0,
  entryValue: 0xa3,
  gnuPushTlsAddress: 0xe0,
  gnuEntryValue: 0xf3,
} as const;

const OPERATORS: ReadonlyMap<number, AluOperator> = new Map([
  [0x1a, "and"],
  [0x1c, "sub"],
  [0x1e, "mul"],
  [0x21, "or"],
  [0x22, "add"],
  [0x24, "lsh"],
  [0x25, "rsh"],
  [0x26, "arsh"],
  [0x27, "xor"],
]);

const IN_PIECES = "the compiler split it into pieces";

export function readLocation(operations: readonly LocationOperation[], around: Surroundings): Location {
  try {
    const [only, ...more] = operations;
    if (!only) return { kind: "unreadable", reason: "it has no value here any more" };
    if (operations.some(({ code }) => code === OP.piece || code === OP.bitPiece)) throw new Unreadable(IN_PIECES);
    if (more.length === 0 && only.code >= OP.reg0 && only.code < OP.breg0)
      return { kind: "value", value: register(BigInt(only.code - OP.reg0), around) };
    if (more.length === 0 && only.code === OP.regx) return { kind: "value", value: register(only.first, around) };
    const last = operations.at(-1);
    if (last?.code === OP.stackValue) return { kind: "value", value: compute(operations.slice(0, -1), around, 0) };
    return { kind: "memory", address: compute(operations, around, 0) };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: "unreadable", reason: error.message };
    throw error;
  }
}

/** Frames refer to frames no deeper than this. */
const DEEPEST = 4;

function compute(operations: readonly LocationOperation[], around: Surroundings, depth: number): Computed {
  if (depth > DEEPEST) throw new Unreadable("its description refers to itself");
  const stack: Computed[] = [];
  const pop = (): Computed => {
    const top = stack.pop();
    if (!top) throw new Unreadable("its description is incomplete");
    return top;
  };
  for (const operation of operations) step(operation, stack, pop, around, depth);
  return pop();
}

function step(
  { code, first, second }: LocationOperation,
  stack: Computed[],
  pop: () => Computed,
  around: Surroundings,
  depth: number,
): void {
  const signed = (bits: bigint): bigint => BigInt.asIntN(64, bits);
  const operator = OPERATORS.get(code);
  if (operator !== undefined) {
    const right = pop();
    stack.push(operate(operator, pop(), right));
  } else if (code >= OP.const1u && code <= OP.consts) stack.push(numberOf(signed(first)));
  else if (code >= OP.lit0 && code < OP.reg0) stack.push(numberOf(BigInt(code - OP.lit0)));
  else if (code >= OP.breg0 && code < OP.regx)
    stack.push(operate("add", register(BigInt(code - OP.breg0), around), numberOf(signed(first))));
  else {
    switch (code) {
      case OP.addr:
        return void stack.push({ kind: "address", value: first });
      case OP.deref:
        return void stack.push({ kind: "memory", address: pop(), size: 8 });
      case OP.derefSize:
        return void stack.push({ kind: "memory", address: pop(), size: Number(first) });
      case OP.dup: {
        const top = pop();
        return void stack.push(top, top);
      }
      case OP.drop:
        return void pop();
      case OP.over: {
        const [top, below] = [pop(), pop()];
        return void stack.push(below, top, below);
      }
      case OP.swap: {
        const [top, below] = [pop(), pop()];
        return void stack.push(top, below);
      }
      case OP.neg:
        return void stack.push(operate("sub", numberOf(0n), pop()));
      case OP.not:
        return void stack.push(operate("xor", pop(), numberOf(-1n)));
      case OP.plusUconst:
        return void stack.push(operate("add", pop(), numberOf(signed(first))));
      case OP.bregx:
        return void stack.push(operate("add", register(first, around), numberOf(signed(second))));
      case OP.fbreg:
        return void stack.push(operate("add", frameBase(around, depth), numberOf(signed(first))));
      case OP.callFrame:
        return void stack.push(callFrame(around, depth));
      case OP.entryValue:
      case OP.gnuEntryValue:
        if (!around.isAtEntry) throw new Unreadable("only at the function's entry it has a value that is still known");
        return void stack.push(register(first, around));
      case OP.nop:
        return;
      case OP.formTlsAddress:
      case OP.gnuPushTlsAddress:
        throw new Unreadable("each thread has one of its own, and those of functions are not looked for");
      case OP.implicitPointer:
        throw new Unreadable("it points to what the compiler left out");
      default:
        throw new Unreadable(`its place is described by a step that is not known here (DW_OP 0x${code.toString(16)})`);
    }
  }
}

function frameBase(around: Surroundings, depth: number): Computed {
  const [only, ...more] = around.frameBase;
  if (!only) throw new Unreadable("nothing tells where the function's frame is");
  if (more.length === 0 && only.code >= OP.reg0 && only.code < OP.breg0)
    return register(BigInt(only.code - OP.reg0), around);
  return compute(around.frameBase, around, depth + 1);
}

function callFrame(around: Surroundings, depth: number): Computed {
  if (around.callFrame.length === 0) throw new Unreadable("nothing tells where the caller's frame is");
  return compute(around.callFrame, around, depth + 1);
}

function numberOf(value: bigint): Computed {
  return { kind: "number", value };
}

function operate(operator: AluOperator, left: Computed, right: Computed): Computed {
  return { kind: "operation", operator, left, right };
}

/** `here`: the virtual address at which the program stands, which tells by how much the file was moved. */
export function emitComputed(emit: Emitter, computed: Computed, here: bigint): Operand {
  switch (computed.kind) {
    case "number":
      return computed.value;
    case "register":
      return readUserRegister(emit, computed.name);
    case "address": {
      const place = readUserRegister(emit, emit.target.architecture === "aarch64" ? "pc" : "rip");
      return emit.alu("add", place, BigInt.asIntN(64, computed.value - here));
    }
    case "operation": {
      const left = emitComputed(emit, computed.left, here);
      return emit.alu(computed.operator, left, emitComputed(emit, computed.right, here));
    }
    case "memory": {
      const address = emitComputed(emit, computed.address, here);
      return readNumber(emit, { space: "user", bytes: computed.size, signed: false }, address);
    }
  }
}
