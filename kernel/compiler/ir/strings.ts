/** Strings in the kernel: copying, comparing, building. All live in scratch memory, zero behind their end. */
import { HELPER } from "../bpf/helper_functions.js";
import { INLINE_COPY, type Emitter } from "./emitter.js";
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

/** Puts strings and numbers one behind the other, cut at the longest string of the language. */
export class StringBuilder {
  private readonly offset: number;
  private readonly position: number;

  constructor(
    private readonly emit: Emitter,
    /** Bytes, terminator included; appended strings beyond it are cut. */
    private readonly size: number,
    /** The longest single thing that will be appended, terminator included; the rest of anything longer is lost. */
    private readonly longest: number,
  ) {
    this.position = emit.allocate(8);
    // An append starts below `size` and may run over it by its own length.
    this.offset = emit.allocate(size + longest);
    emit.zero(this.offset, size);
    emit.store("scratch", this.position, 0n);
  }

  /** Appends the text, or its first bytes where there is a limit. */
  append(value: StringValue, limit = this.size): void {
    if (limit === 0 || (value.kind === "literal" && value.text === "")) return;
    const bytes = asBytes(this.emit, value);
    this.appendBy(HELPER.probe_read_kernel_str, [
      BigInt(Math.min(bytes.size, this.longest, limit + 1)),
      { scratch: bytes.offset },
    ]);
  }

  /** `format` is one conversion that the kernel's `snprintf` knows, such as `%lld`. */
  appendNumber(format: string, value: Operand): void {
    const emit = this.emit;
    const text = emit.tables.text(format);
    const data = emit.allocate(8);
    emit.store("scratch", data, value);
    this.appendBy(HELPER.snprintf, [BigInt(this.longest), emit.mapValue(text.map, text.offset), { scratch: data }, 8n]);
  }

  /** As many as `length` lacks to the width. */
  appendSpaces(width: number, length: Operand): void {
    if (width === 0) return;
    const emit = this.emit;
    const spaces = emit.tables.text(" ".repeat(width));
    const enough = emit.label("wide");
    const missing = emit.alu("sub", BigInt(width), length);
    emit.branch("sle", missing, 0n, enough);
    emit.branch("sgt", missing, BigInt(width), enough);
    // The end of the constant, so that its terminator is that of the spaces.
    const from = emit.alu("add", emit.mapValue(spaces.map, spaces.offset), emit.alu("sub", BigInt(width), missing));
    this.appendBy(HELPER.probe_read_kernel_str, [BigInt(Math.min(width + 1, this.longest)), from]);
    emit.place(enough);
  }

  /** A number's lowest byte as a text. */
  character(value: Operand): Bytes {
    const offset = this.emit.allocate(8);
    this.emit.store("scratch", offset, this.emit.alu("and", value, 0xffn));
    return { kind: "bytes", offset, size: 8 };
  }

  /** Nothing is appended from here on. */
  close(): void {
    this.emit.store("scratch", this.position, BigInt(this.size));
  }

  /** Reads a string from user memory straight into place; returns the helper's result for a failure to be handled. */
  appendUser(address: Operand, size: number): Register {
    return this.appendBy(HELPER.probe_read_user_str, [BigInt(Math.min(size, this.longest)), address]);
  }

  finish(): Bytes {
    const emit = this.emit;
    // What ran over the end is cut: the last byte of the buffer is a terminator.
    emit.store("scratch", this.offset + this.size - 1, 0n, 1);
    return { kind: "bytes", offset: this.offset, size: this.size };
  }

  private appendBy(helper: number, rest: readonly Parameters<Emitter["call"]>[1][number][]): Register {
    const emit = this.emit;
    const written = emit.set(0n);
    const full = emit.label("full");
    const position = emit.load("scratch", this.position);
    emit.branch("ugt", position, BigInt(this.size - 1), full);
    const to = emit.alu("add", emit.scratchAddress(this.offset), position);
    // The first argument is the place to write to; helpers return what they wrote, terminator included.
    const result = emit.call(helper, [to, ...rest]);
    emit.assign(written, result);
    emit.when("sgt", result, 0n, () => {
      const end = emit.alu("add", emit.load("scratch", this.position), emit.alu("sub", result, 1n));
      emit.store("scratch", this.position, end);
    });
    emit.place(full);
    return written;
  }
}
