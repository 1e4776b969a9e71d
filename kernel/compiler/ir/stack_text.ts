/** A stack's text inside a probe: its addresses in hexadecimal. Names are found outside of the kernel only. */
import { HELPER } from "../bpf/helper_functions.js";
import { STACK_ADDRESSES, STACK_FRAMES, STACKS_MAP } from "../compiled.js";
import type { Emitter } from "./emitter.js";
import { KernelCannot } from "./kernel_cannot.js";
import { copyString } from "./strings.js";
import { StringBuilder } from "./string_builder.js";
import { bufferSize, type StringValue } from "./values.js";

/** `0x` and sixteen digits. */
const ADDRESS_SIZE = bufferSize(18);

export function copyStack(
  emit: Emitter,
  { form, operand }: Extract<StringValue, { kind: "stack" }>,
  offset: number,
  size: number,
): void {
  if (form.style !== "addresses")
    throw new KernelCannot(
      "symbols are looked up outside of the kernel, so a probe can print them and keep them as a key, but not take their text apart",
      "do that in an `end` or `timer` probe, or work on the addresses that backtrace() gives",
    );
  emit.temporaries(() => {
    const frames = emit.allocate(STACK_FRAMES * 8);
    const number = emit.allocate(8);
    emit.zero(frames, STACK_FRAMES * 8);
    emit.store("scratch", number, operand);
    const stack = emit.call(HELPER.map_lookup_elem, [emit.map(STACKS_MAP), { scratch: number }]);
    emit.when("ne", stack, 0n, () => {
      emit.call(HELPER.probe_read_kernel, [
        { scratch: frames },
        BigInt(STACK_FRAMES * 8),
        emit.alu("add", stack, BigInt(STACK_ADDRESSES)),
      ]);
    });
    const builder = new StringBuilder(emit, emit.maxStringLength, ADDRESS_SIZE);
    const written = emit.exit("stack_written");
    emit.loop(BigInt(STACK_FRAMES), (index) => {
      const ended = emit.label("ended");
      emit.branch("uge", index, BigInt(STACK_FRAMES), ended);
      const address = emit.load(emit.alu("add", emit.scratchAddress(frames), emit.alu("lsh", index, 3n)), 0);
      emit.branch("eq", address, 0n, ended);
      const separated = emit.label("separated");
      emit.branch("eq", index, 0n, separated);
      builder.append({ kind: "literal", text: " " });
      emit.place(separated);
      builder.appendNumber("0x%llx", address);
      const next = emit.label("next");
      emit.jump(next);
      emit.place(ended);
      emit.leave(written);
      emit.place(next);
    });
    emit.placeExit(written);
    copyString(emit, builder.finish(), offset, size);
  });
}
