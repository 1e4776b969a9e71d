/** Reads from a program's BTF which function starts at which instruction. Format: Documentation/bpf/btf.rst. */
import type { ProgramSpec } from "../compiled.js";

const KIND = { integer: 1, functionPrototype: 13 } as const;

/** Names by the number of their first instruction. */
export function functionStarts({ btf, functionInfo }: ProgramSpec): ReadonlyMap<number, string> {
  const names = typeNames(btf);
  const view = new DataView(functionInfo.buffer, functionInfo.byteOffset, functionInfo.byteLength);
  const starts = new Map<number, string>();
  for (let at = 0; at < functionInfo.length; at += 8) {
    starts.set(view.getUint32(at, true), names[view.getUint32(at + 4, true)] ?? "");
  }
  return starts;
}

/** By the id of the type; ids start at 1. */
function typeNames(btf: Uint8Array): string[] {
  const view = new DataView(btf.buffer, btf.byteOffset, btf.byteLength);
  const word = (at: number): number => view.getUint32(at, true);
  const types = word(4) + word(8);
  const strings = word(4) + word(16);
  const names = [""];
  for (let at = types; at < types + word(12);) {
    const start = strings + word(at);
    names.push(String.fromCharCode(...btf.subarray(start, btf.indexOf(0, start))));
    const kind = (word(at + 4) >> 24) & 0x1f;
    const members = word(at + 4) & 0xffff;
    // The kinds that `bpf/btf.ts` writes; all others of ours have nothing behind their head.
    at += 12 + (kind === KIND.integer ? 4 : kind === KIND.functionPrototype ? members * 8 : 0);
  }
  return names;
}
