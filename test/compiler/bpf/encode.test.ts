/** Bytes as RFC 9669 (BPF Instruction Set Architecture) lays them out; the comments name its sections. */
import * as bpf from "../../../kernel/compiler/bpf/encode.js";

function bytes(...slots: bpf.Slot[]): string {
  return Buffer.from(bpf.encode(slots)).toString("hex");
}

/** A little-endian instruction: opcode, source and destination, offset, immediate. */
test.each([
  // 4.1 Arithmetic: ALU64 (0x07) with K (0) or X (8)
  ["r1 += r2", bpf.aluRegister("add", 1, 2), "0f21000000000000"],
  ["r3 -= 1", bpf.aluImmediate("sub", 3, 1), "1703000001000000"],
  ["r1 *= r9", bpf.aluRegister("mul", 1, 9), "2f91000000000000"],
  ["r1 /= 10", bpf.aluImmediate("udiv", 1, 10), "370100000a000000"],
  ["r1 |= r2", bpf.aluRegister("or", 1, 2), "4f21000000000000"],
  ["r1 &= -8", bpf.aluImmediate("and", 1, -8), "57010000f8ffffff"],
  ["r1 <<= 32", bpf.aluImmediate("lsh", 1, 32), "6701000020000000"],
  ["r1 >>= 32", bpf.aluImmediate("rsh", 1, 32), "7701000020000000"],
  ["r1 %= r2", bpf.aluRegister("umod", 1, 2), "9f21000000000000"],
  ["r1 ^= -1", bpf.aluImmediate("xor", 1, -1), "a7010000ffffffff"],
  ["r1 = r2", bpf.move(1, 2), "bf21000000000000"],
  ["r1 = -2147483648", bpf.moveImmediate(1, -2147483648), "b701000000000080"],
  ["r1 s>>= r2", bpf.aluRegister("arsh", 1, 2), "cf21000000000000"],
  // 4.2 Byte swap: END (0xd0) in ALU (4), to big-endian (8)
  ["r4 = be64 r4", bpf.swap64(4), "dc04000040000000"],
  // 4.3 Jumps: JMP (5)
  ["goto +1", bpf.jump(1), "0500010000000000"],
  ["if r1 == 0 goto +2", bpf.branchImmediate("eq", 1, 0, 2), "1501020000000000"],
  ["if r1 > r2 goto +3", bpf.branchRegister("ugt", 1, 2, 3), "2d21030000000000"],
  ["if r1 >= r2 goto +3", bpf.branchRegister("uge", 1, 2, 3), "3d21030000000000"],
  ["if r1 & 7 goto +3", bpf.branchImmediate("any", 1, 7, 3), "4501030007000000"],
  ["if r1 != -1 goto +32767", bpf.branchImmediate("ne", 1, -1, 32767), "5501ff7fffffffff"],
  ["if r1 s> r2 goto +3", bpf.branchRegister("sgt", 1, 2, 3), "6d21030000000000"],
  ["if r1 s>= 5 goto +3", bpf.branchImmediate("sge", 1, 5, 3), "7501030005000000"],
  ["if r1 < r2 goto +3", bpf.branchRegister("ult", 1, 2, 3), "ad21030000000000"],
  ["if r1 <= 5 goto +3", bpf.branchImmediate("ule", 1, 5, 3), "b501030005000000"],
  ["if r1 s< 0 goto +3", bpf.branchImmediate("slt", 1, 0, 3), "c501030000000000"],
  ["if r1 s<= r2 goto +3", bpf.branchRegister("sle", 1, 2, 3), "dd21030000000000"],
  ["call 130", bpf.callHelper(130), "8500000082000000"],
  ["exit", bpf.exit(), "9500000000000000"],
  // 5.1 Loads and stores: LDX (1), STX (3), ST (2) with MEM (0x60)
  ["r0 = *(u8 *)(r1 + 0)", bpf.load(1, 0, 1, 0), "7110000000000000"],
  ["r0 = *(u16 *)(r1 + 2)", bpf.load(2, 0, 1, 2), "6910020000000000"],
  ["r0 = *(u32 *)(r1 + 4)", bpf.load(4, 0, 1, 4), "6110040000000000"],
  ["r0 = *(u64 *)(r10 - 8)", bpf.load(8, 0, 10, -8), "79a0f8ff00000000"],
  ["*(u64 *)(r9 + 32) = r6", bpf.storeRegister(8, 9, 32, 6), "7b69200000000000"],
  ["*(u32 *)(r9 + 32) = r6", bpf.storeRegister(4, 9, 32, 6), "6369200000000000"],
  ["*(u16 *)(r9 + 32) = r6", bpf.storeRegister(2, 9, 32, 6), "6b69200000000000"],
  ["*(u8 *)(r9 + 32) = r6", bpf.storeRegister(1, 9, 32, 6), "7369200000000000"],
  ["*(u64 *)(r9 + 32) = -1", bpf.storeImmediate(8, 9, 32, -1), "7a092000ffffffff"],
  ["*(u8 *)(r9 + 7) = 0", bpf.storeImmediate(1, 9, 7, 0), "7209070000000000"],
  // 5.3 Atomic operations: STX, 64 bits, ATOMIC (0xc0)
  ["lock *(u64 *)(r1 + 8) += r2", bpf.atomic("add", 1, 8, 2, false), "db21080000000000"],
  ["r2 = atomic_fetch_add(r1 + 8, r2)", bpf.atomic("add", 1, 8, 2, true), "db21080001000000"],
  ["r2 = atomic_fetch_or(r1 + 8, r2)", bpf.atomic("or", 1, 8, 2, true), "db21080041000000"],
  ["r2 = atomic_fetch_and(r1 + 8, r2)", bpf.atomic("and", 1, 8, 2, true), "db21080051000000"],
  ["lock *(u64 *)(r1 + 8) ^= r2", bpf.atomic("xor", 1, 8, 2, false), "db210800a0000000"],
  ["r0 = cmpxchg(r1 + 8, r0, r2)", bpf.compareExchange(1, 8, 2), "db210800f1000000"],
])("%s", (_, slot, expected) => expect(bytes(slot)).toBe(expected));

// 5.4: the low half stands in the first slot, the high half in the second; the source register tells what it means.
test.each([
  ["r1 = 0x123456789abcdef0 ll", bpf.PSEUDO.number, 0x9abcdef0 | 0, 0x12345678, "18010000f0debc9a0000000078563412"],
  ["r1 = map_by_fd(7)", bpf.PSEUDO.mapDescriptor, 7, 0, "18110000070000000000000000000000"],
  ["r1 = map_val(map_by_fd(7)) + 24", bpf.PSEUDO.mapValue, 7, 24, "18210000070000000000000018000000"],
  ["r1 = code_addr(+5)", bpf.PSEUDO.function, 5, 0, "18410000050000000000000000000000"],
])("%s", (_, pseudo, low, high, expected) => expect(bytes(...bpf.loadWide(1, pseudo, low, high))).toBe(expected));
