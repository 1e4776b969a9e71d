/**
 * The pipeline, in order:
 *
 * ```
 * text ─ parse ─▶ tree ─ check ─▶ typed program ─┬─ shapes, lower, assemble ─▶ eBPF programs and maps
 *                                                └─ (closures are made by whoever runs them)
 * ```
 *
 * Pure: no I/O, no exception for any text, equal output for equal input.
 */
import { buildProgram } from "./bpf/program.js";
import { ProgramTooLarge } from "./bpf/assemble.js";
import { attachName, groupByAttachPoint, programResult, programType } from "./attach_groups.js";
import type { Catalogue, Target } from "./catalogue.js";
import { checkScript } from "./check/check.js";
import type { KnownDefinitions } from "./check/definitions.js";
import type { TypedProgram } from "./check/program.js";
import {
  CONTROL_MAP,
  CONTROL_SIZE,
  RING_MAP,
  SCRATCH_MAP,
  type CompiledScript,
  type GlobalLayout,
  type MapSpec,
  type ProgramSpec,
} from "./compiled.js";
import { Diagnostics, type Diagnostic } from "./diagnostic.js";
import { KernelCannot } from "./ir/kernel_cannot.js";
import { lowerProgram, NeedsWideScratch } from "./ir/program.js";
import { inferShapes, type StoredTexts } from "./ir/shapes.js";
import { ScriptTables } from "./ir/tables.js";
import { usedGlobals } from "./ir/used_globals.js";
import type { Limits } from "./limits.js";
import type { Source } from "./source.js";
import type { Script } from "./syntax/ast.js";
import { withEpilogue } from "./syntax/epilogue.js";
import type { Macro } from "./syntax/macros.js";
import { sortByPlace } from "./syntax/order.js";
import { parseScript, type ParseOptions } from "./syntax/parse.js";

/** A text, and all that its meaning depends on: equal input gives equal output. */
export interface CompileInput {
  readonly source: Source;
  /** Statements that every probe of it on events ends with. */
  readonly epilogue?: Source | undefined;
  readonly catalogue: Catalogue;
  readonly target: Target;
  readonly mode: "cell" | "script";
  readonly arguments: readonly string[];
  readonly conditions: ParseOptions["conditions"];
  /** The parsed part of the tapset that is written in the language; see `parsePrelude`. */
  readonly prelude: readonly Script[];
  /** What earlier cells defined. */
  readonly definitions: KnownDefinitions;
  readonly macros: ReadonlyMap<string, Macro>;
  /** How the maps of earlier cells' globals are laid out. */
  readonly layouts: ReadonlyMap<string, GlobalLayout>;
  /** How many elements the arrays of earlier cells hold at most, whichever limit holds for this one. */
  readonly capacities?: ReadonlyMap<string, number>;
  /** What is in a global that is in no map yet: a map must hold it. */
  readonly contents?: (global: string) => StoredTexts | null;
  readonly limits: Limits;
  readonly guru: boolean;
  /** From `-G name=value`. */
  readonly globalValues: ReadonlyMap<string, string>;
  /** Where to stop; later passes find later mistakes. */
  readonly lastPass: "parse" | "semantic" | "compile";
}

/** What became of a text. */
export interface CompileOutput {
  /** Null where there are errors, or where an earlier pass was the last. */
  readonly script: CompiledScript | null;
  readonly definitions: KnownDefinitions;
  readonly declared: readonly string[];
  readonly macros: ReadonlyMap<string, Macro>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Bytes for what handlers print; it waits here while JavaScript is busy. Errors and `exit()` alone need little. */
const PRINT_RING = 8 << 20;
const QUIET_RING = 64 << 10;

/** Never throws for any text: what is wrong with it is in the diagnostics. */
export function compile(input: CompileInput): CompileOutput {
  const diagnostics = new Diagnostics();
  const parsed = parse(input, diagnostics);
  const nothing = {
    script: null,
    definitions: input.definitions,
    declared: [],
    macros: parsed.macros,
    diagnostics: diagnostics.list,
  };
  if (diagnostics.hasErrors || input.lastPass === "parse") return nothing;
  const { epilogue } = input;
  const checked = checkScript({
    script: epilogue ? withEpilogue(parsed.script, epilogue, input.conditions) : parsed.script,
    catalogue: input.catalogue,
    target: input.target,
    session: input.definitions,
    options: {
      mode: input.mode,
      guru: input.guru,
      globalValues: input.globalValues,
      keepHistograms: input.mode === "cell",
      maxStringLength: input.limits.maxStringLength,
    },
    diagnostics,
    prelude: input.prelude,
  });
  if (diagnostics.hasErrors || input.lastPass === "semantic") return nothing;
  const script = generate(
    checked.program,
    { ...input, capacities: keptCapacities(input, checked.declared) },
    diagnostics,
  );
  return {
    ...checked,
    script: diagnostics.hasErrors ? null : script,
    macros: parsed.macros,
    diagnostics: diagnostics.list,
  };
}

/** Parsed once for many scripts: the text never changes, and nothing of it depends on a script. */
export function parsePrelude(catalogue: Catalogue, conditions: ParseOptions["conditions"]): readonly Script[] {
  return catalogue.prelude.map(
    (source) => parseScript(source, { mode: "script", arguments: [], conditions, macros: new Map() }).script,
  );
}

function parse(input: CompileInput, diagnostics: Diagnostics): ReturnType<typeof parseScript> {
  return parseScript(
    input.source,
    { mode: input.mode, arguments: input.arguments, conditions: input.conditions, macros: input.macros },
    diagnostics,
  );
}

/** What is declared afresh owes nothing to what had its name before. */
function keptCapacities({ capacities }: CompileInput, declared: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...(capacities ?? [])].filter(([name]) => !declared.includes(name)));
}

