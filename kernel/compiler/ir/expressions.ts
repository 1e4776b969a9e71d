/** Expressions of the typed program to code for the kernel. */
import type { Expression, Target } from "../check/program.js";
import { arithmetic } from "./arithmetic.js";
import { loadField, storeField } from "./fields.js";
import { emitFormat } from "./formats.js";
import { callFunction } from "./functions.js";
import type { Condition } from "./instructions.js";
import { KernelCannot } from "./kernel_cannot.js";
import { addLong, buildKey, find, mapName, readLong, readString, writeLong, writeString } from "./maps.js";
import { emitPrint } from "./print.js";
import type { Scope } from "./scope.js";
import { extract, record } from "./statistics.js";
import { asBytes, branchIfDifferent, compareStrings, copyString, stringSize, StringBuilder } from "./strings.js";
import { bufferSize, long, type KernelValue, type Operand, type StringValue } from "./values.js";

export function lowerLong(scope: Scope, expression: Expression): Operand {
  const value = lower(scope, expression);
  if (value.kind !== "long") throw new Error("a number was expected here");
  return value.operand;
}

export function lowerString(scope: Scope, expression: Expression): StringValue {
  const value = lower(scope, expression);
  if (value.kind === "long") throw new Error("a string was expected here");
  return value;
}

export function lower(scope: Scope, expression: Expression): KernelValue {
  const { emit } = scope;
  switch (expression.kind) {
    case "number":
      return long(expression.value);
    case "text":
      return { kind: "literal", text: expression.value };
    case "local":
    case "global":
    case "element":
      return read(scope, expression);
    case "unary":
      return long(unary(scope, expression));
    case "arithmetic":
      return long(arithmetic(emit, expression.operator, lowerLong(scope, expression.left), lowerLong(scope, expression.right)));
    case "concatenate":
      return concatenate(scope, lowerString(scope, expression.left), lowerString(scope, expression.right));
    case "compare":
    case "logical":
    case "membership":
      return long(truth(scope, expression));
    case "conditional":
      return conditional(scope, expression);
    case "assign":
      return assign(scope, expression);
    case "increment":
      return long(increment(scope, expression.target, BigInt(expression.delta), expression.prefix, true));
    case "record": {
      const { global, key } = expression.target;
      const value = emit.set(lowerLong(scope, expression.value));
      record(emit, global, lowerKey(scope, global.name, key ?? []), value);
      return long(value);
    }
    case "extract": {
      const { global, key } = expression.target;
      return long(extract(emit, expression.extractor, global, lowerKey(scope, global.name, key ?? [])));
    }
    case "call":
      return callFunction(scope, expression.function, expression.arguments.map((argument) => lower(scope, argument))) ?? long(0n);
    case "tapset": {
      const { function: function_ } = expression;
      if (!function_.kernel) throw new KernelCannot(function_.kernelRefusal ?? `${function_.name}() does not run inside a probe`);
      emit.at(expression.span);
      return function_.kernel(emit, expression.arguments.map((argument) => lower(scope, argument))) ?? long(0n);
    }
    case "context":
      if (!expression.variable.kernel) throw new KernelCannot(`${expression.variable.name} cannot be read inside a probe`);
      return expression.variable.kernel(emit);
    case "format": {
      const values = expression.arguments.map((argument) => lower(scope, argument));
      if (expression.toString) return emitFormat(emit, expression.pieces, values);
      if (expression.pieces.some((piece) => piece.kind === "conversion" && (piece.conversion === "m" || piece.conversion === "M"))) {
        throw new KernelCannot("%m and %M cannot read memory from inside a probe yet known to the kernel's verifier", "read it with kernel_long() or user_string() and print that");
      }
      emitPrint(emit, expression.pieces, values, "stdout");
      return long(0n);
    }
    case "printHistogram":
    case "bucket":
      throw new KernelCannot("histograms are drawn by handlers outside the kernel", "print it in an `end` or `timer` probe, or in a later cell");
  }
}

/** For its effects only: spares the value where that is cheaper. */
export function lowerEffect(scope: Scope, expression: Expression): void {
  scope.emit.temporaries(() => {
    if (expression.kind === "increment") increment(scope, expression.target, BigInt(expression.delta), true, false);
    else if (expression.kind === "assign" && expression.type === "long" && (expression.operator === "+" || expression.operator === "-")) {
      const value = lowerLong(scope, expression.value);
      increment(scope, expression.target, expression.operator === "+" ? value : negate(scope, value), true, false);
    } else lower(scope, expression);
  });
}

