/** Reading an argument as the number that the kernel's function gets. */
import type { Emitter } from "../../compiler/ir/emitter.js";
import type { Operand, Register } from "../../compiler/ir/values.js";
import { dispatch } from "./dispatch.js";
import type { Parameter } from "./parameters.js";
import { readArgument, readNumber } from "./registers.js";

/** Registers carry rubbish above the bits of their type. */
export function readParameter(emit: Emitter, { index, bits, isSigned }: Parameter): Register {
  const value = readArgument(emit, index);
  if (bits === 64) return value;
  const shift = BigInt(64 - bits);
  return emit.alu(isSigned ? "arsh" : "rsh", emit.alu("lsh", value, shift), shift);
}

/** An argument that several calls have, each in its own place. */
export function readShared(
  emit: Emitter,
  places: readonly { readonly number: number; readonly parameter: Parameter }[],
  isReturn: boolean,
): Operand {
  const groups = new Map<string, { numbers: number[]; parameter: Parameter }>();
  for (const { number, parameter } of places) {
    const key = `${parameter.index} ${parameter.bits} ${parameter.isSigned}`;
    const group = groups.get(key);
    if (group) group.numbers.push(number);
    else groups.set(key, { numbers: [number], parameter });
  }
  const [only] = groups.values();
  if (only && groups.size === 1) return readParameter(emit, only.parameter);
  const result = emit.set(0n);
  dispatch(
    emit,
    readNumber(emit, isReturn),
    [...groups.values()].map(({ numbers, parameter }) => ({
      numbers,
      body: () => emit.assign(result, readParameter(emit, parameter)),
    })),
  );
  return result;
}
