/** Which globals and functions a body uses, directly and through the functions that it calls. */
import type { TapsetFunction } from "../catalogue.js";
import type { Span } from "../source.js";
import type { FunctionSymbol } from "./functions.js";
import type { GlobalSymbol } from "./globals.js";

export type Access = "read" | "write";

/** How a global is used. */
export interface GlobalUse {
  read: boolean;
  written: boolean;
  /** The first place for which its type must be known: emptying the whole of it is none. */
  needsType: Span | null;
}

/** A loop over an array, whose body must not change that array. */
export interface ArrayLoop {
  readonly array: GlobalSymbol;
  /** Functions called in the loop, with the first call of each. */
  readonly calls: Map<FunctionSymbol, Span>;
}

/** What the text of one body uses, each thing with its first place. */
export class Usage {
  readonly globals = new Map<GlobalSymbol, GlobalUse>();
  readonly functions = new Map<FunctionSymbol, Span>();
  readonly tapset = new Map<TapsetFunction, Span>();
  readonly loops: ArrayLoop[] = [];
  /** Where the kernel's memory is read. */
  memory: Span | null = null;

  global(symbol: GlobalSymbol, access: Access | null, needsType: Span | null): void {
    const use = this.globals.get(symbol) ?? { read: false, written: false, needsType: null };
    this.globals.set(symbol, use);
    if (access === "read") use.read = true;
    if (access === "write") use.written = true;
    use.needsType ??= needsType;
  }

  function(symbol: FunctionSymbol, span: Span): void {
    if (!this.functions.has(symbol)) this.functions.set(symbol, span);
  }

  tapsetFunction(definition: TapsetFunction, span: Span): void {
    if (!this.tapset.has(definition)) this.tapset.set(definition, span);
  }
}

/** Every function that these bodies can reach. */
export function reachableFunctions(bodies: Iterable<Usage>): Set<FunctionSymbol> {
  const reached = new Set<FunctionSymbol>();
  const waiting = [...bodies];
  for (let usage = waiting.pop(); usage; usage = waiting.pop()) {
    for (const symbol of usage.functions.keys()) {
      if (reached.has(symbol)) continue;
      reached.add(symbol);
      waiting.push(symbol.usage);
    }
  }
  return reached;
}

/** How the globals are used by bodies and all functions that they reach. */
export function combineGlobalUses(usages: Iterable<Usage>): Map<GlobalSymbol, GlobalUse> {
  const combined = new Usage();
  for (const usage of usages) {
    for (const [symbol, use] of usage.globals) {
      if (use.read) combined.global(symbol, "read", use.needsType);
      if (use.written) combined.global(symbol, "write", use.needsType);
      combined.global(symbol, null, use.needsType);
    }
  }
  return combined.globals;
}
