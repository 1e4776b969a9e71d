/** Arithmetic as the language has it, from what eBPF has on every kernel: signed division, masked shifts. */
import type { ArithmeticOperator } from "../check/program.js";
import type { Emitter } from "./emitter.js";
import { raise } from "./errors.js";
import type { AluOperator } from "./instructions.js";
import type { Operand, Register } from "./values.js";

const DIRECT: Partial<Record<ArithmeticOperator, AluOperator>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "&": "and",
  "|": "or",
  "^": "xor",
};
const SHIFTS: Partial<Record<ArithmeticOperator, AluOperator>> = { "<<": "lsh", ">>": "arsh", ">>>": "rsh" };

export function arithmetic(emit: Emitter, operator: ArithmeticOperator, left: Operand, right: Operand): Operand {
  const direct = DIRECT[operator];
  if (direct) return emit.alu(direct, left, right);
  const shift = SHIFTS[operator];
  if (shift) return emit.alu(shift, left, typeof right === "bigint" ? right & 63n : emit.alu("and", right, 63n));
  if (right === 0n) raise(emit, "division by 0");
  else if (typeof right !== "bigint") emit.when("eq", right, 0n, () => raise(emit, "division by 0"));
  return signedDivide(emit, left, right, operator === "/" ? "udiv" : "umod");
}

/** Truncates towards zero; the remainder has the sign of the left side. Signed instructions came only with 6.6. */
export function signedDivide(emit: Emitter, left: Operand, right: Operand, operator: "udiv" | "umod"): Register {
  const dividend = emit.set(left);
  const divisor = emit.set(right);
  const negative = emit.set(0n);
  emit.when("slt", dividend, 0n, () => {
    emit.assign(dividend, emit.alu("sub", 0n, dividend));
    emit.assign(negative, 1n);
  });
  emit.when("slt", divisor, 0n, () => {
    emit.assign(divisor, emit.alu("sub", 0n, divisor));
    if (operator === "udiv") emit.assign(negative, emit.alu("xor", negative, 1n));
  });
  const result = emit.alu(operator, dividend, divisor);
  emit.when("ne", negative, 0n, () => emit.assign(result, emit.alu("sub", 0n, result)));
  return result;
}
