/** `%m` and `%M` in the kernel: memory at an address, read where it is printed. */
import { HELPER } from "../bpf/helper_functions.js";
import type { FormatConversion } from "../text/pieces.js";
import type { Emitter } from "./emitter.js";
import { raise, raiseText } from "./errors.js";
import type { FieldLayout } from "./field_layout.js";
import { KernelCannot } from "./kernel_cannot.js";
import { StringBuilder } from "./string_builder.js";
import { bufferSize, type Operand } from "./values.js";

/** Bytes that were read, zero behind their end; `count` holds how many. */
export interface ReadMemory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

/** The most bytes that a directive reads. */
export const MOST_MEMORY = 512;

/** Raises the error of an address that cannot be read. */
export function readMemory(emit: Emitter, piece: FormatConversion, layout: FieldLayout, address: Operand): ReadMemory {
  const tooMuch = `%${piece.conversion} reads at most ${MOST_MEMORY} bytes inside a probe`;
  const most = piece.precision === "*" ? MOST_MEMORY : Math.max(1, piece.precision ?? 1);
  if (most > MOST_MEMORY) throw new KernelCannot(tooMuch, "read it in several pieces");
  const size = bufferSize(most);
  const offset = emit.allocate(size);
  const count = emit.allocate(8);
  emit.zero(offset, size);
  emit.store("scratch", count, 1n);
  if (layout.isPrecise) {
    const wanted = emit.set(layout.precision());
    emit.when("sgt", wanted, BigInt(most), () => raise(emit, tooMuch));
    emit.when("sgt", wanted, 1n, () => emit.store("scratch", count, wanted));
  }
  const length = emit.load("scratch", count);
  emit.when("ugt", length, BigInt(most), () => emit.assign(length, BigInt(most)));
  const isUser = piece.flag === "#";
  const helper = isUser ? HELPER.probe_read_user : HELPER.probe_read_kernel;
  const failed = emit.call(helper, [{ scratch: offset }, length, address]);
  emit.when("ne", failed, 0n, () => raiseFault(emit, isUser ? "user" : "kernel", address));
  return { offset, size, count };
}

function raiseFault(emit: Emitter, space: "user" | "kernel", address: Operand): void {
  emit.temporaries(() => {
    const builder = new StringBuilder(emit, Math.min(emit.maxStringLength, 64), 32);
    builder.append({ kind: "literal", text: `${space} read fault at 0x` });
    builder.appendNumber("%llx", address);
    raiseText(emit, builder.finish());
  });
}

/** The hexadecimal digits of so many bytes as a string, as many as fit into one. */
export function emitHexadecimal(emit: Emitter, memory: ReadMemory): { readonly offset: number; readonly size: number } {
  const most = Math.min(memory.size - 1, Math.floor((emit.maxStringLength - 1) / 2));
  const size = bufferSize(2 * most);
  const offset = emit.allocate(size);
  emit.zero(offset, size);
  const contents = new Uint8Array(256 * 2);
  for (let byte = 0; byte < 256; byte++) {
    const digits = byte.toString(16).padStart(2, "0");
    contents.set([digits.charCodeAt(0), digits.charCodeAt(1)], byte * 2);
  }
  const table = emit.tables.constant("hexadecimal", contents);
  const done = emit.exit("written");
  emit.loop(BigInt(most), (index) => {
    emit.when("uge", index, emit.load("scratch", memory.count), () => emit.leave(done));
    emit.when("uge", index, BigInt(most), () => emit.leave(done));
    const byte = emit.load(emit.alu("add", emit.scratchAddress(memory.offset), index), 0, 1);
    const digits = emit.load(emit.alu("add", emit.mapValue(table), emit.alu("lsh", byte, 1n)), 0, 2);
    emit.store(emit.alu("add", emit.scratchAddress(offset), emit.alu("lsh", index, 1n)), 0, digits, 2);
  });
  emit.placeExit(done);
  return { offset, size };
}
