/** What can be said only once every body has been seen: unknown types, refused functions, loops that change their array. */
import type { Diagnostics } from "../diagnostic.js";
import type { Span } from "../source.js";
import type { CheckContext } from "./body.js";
import type { CheckedPlace } from "./bodies.js";
import type { FunctionSymbol } from "./functions.js";
import type { Globals, GlobalSymbol } from "./globals.js";
import { readInUserSpace } from "./data_messages.js";
import * as messages from "./messages.js";
import { noProbes } from "./point_messages.js";
import { isPrintFunction } from "./printing.js";
import type { Frame } from "./scope.js";
import { reachableFunctions, type GlobalUse, type Usage } from "./usage.js";

/** A name without a value, a function without a result, a global or a local without a type: each said once. */
export function reportUnknown(
  context: CheckContext,
  frames: readonly Frame[],
  reached: ReadonlySet<FunctionSymbol>,
  unreached: readonly FunctionSymbol[],
  uses: ReadonlyMap<GlobalSymbol, GlobalUse>,
  /** Globals that bodies use which are not looked at: what would tell their types may stand there. */
  excused: ReadonlySet<string>,
): void {
  const { diagnostics, globals, functions } = context;
  const all = [...frames, ...[...reached].map(({ frame }) => frame)];
  const names = (): Iterable<string> => globals.user.keys();
  const arities = (name: string): readonly number[] => (isPrintFunction(name) ? [1] : functions.arities(name, null));
  for (const frame of [...all, ...unreached.map((symbol) => symbol.frame)])
    frame.reportNeverAssigned(diagnostics, names, arities);
  for (const symbol of reached) reportMissingResult(symbol, diagnostics);
  for (const [symbol, use] of uses) {
    if (!use.needsType || symbol.isBroken || symbol.type()) continue;
    if (excused.has(symbol.name)) {
      symbol.takeForNumbers();
      if (symbol.type()) continue;
    } else
      messages.report(
        diagnostics,
        use.needsType,
        messages.unknownGlobalType(symbol.name, symbol.shape.kind, symbol.declaredAt),
      );
    symbol.value.poison();
    if (symbol.shape.kind === "array") for (const key of symbol.shape.keys ?? []) if (key.state === null) key.poison();
  }
  for (const frame of all) frame.reportUnknownTypes(diagnostics);
}

function reportMissingResult(symbol: FunctionSymbol, diagnostics: Diagnostics): void {
  if (!symbol.valueUse || symbol.returns.state !== null) return;
  messages.report(diagnostics, symbol.valueUse, messages.noResult(symbol.name, symbol.definition.nameSpan));
  symbol.returns.poison();
}

/** Functions that cannot run where a handler runs, said at the call in the handler, wherever the function is used. */
export function reportRefusedFunctions(handler: CheckedPlace, diagnostics: Diagnostics): void {
  const place = handler.probe.kind;
  const check = (usage: Usage, at: Span | null): void => {
    for (const [definition, span] of usage.tapset) {
      const code = place === "kernel" ? definition.kernel : definition.user;
      if (code) continue;
      const runsElsewhere = (definition.kernel ?? definition.user) !== undefined;
      const reason = place === "kernel" ? definition.kernelRefusal : definition.userRefusal;
      messages.report(
        diagnostics,
        at ?? span,
        messages.refusedFunction(definition.name, place, handler.point, reason, at && span, runsElsewhere),
      );
    }
  };
  check(handler.usage, null);
  for (const [symbol, span] of handler.usage.functions) {
    for (const inner of new Set([symbol, ...reachableFunctions([symbol.usage])])) check(inner.usage, span);
  }
}

/** Reads of the kernel's memory where a handler runs outside of it, said at the call where a function reads. */
export function reportRefusedReads({ probe, usage, point }: CheckedPlace, diagnostics: Diagnostics): void {
  if (probe.kind === "kernel" || probe.moment.kind === "never") return;
  // What has been refused for reading is not said once more.
  const isRefused = [...usage.tapset.keys()].some((definition) => !definition.user);
  if (usage.memory && !isRefused) messages.report(diagnostics, usage.memory, readInUserSpace(point, null));
  for (const [symbol, span] of usage.functions) {
    const reached = [symbol, ...reachableFunctions([symbol.usage])];
    const reader = reached.find((inner) => inner.usage.memory);
    if (reader) messages.report(diagnostics, span, readInUserSpace(point, reader.usage.memory));
  }
}

/** Calls in a loop over an array of functions that change it. */
export function reportLoopWrites(usage: Usage, diagnostics: Diagnostics): void {
  for (const { array, calls } of usage.loops) {
    for (const [symbol, span] of calls) {
      const reached = new Set([symbol, ...reachableFunctions([symbol.usage])]);
      if ([...reached].some((inner) => inner.usage.globals.get(array)?.written)) {
        messages.report(diagnostics, span, messages.writtenInOwnLoop(array.name, symbol.name));
      }
    }
  }
}

/** What a whole script has for nothing; a cell may be there for later ones. */
export function reportUnused(
  globals: Globals,
  uses: ReadonlyMap<GlobalSymbol, GlobalUse>,
  excused: ReadonlySet<string>,
  probes: number,
  place: Span,
  diagnostics: Diagnostics,
): void {
  if (probes === 0 && !diagnostics.hasErrors) messages.report(diagnostics, place, noProbes());
  for (const symbol of globals.user.values()) {
    if (symbol.isFresh && !uses.has(symbol) && !excused.has(symbol.name))
      messages.warn(diagnostics, symbol.declaredAt, messages.unusedGlobal(symbol.name));
  }
}

/** Candidates that an earlier one of the same name never falls through to. */
export function reportUnreachable(functions: readonly FunctionSymbol[], diagnostics: Diagnostics): void {
  for (const { following, fallsThrough, definition } of functions) {
    if (!following || fallsThrough || !functions.includes(following)) continue;
    const { name, nameSpan } = following.definition;
    messages.warn(diagnostics, nameSpan, messages.neverReached(name, definition.nameSpan));
  }
}
