/** Instructions of eBPF, written by hand after the kernel's instruction-set document; what the tests run. */

export const R = { zero: 0, one: 1, two: 2, three: 3, four: 4, six: 6, seven: 7, frame: 10 } as const;

/** Numbers of helper functions, as <linux/bpf.h> has them. */
export const Helper = {
  mapLookup: 1,
  currentPidTgid: 14,
  perfEventReadValue: 55,
  ringbufOutput: 130,
  attachCookie: 174,
} as const;

function instruction(code: number, destination: number, source: number, offset: number, immediate: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, code);
  view.setUint8(1, (source << 4) | destination);
  view.setInt16(2, offset, true);
  view.setInt32(4, immediate, true);
  return bytes;
}

export const move = (to: number, from: number): Uint8Array => instruction(0xbf, to, from, 0, 0);
export const set = (to: number, value: number): Uint8Array => instruction(0xb7, to, 0, 0, value);
export const shiftRight = (to: number, bits: number): Uint8Array => instruction(0x77, to, 0, 0, bits);
/** `to = *(u64 *)(from + offset)` */
export const load = (to: number, from: number, offset: number): Uint8Array => instruction(0x79, to, from, offset, 0);
/** `*(u64 *)(to + offset) = from` */
export const store = (to: number, offset: number, from: number): Uint8Array => instruction(0x7b, to, from, offset, 0);
/** `*(u64 *)(to + offset) += from`, atomic */
export const atomicAdd = (to: number, offset: number, from: number): Uint8Array =>
  instruction(0xdb, to, from, offset, 0x00);
/** The same, `from` becoming the value before. */
export const fetchAdd = (to: number, offset: number, from: number): Uint8Array =>
  instruction(0xdb, to, from, offset, 0x01);
/** Two slots; the engine fills in the map. */
export const loadMap = (to: number, offset = 0): Uint8Array =>
  assemble(instruction(0x18, to, 0, 0, 0), instruction(0, 0, 0, 0, offset));
export const skipUnless = (register: number, value: number, skipped: number): Uint8Array =>
  instruction(0x55, register, 0, skipped, value);
export const skipIf = (register: number, value: number, skipped: number): Uint8Array =>
  instruction(0x15, register, 0, skipped, value);
export const call = (helper: number): Uint8Array => instruction(0x85, 0, 0, 0, helper);
export const exit = (): Uint8Array => instruction(0x95, 0, 0, 0, 0);

export function assemble(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
