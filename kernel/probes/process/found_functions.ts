/** Which functions of a program a name or a pattern means: by its symbols, and by its debug information where it has some. */
import type { DescribedFunction } from "../../compiler/debug_information.js";
import type { ProgramFile, ProgramFunction } from "../../compiler/program_file.js";
import { expandBraces, isWildcard, nameTest } from "../wildcard.js";
import type { WantedFunctions } from "./written_function.js";

export interface FoundFunction {
  readonly name: string;
  /** Virtual. */
  readonly address: bigint;
  readonly offset: bigint;
  /** Null where nothing but its name is known. */
  readonly described: DescribedFunction | null;
  /** It is one of those among which the function of that name chooses when the program starts. */
  readonly isChosen: boolean;
}

/** What a name or a pattern means in one file. */
export interface FoundFunctions {
  /** In the order of the file, each place once; of several names for one place the first that fits. */
  readonly found: readonly FoundFunction[];
  /** Functions that choose others, of which it is not known which. */
  readonly unknown: readonly { readonly name: string; readonly reason: string }[];
}

type Wanted = Pick<WantedFunctions, "name" | "file" | "kind" | "isExported">;

/** Whether a file's path is what a script writes of it, or ends so. */
export function isFile(path: string, written: string): boolean {
  return path === written || path.endsWith(`/${written}`);
}

export function findFunctions(file: ProgramFile, wanted: Wanted): FoundFunctions {
  const names = expandBraces(wanted.name);
  const byOffset = new Map<bigint, FoundFunction>();
  const unknown: { name: string; reason: string }[] = [];
  const exported = wanted.isExported ? exportedIn(file) : null;
  const add = (found: FoundFunction): void => {
    const { described } = found;
    if (wanted.file !== null && !(described && isFile(described.file, wanted.file))) return;
    if (wanted.kind !== null && (described?.inlined ?? false) !== (wanted.kind === "inline")) return;
    if (exported && (described?.inlined || !(found.isChosen || exported.has(found.offset)))) return;
    if (!byOffset.has(found.offset)) byOffset.set(found.offset, found);
  };
  const addSymbol = (symbol: ProgramFunction): void => {
    const { name } = symbol;
    const places = symbol.isIndirect ? file.implementationsOf(symbol) : [symbol];
    if ("reason" in places) unknown.push({ name, reason: places.reason });
    else {
      for (const { address, offset } of places) {
        const described = file.debug?.functionAt(address) ?? null;
        add({ name, address, offset, described, isChosen: symbol.isIndirect });
      }
    }
  };
  const symbols = file.functions();
  const indirect = new Set(symbols.filter(({ isIndirect }) => isIndirect).map(({ address }) => address));
  for (const described of names
    .filter((name) => !isWildcard(name))
    .flatMap((name) => file.debug?.functionsNamed(name) ?? [])) {
    const { name, address, offset } = described;
    // In the source it has the name of what it chooses.
    if (!indirect.has(address)) add({ name, address, offset, described, isChosen: false });
  }
  const fits = nameTest(wanted.name);
  for (const symbol of symbols) if (fits(symbol.name)) addSymbol(symbol);
  const found = [...byOffset.values()].toSorted((one, other) => Number(one.offset - other.offset));
  return { found, unknown };
}

function exportedIn(file: ProgramFile): ReadonlySet<bigint> {
  return new Set(
    file
      .functions()
      .filter(({ isExported }) => isExported)
      .map(({ offset }) => offset),
  );
}
