/** String functions inside probes, where a text is a piece of scratch memory and every loop has a bound. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { KernelCannot } from "../compiler/ir/kernel_cannot.js";
import { asBytes } from "../compiler/ir/strings.js";
import type { Operand, Register, StringValue } from "../compiler/ir/values.js";

/** Where the text first occurs, -1 where it does not. */
export function emitPosition(emit: Emitter, name: string, value: StringValue, wanted: StringValue): Operand {
  if (wanted.kind !== "literal") {
    throw new KernelCannot(
      `${name}() inside a probe can look only for a text that is written in the script`,
      "compare in a timer or end probe, or write the text in quotes",
    );
  }
  const { text } = wanted;
  if (value.kind === "literal") return BigInt(value.text.indexOf(text));
  if (text === "") return 0n;
  const bytes = asBytes(emit, value);
  if (text.length >= bytes.size) return -1n;
  const position = emit.allocate(8);
  emit.store("scratch", position, -1n);
  const found = emit.exit("found");
  const places = bytes.size - text.length;
  emit.loop(BigInt(places), (index) => {
    const other = emit.label("other");
    // Never so, but the verifier has to see it.
    emit.branch("uge", index, BigInt(places), other);
    const at = emit.alu("add", emit.scratchAddress(bytes.offset), index);
    for (let byte = 0; byte < text.length; byte++) {
      emit.branch("ne", emit.load(at, byte, 1), BigInt(text.charCodeAt(byte)), other);
    }
    emit.store("scratch", position, index);
    emit.leave(found);
    emit.place(other);
  });
  emit.placeExit(found);
  return emit.load("scratch", position);
}

/** The byte at a place, 0 outside of the text. */
export function emitByteAt(emit: Emitter, value: StringValue, place: Operand): Register {
  const bytes = asBytes(emit, value);
  const result = emit.set(0n);
  const outside = emit.label("outside");
  const index = emit.set(place);
  emit.branch("uge", index, BigInt(bytes.size), outside);
  emit.assign(result, emit.load(emit.alu("add", emit.scratchAddress(bytes.offset), index), 0, 1));
  emit.place(outside);
  return result;
}

export function emitPart(emit: Emitter, value: StringValue, start: Operand, length: Operand): StringValue {
  const bytes = asBytes(emit, value);
  const offset = emit.allocate(bytes.size);
  emit.zero(offset, bytes.size);
  const nothing = emit.label("nothing");
  const from = emit.set(start);
  const count = emit.set(length);
  // Below zero is far above as an unsigned number. What lies behind the text's end is zero, which reads as nothing.
  emit.branch("uge", from, BigInt(bytes.size), nothing);
  emit.branch("sle", count, 0n, nothing);
  emit.when("ugt", count, BigInt(bytes.size - 1), () => emit.assign(count, BigInt(bytes.size - 1)));
  const source = emit.alu("add", emit.scratchAddress(bytes.offset), from);
  emit.call(HELPER.probe_read_kernel_str, [{ scratch: offset }, emit.alu("add", count, 1n), source]);
  emit.place(nothing);
  return { kind: "bytes", offset, size: bytes.size };
}

/** Bases that the kernel's helper knows. */
const BASES: readonly bigint[] = [0n, 8n, 10n, 16n];

export function emitNumberOf(emit: Emitter, value: StringValue, base: Operand): Operand {
  if (typeof base === "bigint" && !BASES.includes(base)) {
    throw new KernelCannot(`strtol() inside a probe knows the bases ${BASES.join(", ")}, not ${base}`);
  }
  const bytes = asBytes(emit, value);
  const result = emit.allocate(8);
  emit.store("scratch", result, 0n);
  const read = emit.call(HELPER.strtol, [{ scratch: bytes.offset }, BigInt(bytes.size), base, { scratch: result }]);
  emit.when("slt", read, 0n, () => emit.store("scratch", result, 0n));
  return emit.load("scratch", result);
}
