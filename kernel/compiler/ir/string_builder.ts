/** Strings in the kernel that are put together piece by piece. */
import { HELPER } from "../bpf/helper_functions.js";
import type { Emitter } from "./emitter.js";
import { asBytes } from "./strings.js";
import type { Operand, Register, StringValue } from "./values.js";

type Bytes = Extract<StringValue, { kind: "bytes" }>;

/** Puts strings and numbers one behind the other, cut at the longest string of the language. */
export class StringBuilder {
  private readonly offset: number;
  private readonly position: number;

  constructor(
    private readonly emit: Emitter,
    /** Bytes, terminator included; appended strings beyond it are cut. */
    readonly size: number,
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

  /** A number's lowest byte, which is not zero. */
  appendByte(byte: Operand): void {
    const emit = this.emit;
    const full = emit.label("full");
    const position = emit.load("scratch", this.position);
    emit.branch("ugt", position, BigInt(this.size - 1), full);
    emit.store(emit.alu("add", emit.scratchAddress(this.offset), position), 0, byte, 1);
    emit.store("scratch", this.position, emit.alu("add", position, 1n));
    emit.place(full);
  }

  /** The first so many bytes of a string. */
  appendPart({ offset, size }: Bytes, length: Operand): void {
    const emit = this.emit;
    const bounded = emit.set(length);
    const last = BigInt(Math.min(size, this.longest) - 1);
    emit.when("ugt", bounded, last, () => emit.assign(bounded, last));
    this.appendBy(HELPER.probe_read_kernel_str, [emit.alu("add", bounded, 1n), { scratch: offset }]);
  }

  /** One character so many times, none for a number below one; never more than `most`. */
  appendFill(character: string, count: Operand, most: number): void {
    if (most === 0) return;
    const emit = this.emit;
    const text = emit.tables.text(character.repeat(most));
    const enough = emit.label("filled");
    const missing = emit.set(count);
    emit.branch("sle", missing, 0n, enough);
    emit.when("sgt", missing, BigInt(most), () => emit.assign(missing, BigInt(most)));
    // The end of the constant, so that its terminator is that of the text.
    const from = emit.alu("add", emit.mapValue(text.map, text.offset), emit.alu("sub", BigInt(most), missing));
    this.appendBy(HELPER.probe_read_kernel_str, [BigInt(Math.min(most + 1, this.longest)), from]);
    emit.place(enough);
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
