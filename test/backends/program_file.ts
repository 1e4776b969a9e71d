/** Compiled programs in a file: made on one machine, loaded into the kernel of another. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { deflateSync, inflateSync } from "node:zlib";
import type { CompiledScript, GlobalLayout } from "../../kernel/compiler/compiled.js";

/** What the kernel is given of a script, and how to have that script again. */
export interface StoredProgram extends Pick<CompiledScript, "maps" | "programs"> {
  readonly name: string;
  readonly globals: readonly { readonly name: string; readonly wrap: boolean; readonly layout: GlobalLayout }[];
}

const LENGTH = 4;

export function emptyProgramFile(path: string): void {
  writeFileSync(path, "");
}

export function addToProgramFile(path: string, name: string, script: CompiledScript): void {
  const stored: StoredProgram = {
    name,
    maps: script.maps,
    // Places in the source are large, and the kernel is not given them.
    programs: script.programs.map((program) => ({ ...program, lines: [] })),
    globals: script.globals.flatMap(({ variable, layout }) =>
      layout ? [{ name: variable.name, wrap: variable.wrap, layout }] : [],
    ),
  };
  const bytes = deflateSync(serialize(stored));
  const length = Buffer.alloc(LENGTH);
  length.writeUInt32LE(bytes.length);
  appendFileSync(path, Buffer.concat([length, bytes]));
}

/** Each is unpacked only when it is asked for. */
export function openProgramFile(path: string): readonly (() => StoredProgram)[] {
  const file = readFileSync(path);
  const programs: (() => StoredProgram)[] = [];
  for (let offset = 0; offset < file.length;) {
    const end = offset + LENGTH + file.readUInt32LE(offset);
    const bytes = file.subarray(offset + LENGTH, end);
    programs.push(() => deserialize(inflateSync(bytes)) as StoredProgram);
    offset = end;
  }
  return programs;
}
