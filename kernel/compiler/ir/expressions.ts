/** Expressions of the typed program to code for the kernel. */
import type { ArithmeticOperator, Expression, GlobalVariable, Target, ValueType } from "../check/program.js";
import type { Span } from "../source.js";
import { arithmetic } from "./arithmetic.js";
import type { Emitter } from "./emitter.js";
import { loadField, storeField } from "./fields.js";
import { extract } from "./statistics/extractors.js";
import { emitFormat } from "./formats.js";
import { callFunction } from "./functions.js";
import { lowerBucket, lowerHistogramText, lowerPrintHistogram } from "./statistics/histograms.js";
import { inlineTexts } from "./inlined_formats.js";
import type { Condition } from "./instructions.js";
import { KernelCannot } from "./kernel_cannot.js";
import type { LastMatch } from "./last_match.js";
import { addLong, buildKey, find, mapName, readLong, readString, writeLong, writeString } from "./maps.js";
import { emitPrint } from "./print.js";
import { readNumber, readText, writeNumber } from "./memory_reads.js";
import { matchRegex } from "./regex.js";
import type { Scope, Slot } from "./scope.js";
import { findInSlice } from "./slices.js";
import { record } from "./statistics/statistics.js";
import { asBytes, branchIfDifferent, compareStrings, copyString, stringSize } from "./strings.js";
import { StringBuilder } from "./string_builder.js";
import { requireCertainKeys } from "./uncertain_keys.js";
import { walkExpression } from "./walk.js";
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
      return read(scope, locate(scope, expression));
    case "unary":
      return long(unary(scope, expression));
    case "arithmetic":
      return long(operate(emit, expression, lowerLong(scope, expression.left), lowerLong(scope, expression.right)));
    case "concatenate":
      return concatenate(scope, ...lowerTexts(scope, expression.left, expression.right));
    case "compare":
    case "logical":
    case "membership":
      return long(truth(scope, expression));
    case "conditional":
      return conditional(scope, expression);
    case "assign":
      return assign(scope, expression);
    case "increment":
      return increment(scope, expression);
    case "record": {
      const { global, key } = expression.target;
      const place = lowerKey(scope, global.name, key ?? []);
      const value = emit.set(lowerLong(scope, expression.value));
      emit.at(expression.span);
      record(emit, global, place, value);
      return long(value);
    }
    case "extract": {
      const { global, key } = expression.target;
      const place = lowerKey(scope, global.name, key ?? []);
      emit.at(expression.span);
      return long(extract(emit, expression.extractor, global, place));
    }
    case "call": {
      const values = lowerInOrder(scope, expression.arguments);
      emit.at(expression.span);
      return callFunction(scope, expression.function, values) ?? long(0n);
    }
    case "tapset": {
      const { function: function_ } = expression;
      if (!function_.kernel)
        throw new KernelCannot(function_.kernelRefusal ?? `${function_.name}() does not run inside a probe`);
      const values = lowerInOrder(scope, expression.arguments);
      emit.at(expression.span);
      return function_.kernel(emit, values) ?? long(0n);
    }
    case "context":
      if (!expression.variable.kernel)
        throw new KernelCannot(`${expression.variable.name} cannot be read inside a probe`);
      return expression.variable.kernel(emit);
    case "format": {
      const { pieces, arguments: parts } = expression.toString
        ? expression
        : inlineTexts(expression, emit.maxStringLength);
      const values = lowerInOrder(scope, parts);
      emit.at(expression.span);
      if (expression.toString) return emitFormat(emit, pieces, values);
      emitPrint(emit, pieces, values, "stdout");
      return long(0n);
    }
    case "match": {
      const text = lowerString(scope, expression.text);
      const found = matchRegex(emit, expression.regex, text);
      const { lastMatch } = emit;
      if (lastMatch) emit.when("ne", found, 0n, () => lastMatch.remember(expression, text));
      return long(expression.negated ? emit.alu("xor", found, 1n) : found);
    }
    case "matched": {
      const lastMatch = requireLastMatch(emit);
      emit.at(expression.span);
      lastMatch.raiseIfNone();
      const group = lowerLong(scope, expression.group);
      emit.at(expression.span);
      return lastMatch.group(group);
    }
    case "groupCount":
      return long(requireLastMatch(emit).groupCount());
    case "memory":
      emit.at(expression.span);
      return long(readNumber(emit, expression, lowerLong(scope, expression.address)));
    case "writeMemory":
      return changeMemory(scope, expression);
    case "memoryText":
      emit.at(expression.span);
      return readText(emit, expression, lowerLong(scope, expression.address));
    case "attempt":
      return attempt(scope, expression);
    case "printHistogram":
      if (expression.toString) return lowerHistogramText(scope, expression.histogram);
      lowerPrintHistogram(scope, expression);
      return long(0n);
    case "bucket":
      return long(lowerBucket(scope, expression));
  }
}

