/** Byte order, device numbers and chance. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { TapsetFunction } from "../compiler/catalogue.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { long, type Operand } from "../compiler/ir/values.js";
import { longArgument, operand } from "./arguments.js";

/** Every machine that this runs on is little-endian, so one swap serves both directions. */
function byteOrder(name: string, bits: 16 | 32 | 64, summary: string): TapsetFunction {
  const shift = BigInt(64 - bits);
  return {
    name,
    topic: "numbers",
    summary,
    parameters: [{ name: "number", type: "long", meaning: `its low ${bits} bits count` }],
    returns: "long",
    example: `printf("%#x\\n", ${name}(0x1234))`,
    kernel: (emit, args) => {
      const swapped = emit.swap(operand(args, 0));
      return long(shift === 0n ? swapped : emit.alu("rsh", swapped, shift));
    },
    user: (_runtime, args) => BigInt.asIntN(64, swapBytes(longArgument(args, 0)) >> shift),
  };
}

function swapBytes(value: bigint): bigint {
  let result = 0n;
  for (let byte = 0n; byte < 8n; byte++) result = (result << 8n) | ((value >> (8n * byte)) & 0xffn);
  return result;
}

interface Arithmetic {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly string[];
  readonly example: string;
  readonly kernel: (emit: Emitter, ...args: Operand[]) => Operand;
  readonly user: (...args: bigint[]) => bigint;
}

const MINOR_BITS = 20n;
const MINOR_MASK = (1n << MINOR_BITS) - 1n;

const DEVICES: readonly Arithmetic[] = [
  {
    name: "MAJOR",
    summary: "Major number of a device, in the kernel's own encoding.",
    parameters: ["device"],
    example: "println(MAJOR(0x800001))",
    kernel: (emit, device = 0n) => emit.alu("rsh", emit.alu("and", device, 0xffff_ffffn), MINOR_BITS),
    user: (device = 0n) => (device & 0xffff_ffffn) >> MINOR_BITS,
  },
  {
    name: "MINOR",
    summary: "Minor number of a device, in the kernel's own encoding.",
    parameters: ["device"],
    example: "println(MINOR(0x800001))",
    kernel: (emit, device = 0n) => emit.alu("and", device, MINOR_MASK),
    user: (device = 0n) => device & MINOR_MASK,
  },
  {
    name: "MKDEV",
    summary: "The kernel's number of a device.",
    parameters: ["major", "minor"],
    example: "println(MKDEV(8, 1))",
    kernel: (emit, major = 0n, minor = 0n) =>
      emit.alu("or", emit.alu("lsh", major, MINOR_BITS), emit.alu("and", minor, MINOR_MASK)),
    user: (major = 0n, minor = 0n) => BigInt.asIntN(64, major << MINOR_BITS) | (minor & MINOR_MASK),
  },
  {
    name: "usrdev2kerndev",
    summary: "The kernel's number of a device from the number that user space knows, such as `stat -c %d` shows.",
    parameters: ["device"],
    example: "println(MAJOR(usrdev2kerndev(0x801)))",
    kernel: (emit, device = 0n) => {
      const major = emit.alu("and", emit.alu("rsh", device, 8n), 0xfffn);
      const minor = emit.alu(
        "or",
        emit.alu("and", device, 0xffn),
        emit.alu("and", emit.alu("rsh", device, 12n), 0xfff00n),
      );
      return emit.alu("or", emit.alu("lsh", major, MINOR_BITS), minor);
    },
    user: (device = 0n) => {
      const major = (device >> 8n) & 0xfffn;
      const minor = (device & 0xffn) | ((device >> 12n) & 0xfff00n);
      return (major << MINOR_BITS) | minor;
    },
  },
];

function arithmetic({ name, summary, parameters, example, kernel, user }: Arithmetic): TapsetFunction {
  return {
    name,
    topic: "numbers",
    summary,
    parameters: parameters.map((parameter) => ({ name: parameter, type: "long", meaning: `${parameter} number` })),
    returns: "long",
    example,
    kernel: (emit, args) => long(kernel(emit, ...args.map((_, index) => operand(args, index)))),
    user: (_runtime, args) => user(...args.map((_, index) => longArgument(args, index))),
  };
}

export const numberFunctions: readonly TapsetFunction[] = [
  byteOrder("htons", 16, "16 bits from the machine's byte order to the network's."),
  byteOrder("ntohs", 16, "16 bits from the network's byte order to the machine's."),
  byteOrder("htonl", 32, "32 bits from the machine's byte order to the network's."),
  byteOrder("ntohl", 32, "32 bits from the network's byte order to the machine's."),
  byteOrder("htonll", 64, "64 bits from the machine's byte order to the network's."),
  byteOrder("ntohll", 64, "64 bits from the network's byte order to the machine's."),
  ...DEVICES.map(arithmetic),
  {
    name: "randint",
    topic: "numbers",
    summary: "A random number from 0 up to, but not including, the limit.",
    parameters: [{ name: "limit", type: "long", meaning: "above 0, at most 2^32" }],
    returns: "long",
    example: "println(randint(6) + 1)",
    kernel: (emit, args) => {
      const random = emit.call(HELPER.get_prandom_u32, []);
      return long(emit.alu("umod", emit.alu("and", random, 0xffff_ffffn), operand(args, 0)));
    },
    user: (_runtime, args) => {
      const limit = longArgument(args, 0);
      return limit <= 0n ? 0n : BigInt(Math.floor(Math.random() * Number(limit)));
    },
  },
];
