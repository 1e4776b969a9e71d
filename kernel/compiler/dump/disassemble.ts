/** One eBPF instruction to text, in the words of the kernel's own disassembler (kernel/bpf/disasm.c). */
import { helperName } from "./helper_names.js";

/** The fields of one instruction of eight bytes. */
export interface InstructionFields {
  readonly opcode: number;
  readonly dst: number;
  readonly src: number;
  readonly offset: number;
  readonly imm: number;
}

const CLASS = { load: 0, loadIndexed: 1, store: 2, storeIndexed: 3, alu32: 4, jump: 5, jump32: 6, alu64: 7 } as const;
const ALU = ["+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "", "%=", "^=", "=", "s>>="];
const COMPARISONS: Readonly<Record<number, string>> = {
  1: "==",
  2: ">",
  3: ">=",
  4: "&",
  5: "!=",
  6: "s>",
  7: "s>=",
  10: "<",
  11: "<=",
  12: "s<",
  13: "s<=",
};
const SIZES = ["u32", "u16", "u8", "u64"];
const ATOMICS: Readonly<Record<number, { readonly sign: string; readonly name: string }>> = {
  0x00: { sign: "+=", name: "add" },
  0x40: { sign: "|=", name: "or" },
  0x50: { sign: "&=", name: "and" },
  0xa0: { sign: "^=", name: "xor" },
};

const NEGATE = 8;
const BYTE_ORDER = 13;
const CALL = 0x85;
const EXIT = 0x95;
const FETCH = 0x01;
const EXCHANGE = 0xe1;
const COMPARE_EXCHANGE = 0xf1;

/** The opcode of a load of 64 bits, which takes two slots; whoever walks the program prints it. */
export const LOAD_WIDE = 0x18;

/** The text of an instruction that takes one slot. */
export function disassemble(instruction: InstructionFields): string {
  const { opcode, dst, src, offset, imm } = instruction;
  switch (opcode & 0x07) {
    case CLASS.alu32:
      return arithmetic(instruction, "w");
    case CLASS.alu64:
      return arithmetic(instruction, "r");
    case CLASS.loadIndexed:
      return `r${dst} = *(${sizeOf(opcode)} *)(r${src} ${signed(offset)})`;
    case CLASS.store:
      return `*(${sizeOf(opcode)} *)(r${dst} ${signed(offset)}) = ${imm}`;
    case CLASS.storeIndexed:
      if (opcode >> 5 === 6) return atomic(instruction);
      return `*(${sizeOf(opcode)} *)(r${dst} ${signed(offset)}) = r${src}`;
    case CLASS.jump:
      return jump(instruction, "r");
    case CLASS.jump32:
      return jump(instruction, "w");
    default:
      return unknown(instruction);
  }
}

function arithmetic(instruction: InstructionFields, letter: "r" | "w"): string {
  const { opcode, dst, src, imm } = instruction;
  const operation = opcode >> 4;
  const isRegister = (opcode & 0x08) !== 0;
  if (operation === BYTE_ORDER) return `r${dst} = ${isRegister ? "be" : "le"}${imm} r${dst}`;
  if (operation === NEGATE) return `${letter}${dst} = -${letter}${dst}`;
  const sign = ALU[operation];
  if (sign === undefined) return unknown(instruction);
  return `${letter}${dst} ${sign} ${isRegister ? `${letter}${src}` : imm}`;
}

function atomic(instruction: InstructionFields): string {
  const { opcode, dst, src, offset, imm } = instruction;
  const place = `(${sizeOf(opcode)} *)(r${dst} ${signed(offset)})`;
  const width = sizeOf(opcode) === "u64" ? "64" : "";
  if (imm === COMPARE_EXCHANGE) return `r0 = atomic${width}_cmpxchg(${place}, r0, r${src})`;
  if (imm === EXCHANGE) return `r${src} = atomic${width}_xchg(${place}, r${src})`;
  const known = ATOMICS[imm & ~FETCH];
  if (!known) return unknown(instruction);
  if ((imm & FETCH) === 0) return `lock *${place} ${known.sign} r${src}`;
  return `r${src} = atomic${width}_fetch_${known.name}(${place}, r${src})`;
}

function jump(instruction: InstructionFields, letter: "r" | "w"): string {
  const { opcode, dst, src, offset, imm } = instruction;
  if (opcode === CALL) return src === 0 ? `call bpf_${helperName(imm)}#${imm}` : `call pc${signed(imm)}`;
  if (opcode === EXIT) return "exit";
  const operation = opcode >> 4;
  if (operation === 0) return `goto pc${signed(letter === "r" ? offset : imm)}`;
  const comparison = COMPARISONS[operation];
  if (comparison === undefined) return unknown(instruction);
  const right = (opcode & 0x08) === 0 ? `0x${(imm >>> 0).toString(16)}` : `${letter}${src}`;
  return `if ${letter}${dst} ${comparison} ${right} goto pc${signed(offset)}`;
}

function sizeOf(opcode: number): string {
  return SIZES[(opcode >> 3) & 0x03] as string;
}

function signed(offset: number): string {
  return offset < 0 ? String(offset) : `+${offset}`;
}

function unknown({ opcode }: InstructionFields): string {
  return `BUG_${opcode.toString(16).padStart(2, "0")}`;
}
