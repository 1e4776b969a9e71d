/** Values in the shape that a key, an element or a local keeps them in. */
import type { FieldShape, StackShape, StringShape } from "../compiled.js";
import { isSameForm } from "../text/symbols.js";
import type { Emitter } from "./emitter.js";
import { asBytes, copyString } from "./strings.js";
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
  switch (shape.kind) {
    case "names":
      return emit.store("scratch", offset, nameNumber(value, shape));
    case "stack":
      return emit.store("scratch", offset, stackNumber(value, shape));
    case "bytes":
      return copyString(emit, value, offset, shape.size);
  }
}

/**
 * As `storeField`, for a key that may only be looked up: a text that is longer than any key of the array, or no name of
 * its set, becomes what no element has as its key.
 */
export function storeKeyPart(emit: Emitter, value: KernelValue, shape: FieldShape, offset: number): void {
  if (value.kind === "literal" && shape.kind === "names" && nameNumber(value, shape) === NO_NAME && value.text !== "") {
    return emit.store("scratch", offset, NO_KEY);
  }
  if (value.kind === "literal" && shape.kind === "stack" && value.text !== "")
    return emit.store("scratch", offset, NO_KEY);
  if (value.kind === "literal" && shape.kind === "bytes" && value.text.length >= shape.size) {
    return emit.store("scratch", offset + shape.size - 8, NO_KEY);
  }
  storeField(emit, value, shape, offset);
  if (value.kind === "names" && shape.kind === "bytes" && emit.tables.names(value.set).size > shape.size) {
    const text = asBytes(emit, value);
    return spoilWhereLonger(emit, text.offset, shape.size, offset);
  }
  if (value.kind === "bytes" && shape.kind === "bytes" && value.size > shape.size)
    spoilWhereLonger(emit, value.offset, shape.size, offset);
}

/** Texts end with a zero byte inside of their field, so that none ends like this; and no name has this number. */
const NO_KEY = -2n;

function spoilWhereLonger(emit: Emitter, text: number, size: number, offset: number): void {
  emit.when("ne", emit.load("scratch", text + size - 1, 1), 0n, () => emit.store("scratch", offset + size - 8, NO_KEY));
}

export function loadField(emit: Emitter, shape: FieldShape, offset: number): KernelValue {
  switch (shape.kind) {
    case "long":
      return { kind: "long", operand: emit.load("scratch", offset) };
    case "names":
      return { kind: "names", set: shape.set, operand: emit.load("scratch", offset) };
    case "stack":
      return { kind: "stack", form: shape.form, operand: emit.load("scratch", offset) };
    case "bytes":
      return { kind: "bytes", offset, size: shape.size };
  }
}

function stackNumber(value: StringValue, shape: StackShape): Operand {
  if (value.kind === "stack" && isSameForm(value.form, shape.form)) return value.operand;
  if (value.kind === "literal" && value.text === "") return 0n;
  throw new Error("only stacks of one form are kept by their numbers");
}

function nameNumber(value: StringValue, shape: Extract<StringShape, { kind: "names" }>): Operand {
  if (value.kind === "names") return value.operand;
  if (value.kind === "literal") {
    const found = [...shape.set.names].find(([, name]) => name === value.text);
    return found ? BigInt(found[0]) : NO_NAME;
  }
  throw new Error("only literals and names of the set are kept as its numbers");
}
