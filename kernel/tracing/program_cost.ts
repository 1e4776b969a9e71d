/** What a program takes, guessed from its instructions: good to a factor of two, which is what a preview needs. */
import { HELPER } from "../compiler/bpf/helper_functions.js";

/** Nanoseconds of one instruction once it is machine code. */
const INSTRUCTION = 0.3;

/** Of those that take notably longer than a call alone. */
const HELPERS: ReadonlyMap<number, number> = new Map([
  [HELPER.map_lookup_elem, 10],
  [HELPER.map_update_elem, 45],
  [HELPER.map_delete_elem, 40],
  [HELPER.ktime_get_ns, 20],
  [HELPER.ktime_get_boot_ns, 20],
  [HELPER.ktime_get_tai_ns, 20],
  [HELPER.perf_event_read_value, 100],
  [HELPER.get_stack, 700],
  [HELPER.probe_read_user, 15],
  [HELPER.probe_read_kernel, 10],
  [HELPER.probe_read_user_str, 25],
  [HELPER.probe_read_kernel_str, 20],
  [HELPER.ringbuf_output, 60],
  [HELPER.snprintf, 150],
  [HELPER.send_signal_thread, 500],
  [HELPER.loop, 20],
  [HELPER.for_each_map_elem, 200],
]);

const CALL = 2;

/** Of the straight way through; half of what is there is for cases that seldom come, such as errors. */
const SHARE_TAKEN = 0.5;

const OPCODE_CALL = 0x85;
const OPCODE_WIDE_CONSTANT = 0x18;
const SLOT = 8;

export function estimatedNanoseconds(instructions: Uint8Array): number {
  const words = new DataView(instructions.buffer, instructions.byteOffset, instructions.byteLength);
  let sum = 0;
  for (let offset = 0; offset + SLOT <= instructions.length; offset += SLOT) {
    const opcode = words.getUint8(offset);
    // The upper half of the register byte tells helpers from functions of the program itself.
    const isHelper = opcode === OPCODE_CALL && words.getUint8(offset + 1) >> 4 === 0;
    if (opcode === OPCODE_WIDE_CONSTANT) offset += SLOT;
    sum += INSTRUCTION + (isHelper ? CALL + (HELPERS.get(words.getInt32(offset + 4, true)) ?? 0) : 0);
  }
  return sum * SHARE_TAKEN;
}