function requireLastMatch({ lastMatch }: Emitter): LastMatch {
  if (!lastMatch) throw new Error("nothing was prepared for `matched`");
  return lastMatch;
}

/** Where it fails, the operator is what failed. */
function operate(
  emit: Emitter,
  { operator, operatorSpan }: { readonly operator: ArithmeticOperator; readonly operatorSpan: Span },
  left: Operand,
  right: Operand,
): Operand {
  if (operator !== "/" && operator !== "%") return arithmetic(emit, operator, left, right);
  const around = emit.currentSpan;
  emit.at(operatorSpan);
  const result = arithmetic(emit, operator, left, right);
  emit.at(around);
  return result;
}

/** For its effects only: spares the value where that is cheaper. */
export function lowerEffect(scope: Scope, expression: Expression): void {
  scope.emit.temporaries(() => {
    if (expression.kind === "increment")
      addTo(scope, locate(scope, expression.target), BigInt(expression.delta), false, expression.span);
    else if (
      expression.kind === "assign" &&
      expression.type === "long" &&
      (expression.operator === "+" || expression.operator === "-")
    ) {
      const place = locate(scope, expression.target);
      const value = lowerLong(scope, expression.value);
      addTo(scope, place, expression.operator === "+" ? value : negate(scope, value), false, expression.span);
    } else lower(scope, expression);
  });
}

function negate(scope: Scope, value: Operand): Operand {
  return typeof value === "bigint" ? BigInt.asIntN(64, -value) : scope.emit.alu("sub", 0n, value);
}

export function lowerKey(scope: Scope, global: string, key: readonly Expression[]): number {
  return buildKey(scope.emit, scope.emit.tables.layout(global), lowerInOrder(scope, key));
}

/** Operands from left to right: what a later one assigns to a local does not change what an earlier one has read. */
export function lowerInOrder(scope: Scope, expressions: readonly Expression[]): KernelValue[] {
  return expressions.map((expression, index) => {
    const value = lower(scope, expression);
    return value.kind === "bytes" && expressions.slice(index + 1).some(assignsText) ? copied(scope, value) : value;
  });
}

function lowerTexts(scope: Scope, left: Expression, right: Expression): [StringValue, StringValue] {
  const [first, second] = lowerInOrder(scope, [left, right]);
  if (!first || first.kind === "long" || !second || second.kind === "long")
    throw new Error("strings were expected here");
  return [first, second];
}

/** Whether a local string gets a new value in it; those of a called function are its own. */
function assignsText(expression: Expression): boolean {
  let found = false;
  walkExpression(
    expression,
    (part) => (found ||= part.kind === "assign" && part.target.kind === "local" && part.type === "string"),
  );
  return found;
}

function copied(scope: Scope, value: Extract<StringValue, { kind: "bytes" }>): StringValue {
  const offset = scope.emit.allocate(value.size);
  copyString(scope.emit, value, offset, value.size);
  return { ...value, offset };
}

