/**
 * The BTF blob and function records that the verifier asks for before it accepts callbacks (`bpf_loop`,
 * `bpf_for_each_map_elem`). It describes nothing but the functions: name and number of parameters.
 * Format: Documentation/bpf/btf.rst.
 */
import type { IrFunction } from "../ir/instructions.js";

const MAGIC = 0xeb9f;
const HEADER_SIZE = 24;
const KIND = { integer: 1, pointer: 2, function: 12, prototype: 13 } as const;
const VOID = 0;
const INTEGER = 1;
const POINTER = 2;
const SIGNED = 1 << 24;

/** Parameters by kind of function; the type ids above. */
const PARAMETERS: Record<IrFunction["kind"], readonly number[]> = {
  main: [POINTER],
  loop: [INTEGER, POINTER],
  each: [POINTER, POINTER, POINTER, POINTER],
};

export function functionTypes(
  functions: readonly { readonly name: string; readonly kind: IrFunction["kind"]; readonly start: number }[],
): { btf: Uint8Array; functionInfo: Uint8Array } {
  const strings = new StringTable();
  const types: number[] = [];
  const add = (name: string, kind: number, count: number, sizeOrType: number, ...more: number[]): void => {
    types.push(strings.add(name), (kind << 24) | count, sizeOrType, ...more);
  };
  add("long", KIND.integer, 0, 8, SIGNED | 64);
  add("", KIND.pointer, 0, VOID);
  let next = 3;
  const records: number[] = [];
  for (const { name, kind, start } of functions) {
    const parameters = PARAMETERS[kind];
    add(
      "",
      KIND.prototype,
      parameters.length,
      INTEGER,
      ...parameters.flatMap((type, index) => [strings.add(`p${index}`), type]),
    );
    // A global main function, static callbacks: only static ones may be passed to helpers.
    add(name, KIND.function, kind === "main" ? 1 : 0, next);
    records.push(start, next + 1);
    next += 2;
  }
  const names = strings.bytes();
  const blob = new Uint8Array(HEADER_SIZE + types.length * 4 + names.length);
  const view = new DataView(blob.buffer);
  view.setUint16(0, MAGIC, true);
  view.setUint8(2, 1);
  view.setUint32(4, HEADER_SIZE, true);
  view.setUint32(12, types.length * 4, true);
  view.setUint32(16, types.length * 4, true);
  view.setUint32(20, names.length, true);
  types.forEach((word, index) => view.setUint32(HEADER_SIZE + index * 4, word, true));
  blob.set(names, HEADER_SIZE + types.length * 4);
  return { btf: blob, functionInfo: new Uint8Array(new Uint32Array(records).buffer) };
}

class StringTable {
  private text = "\0";

  add(name: string): number {
    if (name === "") return 0;
    const known = this.text.indexOf(`\0${name}\0`);
    if (known >= 0) return known + 1;
    const offset = this.text.length;
    this.text += `${name}\0`;
    return offset;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.text, (character) => character.charCodeAt(0));
  }
}