/** Code for every handler that runs in the kernel, and the maps that they need. */
function generate(
  program: TypedProgram,
  input: CompileInput,
  diagnostics: Diagnostics,
  hasWideScratch = false,
): CompiledScript {
  const { limits, target } = input;
  const inKernel = usedGlobals(program, (handler) => handler.probe.kind === "kernel");
  const shapes = inferShapes(program, {
    maxStringLength: limits.maxStringLength,
    maxMapEntries: limits.maxMapEntries,
    capacities: input.capacities ?? new Map(),
    known: input.layouts,
    contents: (global) => (inKernel.has(global) ? (input.contents?.(global) ?? null) : null),
  });
  const layouts = new Map(
    program.globals
      .filter((global) => inKernel.has(global.name) || input.layouts.has(global.name))
      .map((global) => [global.name, shapes.layout(global)]),
  );
  const tables = new ScriptTables(layouts);
  const programs: ProgramSpec[] = [];
  const refusals: { readonly error: unknown; readonly span: Diagnostic["span"] }[] = [];
  const handlers = program.handlers.map((handler) => ({ handler, scratch: null as number | null }));
  let scratchSize = 0;
  let scratchEntries = 0;
  for (const group of groupByAttachPoint(program)) {
    const members = group.handlers.map((index) => ({
      index,
      handler: program.handlers[index]!,
      scratch: scratchEntries++,
    }));
    for (const { index, scratch } of members) handlers[index]!.scratch = scratch;
    try {
      const lowered = lowerProgram(members, {
        target,
        tables,
        shapes,
        limits,
        hasWideScratch,
        result: programResult(group.attach),
      });
      scratchSize = Math.max(scratchSize, lowered.scratchSize);
      const name = attachName(group.attach);
      programs.push(
        buildProgram(lowered, {
          name,
          type: programType(group.attach, target),
          attach: group.attach,
          ...(group.pattern === null ? {} : { pattern: group.pattern }),
          handlers: group.handlers,
        }),
      );
    } catch (error) {
      if (error instanceof NeedsWideScratch) return generate(program, input, diagnostics, true);
      refusals.push({ error, span: members[0]!.handler.span });
    }
  }
  for (const name of inKernel) if (input.contents?.(name)?.hasStacks) reportStoredStacks(program, name, diagnostics);
  for (const { error, span } of refusals) reportRefusal(error, span, diagnostics);
  sortByPlace(diagnostics, input.source);
  const maps =
    programs.length === 0
      ? []
      : [
          scratchMap(scratchSize, scratchEntries, hasWideScratch ? target.possibleCpus : null),
          ...commonMaps(tables.printSites.length > 0),
          ...tables.maps(),
        ];
  return {
    program,
    globals: program.globals.map((variable) => ({ variable, layout: layouts.get(variable.name) ?? null })),
    maps,
    programs,
    handlers,
    printSites: tables.printSites,
    errorSites: tables.errorSites,
    callChains: tables.callChains,
    takesUserStacks: tables.takesUserStacks,
  };
}

/** Said at the first probe that uses it. */
function reportStoredStacks(program: TypedProgram, name: string, diagnostics: Diagnostics): void {
  const user = program.handlers.find(
    (handler) => handler.probe.kind === "kernel" && usedGlobals(program, (one) => one === handler).has(name),
  );
  if (!user) return;
  const message = `\`${name}\` holds call stacks that were taken before, and probes on events know only those of this session`;
  diagnostics.error("compile", "kernel/cannot", user.span, message, {
    hint: "Fill a global of its own, and read this one outside of probes on events or with %diff.",
  });
}

function reportRefusal(error: unknown, span: Diagnostic["span"], diagnostics: Diagnostics): void {
  if (error instanceof KernelCannot) {
    for (const { span: place, message, hint } of error.all)
      diagnostics.error("compile", "kernel/cannot", place ?? span, message, hint === undefined ? {} : { hint });
  } else if (error instanceof ProgramTooLarge) {
    diagnostics.error("compile", "kernel/too-large", span, error.message, {
      hint: "split the probe, or make loops of repeated statements",
    });
  } else throw error;
}

/** `wideOnCpus`: where scratch is wide, how many CPUs have a share of it. */
function scratchMap(valueSize: number, handlers: number, wideOnCpus: number | null): MapSpec {
  return wideOnCpus === null
    ? { name: SCRATCH_MAP, type: "percpu_array", keySize: 4, valueSize, maxEntries: handlers }
    : { name: SCRATCH_MAP, type: "array", keySize: 4, valueSize, maxEntries: handlers * wideOnCpus };
}

function commonMaps(prints: boolean): MapSpec[] {
  return [
    { name: CONTROL_MAP, type: "array", keySize: 4, valueSize: CONTROL_SIZE, maxEntries: 1, mmapable: true },
    { name: RING_MAP, type: "ringbuf", keySize: 0, valueSize: 0, maxEntries: prints ? PRINT_RING : QUIET_RING },
  ];
}