/** A variable with its key already made: it is made once, before the value that goes there. */
type Place =
  | { readonly kind: "local"; readonly slot: Slot }
  /** A number of its own, always there. */
  | { readonly kind: "word"; readonly global: GlobalVariable }
  | { readonly kind: "entry"; readonly global: GlobalVariable; readonly type: ValueType; readonly key: number };

function locate(scope: Scope, target: Target): Place {
  if (target.kind === "local") return { kind: "local", slot: scope.slot(target.local) };
  const { global, type } = target;
  if (target.kind === "global" && type === "long") return { kind: "word", global };
  return {
    kind: "entry",
    global,
    type,
    key: lowerKey(scope, global.name, target.kind === "element" ? target.key : []),
  };
}

function read({ emit }: Scope, place: Place): KernelValue {
  switch (place.kind) {
    case "local":
      return loadField(emit, place.slot.shape, place.slot.offset);
    case "word":
      return long(emit.load(emit.mapValue(mapName(place.global)), 0));
    case "entry":
      return place.type === "long"
        ? long(readLong(emit, place.global, place.key))
        : readString(emit, place.global, place.key);
  }
}

/** `span`: where an array that is full is said to be. */
function write({ emit }: Scope, place: Place, value: KernelValue, span: Span): void {
  if (place.kind === "entry") emit.at(span);
  if (place.kind === "local") storeField(emit, value, place.slot.shape, place.slot.offset);
  else if (place.kind === "entry" && value.kind !== "long") writeString(emit, place.global, place.key, value);
  else if (value.kind !== "long") throw new Error("a string is no number");
  else if (place.kind === "word") emit.store(emit.mapValue(mapName(place.global)), 0, value.operand);
  else writeLong(emit, place.global, place.key, value.operand);
}

function unary(scope: Scope, expression: Extract<Expression, { kind: "unary" }>): Operand {
  const { emit } = scope;
  if (expression.operator === "!") return truth(scope, expression);
  const operand = lowerLong(scope, expression.operand);
  return expression.operator === "-" ? negate(scope, operand) : emit.alu("xor", operand, -1n);
}

function assign(scope: Scope, expression: Extract<Expression, { kind: "assign" }>): KernelValue {
  const { emit } = scope;
  const { operator } = expression;
  const place = locate(scope, expression.target);
  const value = lower(scope, expression.value);
  if (operator === null || operator === ".") {
    const assigned = operator === null ? value : concatenate(scope, read(scope, place), value);
    write(scope, place, assigned, expression.span);
    return place.kind === "local" && assigned.kind !== "long" ? read(scope, place) : assigned;
  }
  if (value.kind !== "long") throw new Error("a number was expected here");
  if (operator === "+" || operator === "-") {
    const delta = operator === "+" ? value.operand : negate(scope, value.operand);
    return long(emit.alu("add", addTo(scope, place, delta, true, expression.span), delta));
  }
  if (place.kind === "word" && (operator === "&" || operator === "|" || operator === "^")) {
    const atomic = ({ "&": "and", "|": "or", "^": "xor" } as const)[operator];
    return long(
      emit.alu(atomic, emit.fetch(atomic, emit.mapValue(mapName(place.global)), 0, value.operand), value.operand),
    );
  }
  const before = read(scope, place);
  if (before.kind !== "long") throw new Error("a number was expected here");
  const result = operate(emit, { operator, operatorSpan: expression.operatorSpan }, before.operand, value.operand);
  write(scope, place, long(result), expression.span);
  return long(result);
}

/** Adds in place, atomically where others may add as well; returns the value before where it is wanted. */
function addTo({ emit }: Scope, place: Place, delta: Operand, wantOld: boolean, span: Span): Operand {
  if (place.kind === "entry") emit.at(span);
  switch (place.kind) {
    case "local": {
      const before = emit.load("scratch", place.slot.offset);
      emit.store("scratch", place.slot.offset, emit.alu("add", before, delta));
      return before;
    }
    case "word":
      if (wantOld) return emit.fetch("add", emit.mapValue(mapName(place.global)), 0, delta);
      emit.atomicAdd(emit.mapValue(mapName(place.global)), 0, delta);
      return 0n;
    case "entry":
      return addLong(emit, place.global, place.key, delta, wantOld);
  }
}

