/** What is being checked: one handler or function, with all that its text can see. */
import type { Catalogue, Target } from "../catalogue.js";
import type { Diagnostics } from "../diagnostic.js";
import type { Span } from "../source.js";
import type { Identifier } from "../syntax/ast.js";
import { splitSnapshotKey } from "../syntax/snapshot_names.js";
import type { Counters } from "./counters.js";
import { DataVariable } from "./data_flow.js";
import type { Functions, FunctionSymbol } from "./functions.js";
import { GlobalSymbol, type Globals, type Unit } from "./globals.js";
import * as messages from "./messages.js";
import type { Complaint } from "./messages.js";
import type { Expression } from "./program.js";
import type { Frame } from "./scope.js";
import { TypeVariable, type Inference } from "./types.js";
import { Usage, type Access, type ArrayLoop } from "./usage.js";

/** What one run of the checker has, wherever it looks. */
export interface CheckContext {
  readonly diagnostics: Diagnostics;
  readonly catalogue: Catalogue;
  readonly globals: Globals;
  readonly functions: Functions;
  readonly inference: Inference;
  readonly isGuru: boolean;
  /** Whose types and symbols `->`, `@cast` and their kin read. */
  readonly target: Target;
  /** Bytes of a text, its terminator included. */
  readonly longestText: number;
  /** What `@perf` reads. */
  readonly counters: Counters;
  /** Names that were used as arrays or statistics and are no globals; each is complained about once. */
  readonly missingGlobals: Set<string>;
  /** Members that wait for the type of what they belong to. */
  readonly accesses: DataAccess[];
}

/** A `->`, `[]` or `$` whose base must have a type of the kernel by the end. */
export interface DataAccess {
  readonly base: DataVariable;
  /** Has `wrong` for its type once the base has been complained about. */
  readonly result: DataVariable;
  /** The function that it stands in; a function that nothing calls needs no types. */
  readonly owner: FunctionSymbol | null;
  readonly span: Span;
  /** The base as it is written. */
  readonly text: string;
}

/** An expression whose type is being found; `build` makes the typed tree once all types are known. */
export interface Checked {
  readonly type: TypeVariable;
  readonly span: Span;
  /** A function of the script shows only later whether it returns anything. */
  readonly result: "value" | "nothing" | FunctionSymbol;
  /** The type of the kernel that a number may have. */
  readonly data?: DataVariable;
  readonly build: () => Expression;
}

/** Stands for an expression that has been complained about. */
export function wrong(span: Span): Checked {
  const data = new DataVariable("wrong");
  return { type: TypeVariable.error(), span, result: "value", data, build: () => unbuildable(span) };
}

/** For builders of what cannot be built: a program with mistakes is never built. */
export function unbuildable(span: Span): never {
  throw new Error(`a mistake at offset ${span.start} of ${span.source.name} went unreported`);
}

/** How deep a tree may be: both this pass and the back ends walk it recursively. */
const MAXIMUM_DEPTH = 400;

export type BodyKind = "handler" | "function" | "statements" | "condition";

/** One body in the course of its check. */
export class Body {
  readonly context: CheckContext;
  readonly kind: BodyKind;
  readonly unit: Unit;
  readonly frame: Frame;
  readonly usage: Usage;
  /** The function whose body it is. */
  readonly owner: FunctionSymbol | null;
  /** Loops around the present statement. */
  loopDepth = 0;
  #depth = 0;
  /** How deep in the tree the call stands that this function is checked for. */
  readonly #callDepth: number;
  readonly #arrayLoops: ArrayLoop[] = [];

  constructor(
    context: CheckContext,
    kind: BodyKind,
    unit: Unit,
    frame: Frame,
    usage = new Usage(),
    owner: FunctionSymbol | null = null,
    callDepth = 0,
  ) {
    this.#callDepth = callDepth;
    this.context = context;
    this.kind = kind;
    this.unit = unit;
    this.frame = frame;
    this.usage = usage;
    this.owner = owner;
  }

  /** The same variables seen from another text: an alias's body and its user's. */
  inUnit(unit: Unit): Body {
    return unit === this.unit ? this : new Body(this.context, this.kind, unit, this.frame, this.usage, this.owner);
  }

  report(span: Span, complaint: Complaint): void {
    messages.report(this.context.diagnostics, span, complaint);
  }

  /** As `report`, of the first use of a name that needs a global of that name. */
  reportMissing({ name, span }: Pick<Identifier, "name" | "span">, complaint: Complaint): void {
    const { missingGlobals } = this.context;
    if (!missingGlobals.has(name)) this.report(span, complaint);
    missingGlobals.add(name);
  }

  /** Reports, and stands for what was wrong. */
  refuse(span: Span, complaint: Complaint): Checked {
    this.report(span, complaint);
    return wrong(span);
  }

  /** The global of that name, unless a parameter hides it. */
  findGlobal({ name, span }: Pick<Identifier, "name" | "span">): GlobalSymbol | null {
    const found = this.frame.parameter(name) ? null : this.context.globals.find(name, this.unit);
    const wanted = found ? null : splitSnapshotKey(name);
    if (!wanted) return found;
    this.report(span, messages.noSuchSnapshot(wanted, this.context.globals.snapshots()));
    return GlobalSymbol.unknown(name, span);
  }

  /** Takes note of an access; writing an array inside a loop over it is a mistake. */
  access(symbol: GlobalSymbol, access: Access, span: Span): void {
    this.usage.global(symbol, access, span);
    if (access === "write") this.forbidWrite(symbol, span);
  }

  /** Complains where a global must not change: a snapshot's never, an array's not in a loop over it. */
  forbidWrite(symbol: GlobalSymbol, span: Span): void {
    if (splitSnapshotKey(symbol.name) && !symbol.isBroken) this.report(span, messages.snapshotWritten(symbol.name));
    if (this.#arrayLoops.some((loop) => loop.array === symbol))
      this.report(span, messages.writtenInOwnLoop(symbol.name));
  }

  call(symbol: FunctionSymbol, span: Span): void {
    this.usage.function(symbol, span);
    for (const loop of this.#arrayLoops) if (!loop.calls.has(symbol)) loop.calls.set(symbol, span);
  }

  /** Runs `inside` as the body of a loop; `array` is what it walks, if that is an array. */
  loop<Result>(array: GlobalSymbol | null, inside: () => Result): Result {
    const loop: ArrayLoop | null = array && { array, calls: new Map() };
    if (loop) {
      this.#arrayLoops.push(loop);
      this.usage.loops.push(loop);
    }
    this.loopDepth++;
    const result = inside();
    this.loopDepth--;
    if (loop) this.#arrayLoops.pop();
    return result;
  }

  get absoluteDepth(): number {
    return this.#callDepth + this.#depth;
  }

  /** Runs `inside` one level deeper; null, after a complaint, where that is too deep. */
  deeper<Result>(span: Span, inside: () => Result): Result | null {
    if (this.#depth >= MAXIMUM_DEPTH) {
      this.report(span, messages.tooDeep());
      return null;
    }
    this.#depth++;
    const result = inside();
    this.#depth--;
    return result;
  }
}
