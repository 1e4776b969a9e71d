/** Values in the shape that a key, an element or a local keeps them in. */
import type { FieldShape, StringShape } from "../compiled.js";
import type { Emitter } from "./emitter.js";
import { copyString } from "./strings.js";
import type { KernelValue, Operand, StringValue } from "./values.js";

/** The number that stands for no name of a set: it reads as the empty string. */
export const NO_NAME = -1n;

export function storeField(emit: Emitter, value: KernelValue, shape: FieldShape, offset: number): void {
  if (value.kind === "long") {
    if (shape.kind !== "long") throw new Error("a number cannot be kept as a string");
    emit.store("scratch", offset, value.operand);
    return;
  }
  if (shape.kind === "long") throw new Error("a string cannot be kept as a number");
  if (shape.kind === "names") emit.store("scratch", offset, nameNumber(value, shape));
  else copyString(emit, value, offset, shape.size);
}

export function loadField(emit: Emitter, shape: FieldShape, offset: number): KernelValue {
  switch (shape.kind) {
    case "long":
      return { kind: "long", operand: emit.load("scratch", offset) };
    case "names":
      return { kind: "names", set: shape.set, operand: emit.load("scratch", offset) };
    case "bytes":
      return { kind: "bytes", offset, size: shape.size };
  }
}

function nameNumber(value: StringValue, shape: Extract<StringShape, { kind: "names" }>): Operand {
  if (value.kind === "names") return value.operand;
  if (value.kind === "literal") {
    const found = [...shape.set.names].find(([, name]) => name === value.text);
    return found ? BigInt(found[0]) : NO_NAME;
  }
  throw new Error("only literals and names of the set are kept as its numbers");
}
