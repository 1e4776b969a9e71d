/** Reads of memory, the kernel's or the process's, through the types that the checker knows, and writes. */
import { HELPER } from "../bpf/helper_functions.js";
import type { MemorySpace } from "../check/program.js";
import type { Emitter } from "./emitter.js";
import { raise } from "./errors.js";
import { bufferSize, type Operand, type Register, type StringValue } from "./values.js";

/** What a failed read says, as SystemTap does; the address stands where `%x` is. */
function fault(space: MemorySpace): string {
  return `${space} read fault at %x`;
}

/** A number of 1 to 8 bytes, widened to 64 bits. */
export function readNumber(
  emit: Emitter,
  { space, bytes, signed }: { readonly space: MemorySpace; readonly bytes: number; readonly signed: boolean },
  address: Operand,
): Register {
  const helper = space === "user" ? HELPER.probe_read_user : HELPER.probe_read_kernel;
  return emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, 0n);
    const at = emit.set(address);
    const failed = emit.call(helper, [{ scratch: memory }, BigInt(bytes), at]);
    emit.when("ne", failed, 0n, () => raise(emit, fault(space), at));
    const value = emit.load("scratch", memory);
    if (!signed || bytes === 8) return value;
    const shift = BigInt(64 - bytes * 8);
    return emit.alu("arsh", emit.alu("lsh", value, shift), shift);
  });
}

/** Puts so many of a number's low bytes into the memory of the process. */
export function writeNumber(
  emit: Emitter,
  { space, bytes }: { readonly space: "user"; readonly bytes: number },
  address: Operand,
  value: Operand,
): void {
  emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, value);
    const failed = emit.call(HELPER.probe_write_user, [address, { scratch: memory }, BigInt(bytes)]);
    emit.when("ne", failed, 0n, () => raise(emit, `${space} write fault at %x`, address));
  });
}

/** The text at an address, at most so many bytes of it, or as many as the language's longest string has. */
export function readText(
  emit: Emitter,
  { space, length }: { readonly space: MemorySpace; readonly length: number | null },
  address: Operand,
): StringValue {
  const helper = space === "user" ? HELPER.probe_read_user_str : HELPER.probe_read_kernel_str;
  const size = length === null ? emit.maxStringLength : Math.min(emit.maxStringLength, bufferSize(length));
  const at = emit.set(address);
  const offset = emit.allocate(size);
  emit.zero(offset, size);
  // A terminator is put behind the last byte of what has none.
  const most = BigInt(length === null ? size : Math.min(size, length + 1));
  const read = emit.call(helper, [{ scratch: offset }, most, at]);
  emit.when("slt", read, 0n, () => raise(emit, fault(space), at));
  return { kind: "bytes", offset, size };
}
