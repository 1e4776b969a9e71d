/** The local variables of a handler or of a function. */
import type { ContextVariable, ProbedProgram } from "../catalogue.js";
import type { Diagnostics } from "../diagnostic.js";
import type { Span } from "../source.js";
import { loopNames } from "../syntax/loop_names.js";
import { DataVariable } from "./data_flow.js";
import type { EntryValues } from "./entry_values.js";
import * as messages from "./messages.js";
import type { Local, Statement } from "./program.js";
import { TypeVariable, type KnownType, type TypeState } from "./types.js";

/** One local name. A variable of the probe point is one, too, until it is known whether the script assigns to it. */
export class LocalSymbol {
  readonly name: string;
  readonly type: TypeVariable;
  readonly context: ContextVariable | null;
  readonly data: DataVariable;
  isAssigned = false;
  firstUse: Span;
  #local: Local | null = null;

  constructor(
    name: string,
    firstUse: Span,
    context: ContextVariable | null = null,
    /** Of the variable of that name in another loop: a name has one type wherever it stands. */
    sharedType: TypeVariable | null = null,
    readonly isOfLoop = false,
  ) {
    this.name = name;
    this.firstUse = firstUse;
    this.context = context;
    this.data = new DataVariable(context?.data ?? null);
    this.type =
      sharedType ??
      new TypeVariable(
        context?.type ?? null,
        context && { span: firstUse, note: messages.contextVariableType(context.name, context.type) },
      );
  }

  /** Whether it has a slot of its own rather than being read from the probe point. */
  get isLocal(): boolean {
    return this.context === null || this.isAssigned;
  }

  get local(): Local {
    if (!this.#local) throw new Error(`the local ${this.name} was not laid out`);
    return this.#local;
  }

  layOut(index: number): Local {
    const { name, isOfLoop } = this;
    this.#local = { index, name, type: valueType(this.type.state), isOfLoop };
    return this.#local;
  }
}

/** All locals of one body; their slots are given out when their types are known. */
export class Frame {
  readonly #symbols = new Map<string, LocalSymbol>();
  readonly #order: LocalSymbol[] = [];
  readonly #variables: ReadonlyMap<string, ContextVariable>;
  #locals: readonly Local[] | null = null;
  readonly #parameters = new Map<string, LocalSymbol>();
  #loopNames: ReadonlySet<string> = new Set();

  constructor(
    variables: ReadonlyMap<string, ContextVariable>,
    /** What the probe's own handler changes, without the aliases around it; null outside of probes. */
    readonly changedByHandler: ReadonlySet<string> | null = null,
    /** Of a return's handler: what `@entry` asks for. */
    readonly entries: EntryValues | null = null,
    /** Whose code the probe is on. */
    readonly program: ProbedProgram | null = null,
  ) {
    this.#variables = variables;
  }

  get variables(): ReadonlyMap<string, ContextVariable> {
    return this.#variables;
  }

  /** Names that stand for something here, for hints. */
  assignedNames(): string[] {
    return [...this.#variables.keys(), ...this.#order.filter((symbol) => symbol.isAssigned).map(({ name }) => name)];
  }

  find(name: string, span: Span): LocalSymbol {
    const known = this.#symbols.get(name);
    if (known) return known;
    const symbol = new LocalSymbol(name, span, this.#variables.get(name) ?? null);
    this.#symbols.set(name, symbol);
    this.#order.push(symbol);
    return symbol;
  }

  assign(name: string, span: Span): LocalSymbol {
    const symbol = this.find(name, span);
    symbol.isAssigned = true;
    return symbol;
  }

  /** Tells the texts of the body, in which some names may belong to loops alone. */
  setText(roots: readonly object[]): void {
    this.#loopNames = loopNames(roots);
  }

  /** A loop begins that gives the name its values: where nothing leaves them to another loop, they are a variable of their own. */
  enterLoop(name: string, span: Span): void {
    if (!this.#loopNames.has(name) || this.#variables.has(name) || this.#parameters.has(name)) return;
    const symbol = new LocalSymbol(name, span, null, this.#symbols.get(name)?.type, true);
    this.#symbols.set(name, symbol);
    this.#order.push(symbol);
  }

  /** A parameter hides a global of its name; other locals never have one's name. */
  parameter(name: string): LocalSymbol | undefined {
    return this.#parameters.get(name);
  }

  declareParameter(name: string, span: Span): LocalSymbol {
    const symbol = this.declareHidden(name, span);
    this.#symbols.set(name, symbol);
    this.#parameters.set(name, symbol);
    return symbol;
  }

  /** A variable that no name in the script stands for. */
  declareHidden(name: string, span: Span): LocalSymbol {
    const symbol = new LocalSymbol(name, span);
    symbol.isAssigned = true;
    this.#order.push(symbol);
    return symbol;
  }

  /** Complains of names that nothing gives a value to. One whose type is known reads as 0 or "", as in SystemTap. */
  reportNeverAssigned(
    diagnostics: Diagnostics,
    others: () => Iterable<string>,
    arities: (name: string) => readonly number[],
  ): void {
    for (const symbol of this.#order) {
      if (symbol.isAssigned || symbol.context || symbol.type.state === "error") continue;
      const around = { known: [...this.assignedNames(), ...others()], arities: arities(symbol.name) };
      if (symbol.type.state === null) {
        messages.report(diagnostics, symbol.firstUse, messages.neverAssigned(symbol.name, around));
        symbol.type.poison();
      } else {
        messages.warn(diagnostics, symbol.firstUse, messages.readsAsEmpty(symbol.name, symbol.type.state, around));
      }
    }
  }

  /** Complains of names whose type nothing tells. */
  reportUnknownTypes(diagnostics: Diagnostics): void {
    for (const symbol of this.#order) {
      if (symbol.type.state !== null) continue;
      messages.report(diagnostics, symbol.firstUse, messages.unknownType(symbol.name));
      symbol.type.poison();
    }
  }

  /** The slots, in order of first mention. */
  layOut(): readonly Local[] {
    this.#locals ??= this.#order.filter((symbol) => symbol.isLocal).map((symbol, index) => symbol.layOut(index));
    return this.#locals;
  }

  /** Statements that give variables of the probe point, where the script changes them, their values at the start. */
  initialisers(): Statement[] {
    return this.#order.flatMap((symbol): Statement[] => {
      if (!symbol.context || !symbol.isAssigned) return [];
      const span = symbol.firstUse;
      const { local } = symbol;
      const value = { kind: "context", type: local.type, span, variable: symbol.context } as const;
      const target = { kind: "local", type: local.type, span, local } as const;
      const expression = {
        kind: "assign",
        type: local.type,
        span,
        target,
        operator: null,
        operatorSpan: span,
        value,
      } as const;
      return [{ kind: "expression", expression, span }];
    });
  }
}

/** The type of something that is a number or a string by now. */
export function valueType(state: TypeState): Exclude<KnownType, "statistic"> {
  if (state === "long" || state === "string") return state;
  throw new Error(`a type is ${state ?? "unknown"} where the program is built`);
}
