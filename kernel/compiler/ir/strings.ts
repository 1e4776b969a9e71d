/** Strings in the kernel: copying, comparing, building. All live in scratch memory, zero behind their end. */
import { HELPER } from "../bpf/helper_functions.js";
import { isExact, isSameForm } from "../text/symbols.js";
import { INLINE_COPY, type Emitter } from "./emitter.js";
import { copyStack } from "./stack_text.js";
import { copySymbol, symbolSize } from "./symbol_text.js";
import { bufferSize, type Operand, type Register, type StringValue } from "./values.js";

type Bytes = Extract<StringValue, { kind: "bytes" }>;

/** The bytes that a value needs at most. */
export function stringSize(emit: Emitter, value: StringValue): number {
  switch (value.kind) {
    case "bytes":
      return value.size;
    case "literal":
      return bufferSize(value.text.length);
    case "names":
      return emit.tables.names(value.set).size;
    case "stack":
      return emit.maxStringLength;
    case "symbol":
      return Math.min(emit.maxStringLength, symbolSize(value.form));
  }
}

/** A literal's eight bytes at an offset, as one number. */
function literalWord(text: string, offset: number): bigint {
  let word = 0n;
  for (let index = 7; index >= 0; index--)
    word = (word << 8n) | BigInt(offset + index < text.length ? text.charCodeAt(offset + index) : 0);
  return BigInt.asIntN(64, word);
}

/** Puts a string into a buffer, cut to fit, zero behind. */
export function copyString(emit: Emitter, value: StringValue, offset: number, size: number): void {
  switch (value.kind) {
    case "literal": {
      const text = value.text.slice(0, size - 1);
      const used = bufferSize(text.length);
      for (let at = 0; at < used; at += 8) emit.store("scratch", offset + at, literalWord(text, at));
      return emit.zero(offset + used, size - used);
    }
    case "names": {
      const table = emit.tables.names(value.set);
      emit.zero(offset, size);
      emit.temporaries(() => {
        const key = emit.allocate(8);
        emit.store("scratch", key, value.operand);
        const entry = emit.call(HELPER.map_lookup_elem, [emit.map(table.map), { scratch: key }]);
        emit.when("ne", entry, 0n, () => copyWords(emit, entry, 0, offset, Math.min(size, table.size)));
      });
      if (table.size > size) emit.store("scratch", offset + size - 1, 0n, 1);
      return;
    }
    case "stack":
      return copyStack(emit, value, offset, size);
    case "symbol":
      return copySymbol(emit, value, offset, size);
    case "bytes": {
      if (value.offset === offset) return;
      const shared = Math.min(size, value.size);
      if (shared > INLINE_COPY)
        emit.call(HELPER.probe_read_kernel, [{ scratch: offset }, BigInt(shared), emit.scratchAddress(value.offset)]);
      else copyWords(emit, "scratch", value.offset, offset, shared);
      emit.zero(offset + shared, size - shared);
      if (value.size > size) emit.store("scratch", offset + size - 1, 0n, 1);
    }
  }
}

/** Copies words to scratch memory from it or from a pointer. */
export function copyWords(
  emit: Emitter,
  from: Register | "scratch",
  fromOffset: number,
  toOffset: number,
  size: number,
): void {
  for (let at = 0; at < size; at += 8) emit.store("scratch", toOffset + at, emit.load(from, fromOffset + at));
}

/** The string as bytes in scratch memory. */
export function asBytes(emit: Emitter, value: StringValue): Bytes {
  if (value.kind === "bytes") return value;
  const size = stringSize(emit, value);
  const offset = emit.allocate(size);
  copyString(emit, value, offset, size);
  return { kind: "bytes", offset, size };
}

