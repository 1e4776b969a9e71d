/**
 * The checker: names are resolved, types found, aliases and probe points expanded. This file is the order of it all.
 *
 *   items → globals, functions, aliases → bodies (types are found by unification) → what the whole tells → typed program
 */
import type { Catalogue, Target } from "../catalogue.js";
import type { Diagnostics } from "../diagnostic.js";
import { DEFAULT_LIMITS } from "../limits.js";
import type { Script } from "../syntax/ast.js";
import { sortByPlace } from "../syntax/order.js";
import { mentionedNames } from "../syntax/written_names.js";
import type { KnownAlias } from "./aliases.js";
import * as bodies from "./bodies.js";
import type { CheckContext } from "./body.js";
import { collectCounters } from "./counters.js";
import { applyGlobalValues, declareGlobals, sortItems } from "./declarations.js";
import { mergeAliases, mergeFunctions, type KnownDefinitions } from "./definitions.js";
import { checkDisplay, splitDisplayed } from "./display.js";
import { reportUntyped } from "./data_access.js";
import * as finish from "./finish.js";
import { Functions } from "./functions.js";
import * as messages from "./messages.js";
import { layOutGlobals } from "./outcome.js";
import { resolvePoints, type PointContext } from "./points.js";
import type { TypedProgram } from "./program.js";
import { Inference } from "./types.js";
import { combineGlobalUses, reachableFunctions } from "./usage.js";

/** How a script is checked. */
export interface CheckOptions {
  /** Cells may hold bare statements, and may leave types to later cells. */
  readonly mode: "cell" | "script";
  /** SystemTap's guru mode: what can do harm may be asked for, though the kernel's verifier has the last word. */
  readonly guru: boolean;
  /** Values for globals given from outside: `-G name=value`. */
  readonly globalValues: ReadonlyMap<string, string>;
  /** Bytes of the longest text; the language's own limit where not given. */
  readonly maxStringLength?: number;
  /** Statistics keep what `@hist_log` needs even where this script does not ask for it, since a later cell may. */
  readonly keepHistograms: boolean;
}

/** A parsed script, and what its names may mean. */
export interface CheckInput {
  readonly script: Script;
  readonly catalogue: Catalogue;
  readonly target: Target;
  readonly session: KnownDefinitions;
  readonly options: CheckOptions;
  readonly diagnostics: Diagnostics;
  /** The part of the tapset that is written in the language. */
  readonly prelude: readonly Script[];
}

/** A script whose names and types are known, as far as nothing is wrong with it. */
export interface CheckResult {
  /** Empty where there are errors. */
  readonly program: TypedProgram;
  /** For later cells; unchanged where there are errors. */
  readonly definitions: KnownDefinitions;
  /** Globals that start afresh, by the names that the program's globals have. */
  readonly declared: readonly string[];
}

/** Checks one script. Never throws on what a user can write. */
export function checkScript(input: CheckInput): CheckResult {
  const { script, catalogue, target, session, options, diagnostics, prelude } = input;

  // 1. What there is to name.
  const items = sortItems(script);
  for (const { span, code } of items.embedded) messages.report(diagnostics, span, messages.embeddedCode(code));
  const globals = declareGlobals(items.globals, session, prelude, diagnostics);
  const definitions = mergeFunctions(session.functions, items.functions);
  const functions = new Functions(definitions, prelude, catalogue.functions);
  const aliases = mergeAliases(session.aliases, items.aliases);
  const points: PointContext = { aliases: knownAliases(aliases, prelude), catalogue, target, diagnostics };
  const probes = items.probes.map((definition) => ({
    definition,
    resolved: resolvePoints(points, definition.points),
  }));
  const context: CheckContext = {
    diagnostics,
    catalogue,
    globals,
    functions,
    inference: new Inference(diagnostics),
    isGuru: options.guru,
    target,
    longestText: options.maxStringLength ?? DEFAULT_LIMITS.maxStringLength,
    counters: collectCounters(probes, diagnostics),
    accesses: [],
    missingGlobals: new Set(),
  };

  // 2. Bodies; functions first, so that a mistake in a call shows at the call.
  const ownFunctions = functions.ofDefinitions(new Set(items.functions));
  for (const symbol of ownFunctions) bodies.ensureChecked(context, symbol);
  const { statements, displayed } = splitDisplayed(script, items.statements, options.mode);
  const bare = bodies.checkBareStatements(context, statements, displayed);
  const display = displayed && checkDisplay(bare.body, displayed);
  const handlers = probes.flatMap(({ definition, resolved }) =>
    resolved.flatMap((probe) => bodies.checkHandler(context, probe, definition)),
  );
  bodies.checkWaiting(context);
  applyGlobalValues(globals, options.globalValues, script.span, diagnostics);

  // 3. What only the whole can tell.
  const places = [bodies.statementsPlace(bare), ...handlers];
  const usages = places.map(({ usage }) => usage);
  const reached = reachableFunctions(usages);
  const unreached = ownFunctions.filter((symbol) => !reached.has(symbol));
  const uses = combineGlobalUses([...usages, ...[...reached].map(({ usage }) => usage)]);
  const frames = places.map(({ frame }) => frame);
  reportUntyped(context, (owner) => owner === null || reached.has(owner));
  // The body of a probe that this machine has not is not looked at: one that is optional, or has been complained about.
  const unchecked = probes.filter(({ resolved }) => resolved.length === 0).map(({ definition }) => definition.body);
  const excused = mentionedNames(unchecked);
  finish.reportUnknown(context, frames, reached, unreached, uses, excused);
  for (const { usage } of [...places, ...reached, ...unreached]) finish.reportLoopWrites(usage, diagnostics);
  finish.reportUnreachable(ownFunctions, diagnostics);
  for (const place of places) finish.reportRefusedFunctions(place, diagnostics);
  for (const place of places) finish.reportRefusedReads(place, diagnostics);
  if (options.mode === "script")
    finish.reportUnused(globals, uses, excused, items.probes.length, script.span, diagnostics);
  sortByPlace(diagnostics, script.span.source);
  if (diagnostics.hasErrors) return { program: EMPTY_PROGRAM, definitions: session, declared: [] };

  // 4. The typed program.
  for (const frame of frames) frame.layOut();
  const outcome = layOutGlobals(globals, uses, session, options.keepHistograms);
  const shown = display && display();
  if (shown && "statement" in shown) bare.statements.push(() => shown.statement);
  const statementHandler = bodies.buildBareStatements(bare, script.span);
  const program: TypedProgram = {
    globals: outcome.variables,
    functions: [...reached].map((symbol) => symbol.build()),
    handlers: [...(statementHandler ? [statementHandler] : []), ...handlers.map((handler) => handler.build())],
    display: shown && "display" in shown ? shown.display : null,
  };
  return {
    program,
    definitions: { globals: outcome.known, functions: definitions, aliases },
    declared: outcome.declared,
  };
}

const EMPTY_PROGRAM: TypedProgram = { globals: [], functions: [], handlers: [], display: null };

function knownAliases(user: KnownDefinitions["aliases"], prelude: readonly Script[]): KnownAlias[] {
  const own = user.map((alias): KnownAlias => ({ alias, unit: null }));
  return [...own, ...prelude.flatMap((unit) => sortItems(unit).aliases.map((alias): KnownAlias => ({ alias, unit })))];
}