function changeMemory(scope: Scope, expression: Extract<Expression, { kind: "writeMemory" }>): KernelValue {
  const { emit } = scope;
  const { operator, operatorSpan, span, gives } = expression;
  const address = emit.set(lowerLong(scope, expression.address));
  const value = lowerLong(scope, expression.value);
  emit.at(span);
  const before = operator === null ? 0n : readNumber(emit, expression, address);
  const after = operator === null ? value : operate(emit, { operator, operatorSpan }, before, value);
  writeNumber(emit, expression, address, after);
  return long(gives === "before" ? before : after);
}

function increment(
  scope: Scope,
  { target, delta, prefix, span }: Extract<Expression, { kind: "increment" }>,
): KernelValue {
  const before = addTo(scope, locate(scope, target), BigInt(delta), true, span);
  return long(prefix ? scope.emit.alu("add", before, BigInt(delta)) : before);
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

function concatenate(scope: Scope, left: KernelValue, right: KernelValue): StringValue {
  const { emit } = scope;
  if (left.kind === "long" || right.kind === "long") throw new Error("only strings are put one behind the other");
  if (left.kind === "literal" && right.kind === "literal") return { kind: "literal", text: left.text + right.text };
  const [first, second] = [stringSize(emit, left), stringSize(emit, right)];
  const builder = new StringBuilder(
    emit,
    Math.min(emit.maxStringLength, bufferSize(first + second - 2)),
    Math.max(first, second),
  );
  builder.append(left);
  builder.append(right);
  return builder.finish();
}

/** Errors in the first text lead to the other one. */
function attempt(scope: Scope, expression: Extract<Expression, { kind: "attempt" }>): KernelValue {
  const { emit } = scope;
  const slot = scope.newSlot(scope.shapes.expression(expression));
  const failed = emit.exit("unreadable");
  const end = emit.exit("attempted");
  const outer = { exit: emit.errorExit, text: emit.catchesText };
  emit.errorExit = failed;
  emit.catchesText = false;
  emit.temporaries(() => storeField(emit, lower(scope, expression.value), slot.shape, slot.offset));
  emit.errorExit = outer.exit;
  emit.catchesText = outer.text;
  emit.leave(end);
  emit.placeExit(failed);
  emit.temporaries(() => storeField(emit, lower(scope, expression.otherwise), slot.shape, slot.offset));
  emit.placeExit(end);
  return loadField(emit, slot.shape, slot.offset);
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

const SIGNED: Record<"<" | ">" | "<=" | ">=" | "==" | "!=", Condition> = {
  "<": "slt",
  ">": "sgt",
  "<=": "sle",
  ">=": "sge",
  "==": "eq",
  "!=": "ne",
};

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
      if (expression.left.type === "long")
        return jumpUnless(
          SIGNED[expression.operator],
          lowerLong(scope, expression.left),
          lowerLong(scope, expression.right),
        );
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
  const key = expression.key.filter((part) => part !== null);
  requireCertainKeys(scope.emit, expression.global);
  if (key.length < expression.key.length) return findInSlice(scope, expression.global, expression.key);
  return find(scope.emit, mapName(expression.global), lowerKey(scope, expression.global.name, key));
}

function compareText(scope: Scope, expression: Extract<Expression, { kind: "compare" }>, target: string): void {
  const { emit } = scope;
  const [left, right] = lowerTexts(scope, expression.left, expression.right);
  if (expression.operator === "==") return branchIfDifferent(emit, left, right, target);
  const holds = emit.label("holds");
  if (expression.operator === "!=") branchIfDifferent(emit, left, right, holds);
  else emit.branch(SIGNED[expression.operator], compareStrings(emit, left, right), 0n, holds);
  emit.jump(target);
  emit.place(holds);
}
