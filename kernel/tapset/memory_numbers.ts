/** Numbers in the memory of the process and of the kernel, by address. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { TapsetFunction } from "../compiler/catalogue.js";
import { long } from "../compiler/ir/values.js";
import { operand } from "./arguments.js";
import { address, EVENT_ONLY, example, place, raiseFault, SPACES, warnOfFault, type Space } from "./memory_faults.js";

interface NumberType {
  readonly suffix: string;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly isSigned: boolean;
  readonly meaning: string;
}

const NUMBER_TYPES: readonly NumberType[] = [
  { suffix: "char", bytes: 1, isSigned: true, meaning: "signed byte" },
  { suffix: "short", bytes: 2, isSigned: true, meaning: "signed 16-bit number" },
  { suffix: "ushort", bytes: 2, isSigned: false, meaning: "16-bit number" },
  { suffix: "int", bytes: 4, isSigned: true, meaning: "signed 32-bit number" },
  { suffix: "long", bytes: 8, isSigned: true, meaning: "64-bit number" },
  { suffix: "ulong", bytes: 8, isSigned: false, meaning: "64-bit number" },
  { suffix: "pointer", bytes: 8, isSigned: false, meaning: "pointer" },
  { suffix: "uint8", bytes: 1, isSigned: false, meaning: "byte" },
  { suffix: "uint16", bytes: 2, isSigned: false, meaning: "16-bit number" },
  { suffix: "uint32", bytes: 4, isSigned: false, meaning: "32-bit number" },
  { suffix: "uint64", bytes: 8, isSigned: false, meaning: "64-bit number" },
  { suffix: "int8", bytes: 1, isSigned: true, meaning: "signed byte" },
  { suffix: "int16", bytes: 2, isSigned: true, meaning: "signed 16-bit number" },
  { suffix: "int32", bytes: 4, isSigned: true, meaning: "signed 32-bit number" },
  { suffix: "int64", bytes: 8, isSigned: true, meaning: "64-bit number" },
];

function numberReader(space: Space, type: NumberType, onFault: "error" | "warning"): TapsetFunction {
  const { suffix, bytes, isSigned, meaning } = type;
  const isLenient = onFault === "warning";
  const name = `${space}_${suffix}${isLenient ? "_warn" : ""}`;
  const otherwise = isLenient ? "a warning, and 0" : "an error";
  return {
    name,
    topic: "memory",
    summary: `The ${meaning} at an address in ${place(space)} memory; ${otherwise} where it cannot be read.`,
    parameters: [address],
    returns: "long",
    example: example(space, `${name}(%)`, "%d"),
    kernel: (emit, args) => {
      const at = operand(args, 0);
      const memory = emit.allocate(8);
      emit.store("scratch", memory, 0n);
      const helper = space === "user" ? HELPER.probe_read_user : HELPER.probe_read_kernel;
      const failed = emit.call(helper, [{ scratch: memory }, BigInt(bytes), at]);
      const fault = isLenient ? warnOfFault : raiseFault;
      emit.when("ne", failed, 0n, () => fault(emit, `${space} ${suffix}`, failed, at));
      const value = emit.load("scratch", memory);
      if (!isSigned || bytes === 8) return long(value);
      const shift = BigInt(64 - bytes * 8);
      return long(emit.alu("arsh", emit.alu("lsh", value, shift), shift));
    },
    userRefusal: EVENT_ONLY,
  };
}

export const memoryNumbers: readonly TapsetFunction[] = [
  ...SPACES.flatMap((space) => NUMBER_TYPES.map((type) => numberReader(space, type, "error"))),
  ...NUMBER_TYPES.map((type) => numberReader("user", type, "warning")),
];