function negate(scope: Scope, value: Operand): Operand {
  return typeof value === "bigint" ? BigInt.asIntN(64, -value) : scope.emit.alu("sub", 0n, value);
}

export function lowerKey(scope: Scope, global: string, key: readonly Expression[]): number {
  return buildKey(scope.emit, scope.emit.tables.layout(global), key.map((part) => lower(scope, part)));
}

function read(scope: Scope, target: Target): KernelValue {
  const { emit } = scope;
  if (target.kind === "local") return loadField(emit, scope.slot(target.local).shape, scope.slot(target.local).offset);
  if (target.kind === "global" && target.type === "long") return long(emit.load(emit.mapValue(mapName(target.global)), 0));
  const key = lowerKey(scope, target.global.name, target.kind === "element" ? target.key : []);
  return target.type === "long" ? long(readLong(emit, target.global, key)) : readString(emit, target.global, key);
}

function write(scope: Scope, target: Target, value: KernelValue): void {
  const { emit } = scope;
  if (target.kind === "local") return storeField(emit, value, scope.slot(target.local).shape, scope.slot(target.local).offset);
  if (target.kind === "global" && value.kind === "long") return emit.store(emit.mapValue(mapName(target.global)), 0, value.operand);
  const key = lowerKey(scope, target.global.name, target.kind === "element" ? target.key : []);
  if (value.kind === "long") writeLong(emit, target.global, key, value.operand);
  else writeString(emit, target.global, key, value);
}

function unary(scope: Scope, expression: Extract<Expression, { kind: "unary" }>): Operand {
  const { emit } = scope;
  if (expression.operator === "!") return truth(scope, expression);
  const operand = lowerLong(scope, expression.operand);
  return expression.operator === "-" ? negate(scope, operand) : emit.alu("xor", operand, -1n);
}

function assign(scope: Scope, expression: Extract<Expression, { kind: "assign" }>): KernelValue {
  const { emit } = scope;
  const { target, operator, value } = expression;
  if (operator === null) {
    const assigned = lower(scope, value);
    write(scope, target, assigned);
    return target.kind === "local" && target.type === "string" ? read(scope, target) : assigned;
  }
  if (operator === ".") {
    const joined = concatenate(scope, lower(scope, target) as StringValue, lowerString(scope, value));
    write(scope, target, joined);
    return joined;
  }
  const operand = lowerLong(scope, value);
  if (operator === "+" || operator === "-") return long(increment(scope, target, operator === "+" ? operand : negate(scope, operand), true, true));
  if (target.kind === "global") {
    const atomic = ({ "&": "and", "|": "or", "^": "xor" } as const)[operator as "&" | "|" | "^"];
    if (atomic) return long(emit.alu(atomic, emit.fetch(atomic, emit.mapValue(mapName(target.global)), 0, operand), operand));
  }
  const result = arithmetic(emit, operator, lowerLong(scope, target), operand);
  write(scope, target, long(result));
  return long(result);
}

/** Adds in place, atomically where others may add as well. */
function increment(scope: Scope, target: Target, delta: Operand, wantNew: boolean, wantValue: boolean): Operand {
  const { emit } = scope;
  if (target.kind === "local") {
    const { offset } = scope.slot(target.local);
    const before = emit.load("scratch", offset);
    const after = emit.alu("add", before, delta);
    emit.store("scratch", offset, after);
    return wantNew ? after : before;
  }
  let before: Operand;
  if (target.kind === "element") before = addLong(emit, target.global, lowerKey(scope, target.global.name, target.key), delta, wantValue);
  else if (wantValue) before = emit.fetch("add", emit.mapValue(mapName(target.global)), 0, delta);
  else {
    emit.atomicAdd(emit.mapValue(mapName(target.global)), 0, delta);
    return 0n;
  }
  return wantValue && wantNew ? emit.alu("add", before, delta) : before;
}

function conditional(scope: Scope, expression: Extract<Expression, { kind: "conditional" }>): KernelValue {
  const { emit } = scope;
  const otherwise = emit.label("else");
  const end = emit.label("end");
  if (expression.type === "long") {
    const result = emit.register();
    branchIfFalse(scope, expression.condition, otherwise);
    emit.assign(result, lowerLong(scope, expression.then));
    emit.jump(end);
    emit.place(otherwise);
    emit.assign(result, lowerLong(scope, expression.otherwise));
    emit.place(end);
    return long(result);
  }
  const slot = scope.newSlot(scope.shapes.expression(expression));
  branchIfFalse(scope, expression.condition, otherwise);
  storeField(emit, lower(scope, expression.then), slot.shape, slot.offset);
  emit.jump(end);
  emit.place(otherwise);
  storeField(emit, lower(scope, expression.otherwise), slot.shape, slot.offset);
  emit.place(end);
  return loadField(emit, slot.shape, slot.offset);
}