/** Jumps to `different` unless both are the same text. */
export function branchIfDifferent(emit: Emitter, left: StringValue, right: StringValue, different: string): void {
  if (left.kind === "literal" && right.kind === "literal") {
    if (left.text !== right.text) emit.jump(different);
    return;
  }
  if (left.kind === "literal") return branchIfDifferent(emit, right, left, different);
  if (left.kind === "stack") {
    if (right.kind === "stack" && isSameForm(left.form, right.form) && isExact(left.form))
      return emit.branch("ne", left.operand, right.operand, different);
    if (right.kind === "literal" && right.text === "") return emit.branch("ne", left.operand, 0n, different);
  }
  if (left.kind === "names") {
    if (right.kind === "names" && right.set.id === left.set.id)
      return emit.branch("ne", left.operand, right.operand, different);
    if (right.kind === "literal") {
      const number = [...left.set.names].find(([, name]) => name === right.text)?.[0];
      if (number === undefined) emit.jump(different);
      else emit.branch("ne", left.operand, BigInt(number), different);
      return;
    }
  }
  const first = asBytes(emit, left);
  if (right.kind === "literal") {
    if (right.text.length >= first.size) return emit.jump(different);
    // The terminator is compared too; what is behind it is zero in both.
    for (let at = 0; at < bufferSize(right.text.length); at += 8) {
      emit.branch("ne", emit.load("scratch", first.offset + at), emit.set(literalWord(right.text, at)), different);
    }
    return;
  }
  const second = asBytes(emit, right);
  const shared = Math.min(first.size, second.size);
  for (let at = 0; at < shared; at += 8) {
    emit.branch("ne", emit.load("scratch", first.offset + at), emit.load("scratch", second.offset + at), different);
  }
  // A longer buffer can only be equal if its string ends where the shorter buffer ends.
  const longer = first.size > second.size ? first : second;
  if (longer.size > shared) emit.branch("ne", emit.load("scratch", longer.offset + shared), 0n, different);
}

/** -1, 0 or 1 as strcmp tells, in a register. */
export function compareStrings(emit: Emitter, left: StringValue, right: StringValue): Register {
  const first = asBytes(emit, left);
  const second = asBytes(emit, right);
  const result = emit.set(0n);
  const end = emit.label("compared");
  const less = emit.label("less");
  const greater = emit.label("greater");
  const longest = Math.max(first.size, second.size);
  const word = (string: Bytes, at: number): Operand =>
    at < string.size ? emit.swap(emit.load("scratch", string.offset + at)) : 0n;
  for (let at = 0; at < longest; at += 8) {
    const a = word(first, at);
    const b = word(second, at);
    emit.branch("ult", a, b, less);
    emit.branch("ugt", a, b, greater);
  }
  emit.jump(end);
  emit.place(less);
  emit.assign(result, -1n);
  emit.jump(end);
  emit.place(greater);
  emit.assign(result, 1n);
  emit.place(end);
  return result;
}

/** Bytes before the terminator, or up to the limit. */
export function stringLength(emit: Emitter, value: StringValue, limit = emit.maxStringLength): Operand {
  if (value.kind === "literal") return BigInt(Math.min(limit, value.text.length));
  const bytes = asBytes(emit, value);
  const size = Math.min(bytes.size, limit + 1);
  const copy = emit.allocate(size);
  const read = emit.call(HELPER.probe_read_kernel_str, [
    { scratch: copy },
    BigInt(size),
    emit.scratchAddress(bytes.offset),
  ]);
  return emit.alu("sub", read, 1n);
}

/** Reads a zero-terminated string from memory; `failed` runs where the memory cannot be read. */
export function readString(
  emit: Emitter,
  space: "user" | "kernel",
  address: Operand,
  size: number,
  failed: (code: Register, offset: number) => void,
): Bytes {
  const offset = emit.allocate(size);
  emit.zero(offset, size);
  const helper = space === "user" ? HELPER.probe_read_user_str : HELPER.probe_read_kernel_str;
  const read = emit.call(helper, [{ scratch: offset }, BigInt(size), address]);
  emit.when("slt", read, 0n, () => failed(read, offset));
  return { kind: "bytes", offset, size };
}
