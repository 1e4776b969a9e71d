/** The globals as they are handed on: to the back ends, and to later cells. */
import type { KnownDefinitions, KnownGlobal } from "./definitions.js";
import type { Globals, GlobalSymbol } from "./globals.js";
import type { GlobalVariable } from "./program.js";
import type { GlobalUse } from "./usage.js";

export interface GlobalsOutcome {
  /** What the program uses or declares, as far as its type is known. */
  readonly variables: readonly GlobalVariable[];
  /** By key, for later cells. */
  readonly known: ReadonlyMap<string, KnownGlobal>;
  /** Keys of those that start afresh. */
  readonly declared: readonly string[];
}

export function layOutGlobals(
  globals: Globals,
  uses: ReadonlyMap<GlobalSymbol, GlobalUse>,
  session: KnownDefinitions,
  keepHistograms: boolean,
): GlobalsOutcome {
  const variables: GlobalVariable[] = [];
  const known = new Map(session.globals);
  const declared: string[] = [];
  for (const symbol of new Set([...globals.user.values(), ...uses.keys()])) {
    const use = uses.get(symbol);
    if (!use && !symbol.isFresh) continue;
    if (!isOfOneScript(symbol)) known.set(symbol.key, symbol.known(keepHistograms));
    if (symbol.isFresh) declared.push(symbol.key);
    const type = symbol.type();
    if (!type) continue;
    // What the tapset keeps for itself is never shown at the end, as if it had been read.
    const read = symbol.isOfTapset || (use?.read ?? false);
    const written = use?.written ?? false;
    const onlyEmptied = written && use?.needsType === null;
    variables.push(symbol.layOut(type, symbol.parts(keepHistograms), { read, written, onlyEmptied }));
  }
  return { variables, known, declared };
}

/** What `@entry` keeps is no later cell's business. */
function isOfOneScript(symbol: GlobalSymbol): boolean {
  return symbol.key.startsWith("entry.");
}