function concatenate(scope: Scope, left: StringValue, right: StringValue): StringValue {
  const { emit } = scope;
  if (left.kind === "literal" && right.kind === "literal") return { kind: "literal", text: left.text + right.text };
  const [first, second] = [stringSize(emit, left), stringSize(emit, right)];
  const builder = new StringBuilder(emit, Math.min(emit.maxStringLength, bufferSize(first + second - 2)), Math.max(first, second));
  builder.append(left);
  builder.append(right);
  return builder.finish();
}

/** A condition as 0 or 1. */
function truth(scope: Scope, expression: Expression): Operand {
  const { emit } = scope;
  const result = emit.set(0n);
  const end = emit.label("false");
  branchIfFalse(scope, expression, end);
  emit.assign(result, 1n);
  emit.place(end);
  return result;
}

const SIGNED: Record<"<" | ">" | "<=" | ">=" | "==" | "!=", Condition> = { "<": "slt", ">": "sgt", "<=": "sle", ">=": "sge", "==": "eq", "!=": "ne" };

/** Goes on where the condition holds, jumps where it does not. */
export function branchIfFalse(scope: Scope, expression: Expression, target: string): void {
  const { emit } = scope;
  const jumpUnless = (condition: Condition, left: Operand, right: Operand): void => {
    const holds = emit.label("holds");
    emit.branch(condition, left, right, holds);
    emit.jump(target);
    emit.place(holds);
  };
  switch (expression.kind) {
    case "compare":
      if (expression.left.type === "long") return jumpUnless(SIGNED[expression.operator], lowerLong(scope, expression.left), lowerLong(scope, expression.right));
      return compareText(scope, expression, target);
    case "logical": {
      if (expression.operator === "&&") {
        branchIfFalse(scope, expression.left, target);
        return branchIfFalse(scope, expression.right, target);
      }
      const second = emit.label("or");
      const holds = emit.label("holds");
      branchIfFalse(scope, expression.left, second);
      emit.jump(holds);
      emit.place(second);
      branchIfFalse(scope, expression.right, target);
      return emit.place(holds);
    }
    case "unary":
      if (expression.operator === "!") {
        const holds = emit.label("not");
        branchIfFalse(scope, expression.operand, holds);
        emit.jump(target);
        return emit.place(holds);
      }
      break;
    case "membership":
      return emit.branch("eq", findMember(scope, expression), 0n, target);
    default:
  }
  if (expression.type === "string") {
    // A string is true where it is not empty.
    const { offset } = asBytes(emit, lowerString(scope, expression));
    return emit.branch("eq", emit.load("scratch", offset, 1), 0n, target);
  }
  emit.branch("eq", lowerLong(scope, expression), 0n, target);
}

function findMember(scope: Scope, expression: Extract<Expression, { kind: "membership" }>): Operand {
  const key = expression.key.map((part) => {
    if (part === null) throw new KernelCannot("membership with `*` is not looked up inside a probe", "test the whole key, or do it in a timer probe");
    return part;
  });
  return find(scope.emit, mapName(expression.global), lowerKey(scope, expression.global.name, key));
}

function compareText(scope: Scope, expression: Extract<Expression, { kind: "compare" }>, target: string): void {
  const { emit } = scope;
  const left = lowerString(scope, expression.left);
  const right = lowerString(scope, expression.right);
  if (expression.operator === "==") return branchIfDifferent(emit, left, right, target);
  const holds = emit.label("holds");
  if (expression.operator === "!=") branchIfDifferent(emit, left, right, holds);
  else emit.branch(SIGNED[expression.operator], compareStrings(emit, left, right), 0n, holds);
  emit.jump(target);
  emit.place(holds);
}

/** A value that later code cannot change: strings that lie in a local are copied. */
export function stable(scope: Scope, value: KernelValue): KernelValue {
  if (value.kind !== "bytes") return value;
  const offset = scope.emit.allocate(value.size);
  copyString(scope.emit, value, offset, value.size);
  return { ...value, offset };
}
