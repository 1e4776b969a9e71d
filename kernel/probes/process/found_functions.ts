/** Which functions of a program a name or a pattern means: by its symbols, and by its debug information where it has some. */
import type { DescribedFunction } from "../../compiler/debug_information.js";
import type { ProgramFile } from "../../compiler/program_file.js";
import { expandBraces, isWildcard, wildcard } from "../wildcard.js";
import type { WantedFunctions } from "./functions.js";

export interface FoundFunction {
  readonly name: string;
  /** Virtual. */
  readonly address: bigint;
  readonly offset: bigint;
  /** Null where nothing but its name is known. */
  readonly described: DescribedFunction | null;
}

type Wanted = Pick<WantedFunctions, "name" | "file" | "kind">;

/** Whether a file's path is what a script writes of it, or ends so. */
export function isFile(path: string, written: string): boolean {
  return path === written || path.endsWith(`/${written}`);
}

/** In the order of the file, each place once; of several names for one place the first that fits. */
export function findFunctions(file: ProgramFile, wanted: Wanted): readonly FoundFunction[] {
  const names = expandBraces(wanted.name);
  const byOffset = new Map<bigint, FoundFunction>();
  const add = (found: FoundFunction): void => {
    const { described } = found;
    if (wanted.file !== null && !(described && isFile(described.file, wanted.file))) return;
    if (wanted.kind !== null && (described?.inlined ?? false) !== (wanted.kind === "inline")) return;
    if (!byOffset.has(found.offset)) byOffset.set(found.offset, found);
  };
  for (const described of names
    .filter((name) => !isWildcard(name))
    .flatMap((name) => file.debug?.functionsNamed(name) ?? []))
    add({ name: described.name, address: described.address, offset: described.offset, described });
  const tests = names.map((name) => (isWildcard(name) ? wildcard(name) : (other: string) => other === name));
  for (const { name, offset, address } of file.functions()) {
    if (tests.some((test) => test(name)))
      add({ name, address, offset, described: file.debug?.functionAt(address) ?? null });
  }
  return [...byOffset.values()].toSorted((one, other) => Number(one.offset - other.offset));
}
