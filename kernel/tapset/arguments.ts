/** The checked arguments of a call by type; the checker has made sure that they are what the parameters say. */
import type { Value } from "../compiler/closures/runtime.js";
import type { KernelValue, Operand, StringValue } from "../compiler/ir/values.js";

export function longArgument(args: readonly Value[], index: number): bigint {
  const value = args[index];
  if (typeof value !== "bigint") throw new TypeError(`argument ${index + 1} is no number`);
  return value;
}

export function textArgument(args: readonly Value[], index: number): string {
  const value = args[index];
  if (typeof value !== "string") throw new TypeError(`argument ${index + 1} is no string`);
  return value;
}

/** The number of a kernel-side argument. */
export function operand(args: readonly KernelValue[], index: number): Operand {
  const value = args[index];
  if (value?.kind !== "long") throw new TypeError(`argument ${index + 1} is no number`);
  return value.operand;
}

/** The string of a kernel-side argument. */
export function text(args: readonly KernelValue[], index: number): StringValue {
  const value = args[index];
  if (!value || value.kind === "long") throw new TypeError(`argument ${index + 1} is no string`);
  return value;
}
