/** A small catalogue of the tests' own, and the way from text through the parser to what the checker says. */
import { options } from "../syntax/fixture.js";
import { target } from "../../probes/target.js";
import type {
  Catalogue,
  ContextVariable,
  PointPattern,
  ProbeFamily,
  Resolution,
  ResolvedProbe,
  TapsetFunction,
  Target,
} from "../../../kernel/compiler/catalogue.js";
import { checkScript, type CheckOptions, type CheckResult } from "../../../kernel/compiler/check/check.js";
import { NO_DEFINITIONS, type KnownDefinitions } from "../../../kernel/compiler/check/definitions.js";
import type { ValueType } from "../../../kernel/compiler/check/program.js";
import { Diagnostics, type Diagnostic } from "../../../kernel/compiler/diagnostic.js";
import { positionAt } from "../../../kernel/compiler/source.js";
import type { Script } from "../../../kernel/compiler/syntax/ast.js";
import { parseScript, type ParseOptions } from "../../../kernel/compiler/syntax/parse.js";

type Place = "both" | "kernel" | "user" | "nowhere";

function tapset(
  name: string,
  parameters: readonly ValueType[],
  returns: ValueType | null,
  place: Place = "both",
): TapsetFunction {
  return {
    name,
    topic: "test",
    summary: "",
    example: "",
    parameters: parameters.map((type, index) => ({ name: `parameter${index + 1}`, type, meaning: "" })),
    returns,
    ...(place === "user" || place === "nowhere"
      ? { kernelRefusal: "it looks at the clock on the wall" }
      : { kernel: () => null }),
    ...(place === "kernel" || place === "nowhere" ? { userRefusal: "there is no event" } : { user: () => null }),
  };
}

const FUNCTIONS = [
  tapset("execname", [], "string"),
  tapset("pid", [], "long"),
  tapset("tid", [], "long"),
  tapset("gettimeofday_ns", [], "long"),
  tapset("probefunc", [], "string", "kernel"),
  tapset("nowhere", [], "long", "nowhere"),
  tapset("returnstr", ["long"], "string", "kernel"),
  tapset("ctime", ["long"], "string", "user"),
  tapset("strlen", ["string"], "long"),
  tapset("strtol", ["string", "long"], "long"),
  tapset("exit", [], null),
  tapset("log", ["string"], null),
];

function variables(types: Readonly<Record<string, ValueType>>): ReadonlyMap<string, ContextVariable> {
  return new Map(Object.entries(types).map(([name, type]) => [name, { name, type, summary: "" }]));
}

function user(kind: "begin" | "end" | "timer"): ResolvedProbe {
  const moment =
    kind === "timer" ? ({ kind, nanoseconds: 1_000_000_000n, randomize: 0n } as const) : ({ kind, order: 0n } as const);
  return { kind: "user", moment, variables: new Map() };
}

function event(name: string, types: Readonly<Record<string, ValueType>>, isReturn = false): ResolvedProbe {
  return {
    kind: "kernel",
    attach: { kind: "tracepoint", name },
    mechanism: "tracepoint",
    guard: null,
    variables: variables(types),
    isReturn,
  };
}

function write({ components }: PointPattern): string {
  return components.map((part) => (part.argument === null ? part.name : `${part.name}(${part.argument})`)).join(".");
}

function family(name: string, forms: readonly string[], resolve: (text: string) => Resolution | null): ProbeFamily {
  return { name, summary: "", forms, example: "", resolve: (pattern) => resolve(write(pattern)) };
}

function resolved(point: string, probe: ResolvedProbe): Resolution {
  return { kind: "resolved", probes: [{ point, probe }] };
}

const FAMILIES = [
  family("begin", ["begin", "end", "timer.s(N)"], (text) => {
    if (text === "begin" || text === "end") return resolved(text, user(text));
    return /^timer\.s\(\d+\)$/.test(text) ? resolved(text, user("timer")) : null;
  }),
  family("syscall", ["syscall.NAME", "syscall.NAME.return"], (text) => {
    const match = /^syscall\.([a-z*]+)(\.return)?$/.exec(text);
    if (!match) return null;
    if (match[1] === "nosuch")
      return { kind: "refused", message: "this kernel has no `nosuch`", hint: "Leave it out." };
    const types: Record<string, ValueType> = { name: "string", argstr: "string", $fd: "long" };
    return resolved(text, event("sys", match[2] ? { ...types, retval: "long" } : types, match[2] !== undefined));
  }),
];

const CATALOGUE: Catalogue = {
  functions: FUNCTIONS,
  families: FAMILIES,
  prelude: [],
};

const TARGET = target({ hasTracepoint: () => true, tracepoints: () => [] });

const PARSE_OPTIONS: Omit<ParseOptions, "mode"> = {
  arguments: [],
  macros: new Map(),
  conditions: options.conditions,
};

export interface Checked extends CheckResult {
  readonly diagnostics: readonly Diagnostic[];
}

export interface Settings extends Partial<CheckOptions> {
  readonly session?: KnownDefinitions;
  readonly prelude?: readonly string[];
  readonly name?: string;
  /** What the machine says of itself beside what is always so. */
  readonly machine?: Partial<Target>;
}

function parse(text: string, name: string, mode: "cell" | "script", diagnostics = new Diagnostics()): Script {
  return parseScript({ name, text }, { ...PARSE_OPTIONS, mode }, diagnostics).script;
}

/** Checks a cell, or a script where the settings say so. */
export function check(text: string, settings: Settings = {}): Checked {
  const { session = NO_DEFINITIONS, prelude = [], name = "cell 1", mode = "cell", machine, ...options } = settings;
  const diagnostics = new Diagnostics();
  const result = checkScript({
    script: parse(text, name, mode, diagnostics),
    catalogue: CATALOGUE,
    target: { ...TARGET, ...machine },
    session,
    options: { mode, guru: false, globalValues: new Map(), keepHistograms: mode === "cell", ...options },
    diagnostics,
    prelude: prelude.map((source, index) => parse(source, `tapset ${index + 1}`, "script", diagnostics)),
  });
  return { ...result, diagnostics: diagnostics.list };
}

/** Runs cells one after another in one session; the last one's result. */
export function checkCells(...cells: readonly string[]): Checked {
  let session = NO_DEFINITIONS;
  let last: Checked | undefined;
  cells.forEach((text, index) => {
    last = check(text, { session, name: `cell ${index + 1}` });
    session = last.definitions;
  });
  if (!last) throw new Error("no cells");
  return last;
}

/** Code and place of each diagnostic, such as `error type/conflict 1:7`. */
export function summary({ diagnostics }: Pick<Checked, "diagnostics">): string[] {
  return diagnostics.map(({ severity, code, span }) => {
    const { line, column } = positionAt(span.source, span.start);
    return `${severity} ${code} ${line}:${column}`;
  });
}

/** The types of a program's globals in short: `long`, `string[long,string]`, `statistic`. */
export function globalTypes({ program }: Pick<Checked, "program">): Record<string, string> {
  return Object.fromEntries(
    program.globals.map(({ name, type }) => [
      name,
      type.kind === "statistic"
        ? "statistic"
        : type.kind === "scalar"
          ? type.value
          : `${type.value}[${type.keys.join(",")}]`,
    ]),
  );
}
