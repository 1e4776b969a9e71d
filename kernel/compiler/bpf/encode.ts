/** One eBPF instruction to its eight bytes. Little-endian, as both supported architectures are. */
import type { AluOperator, Condition, Size } from "../ir/instructions.js";

/**
 * ```
 *  63        32 31      16 15  12 11   8 7       0
 * +------------+----------+------+------+---------+
 * |    imm     |  offset  | src  | dst  | opcode  |
 * +------------+----------+------+------+---------+
 * ```
 */
export interface Slot {
  readonly opcode: number;
  readonly dst: number;
  readonly src: number;
  readonly offset: number;
  readonly imm: number;
}

const ALU64 = 0x07;
const SOURCE_REGISTER = 0x08;
const ALU_CODES: Record<AluOperator, number> = {
  add: 0x00,
  sub: 0x10,
  mul: 0x20,
  udiv: 0x30,
  or: 0x40,
  and: 0x50,
  lsh: 0x60,
  rsh: 0x70,
  umod: 0x90,
  xor: 0xa0,
  arsh: 0xc0,
};
const JUMP_CODES: Record<Condition, number> = {
  eq: 0x10,
  ugt: 0x20,
  uge: 0x30,
  any: 0x40,
  ne: 0x50,
  sgt: 0x60,
  sge: 0x70,
  ult: 0xa0,
  ule: 0xb0,
  slt: 0xc0,
  sle: 0xd0,
};
const SIZE_CODES: Record<Size, number> = { 4: 0x00, 2: 0x08, 1: 0x10, 8: 0x18 };

const slot = (opcode: number, dst: number, src: number, offset: number, imm: number): Slot => ({
  opcode,
  dst,
  src,
  offset,
  imm,
});

export const aluRegister = (operator: AluOperator, dst: number, src: number): Slot =>
  slot(ALU64 | SOURCE_REGISTER | ALU_CODES[operator], dst, src, 0, 0);
export const aluImmediate = (operator: AluOperator, dst: number, imm: number): Slot =>
  slot(ALU64 | ALU_CODES[operator], dst, 0, 0, imm);
export const move = (dst: number, src: number): Slot => slot(0xbf, dst, src, 0, 0);
export const moveImmediate = (dst: number, imm: number): Slot => slot(0xb7, dst, 0, 0, imm);
/** To big-endian: a byte swap on the machines we support. */
export const swap64 = (dst: number): Slot => slot(0xdc, dst, 0, 0, 64);
export const load = (size: Size, dst: number, base: number, offset: number): Slot =>
  slot(0x61 | SIZE_CODES[size], dst, base, offset, 0);
export const storeRegister = (size: Size, base: number, offset: number, src: number): Slot =>
  slot(0x63 | SIZE_CODES[size], base, src, offset, 0);
export const storeImmediate = (size: Size, base: number, offset: number, imm: number): Slot =>
  slot(0x62 | SIZE_CODES[size], base, 0, offset, imm);
export const jump = (offset: number): Slot => slot(0x05, 0, 0, offset, 0);
export const branchRegister = (condition: Condition, dst: number, src: number, offset: number): Slot =>
  slot(0x0d | JUMP_CODES[condition], dst, src, offset, 0);
export const branchImmediate = (condition: Condition, dst: number, imm: number, offset: number): Slot =>
  slot(0x05 | JUMP_CODES[condition], dst, 0, offset, imm);
export const callHelper = (helper: number): Slot => slot(0x85, 0, 0, 0, helper);
export const exit = (): Slot => slot(0x95, 0, 0, 0, 0);

const ATOMIC_CODES = { add: 0x00, or: 0x40, and: 0x50, xor: 0xa0 } as const;
const FETCH = 0x01;
const COMPARE_EXCHANGE = 0xf1;
export const atomic = (
  operator: keyof typeof ATOMIC_CODES,
  base: number,
  offset: number,
  src: number,
  fetch: boolean,
): Slot => slot(0xdb, base, src, offset, ATOMIC_CODES[operator] | (fetch ? FETCH : 0));
/** Expects and returns in r0. */
export const compareExchange = (base: number, offset: number, src: number): Slot =>
  slot(0xdb, base, src, offset, COMPARE_EXCHANGE);

/** What `src` of a two-slot load means. */
export const PSEUDO = { number: 0, mapDescriptor: 1, mapValue: 2, function: 4 } as const;
export function loadWide(dst: number, pseudo: number, low: number, high: number): [Slot, Slot] {
  return [slot(0x18, dst, pseudo, 0, low), slot(0, 0, 0, 0, high)];
}

export function encode(slots: readonly Slot[]): Uint8Array {
  const words = new Int32Array(slots.length * 2);
  slots.forEach((slot, index) => encodeSlot(slot, words, index));
  return new Uint8Array(words.buffer);
}

/** Puts the instruction at its place among others, in words of this machine: x86-64 and arm64 are little-endian. */
export function encodeSlot({ opcode, src, dst, offset, imm }: Slot, words: Int32Array, index: number): void {
  words[index * 2] = opcode | (((src << 4) | dst) << 8) | (offset << 16);
  words[index * 2 + 1] = imm | 0;
}
