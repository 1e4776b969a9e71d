/** Functions that are written in the language: found by name, checked once when first called. */
import type { TapsetFunction } from "../catalogue.js";
import type { Span } from "../source.js";
import type { FunctionDefinition, Script, Statement as Ast } from "../syntax/ast.js";
import { DataVariable } from "./data_flow.js";
import type { Unit } from "./globals.js";
import type { Statement, UserFunction, ValueType } from "./program.js";
import { Frame, valueType, type LocalSymbol } from "./scope.js";
import { TypeVariable } from "./types.js";
import { Usage } from "./usage.js";

const USER_PRIORITY = 0;
const TAPSET_PRIORITY = 1;

/** One definition of a function. */
export class FunctionSymbol {
  readonly definition: FunctionDefinition;
  readonly unit: Unit;
  readonly frame = new Frame(new Map());
  readonly usage = new Usage();
  readonly parameters: readonly LocalSymbol[];
  readonly returns: TypeVariable;
  readonly returnsData = new DataVariable();
  /** The next candidate of the same name and number of parameters. */
  following: FunctionSymbol | null = null;
  /** Whether the body holds a `next`, which falls through to the following candidate. */
  fallsThrough = false;
  /** Where its value is used. */
  valueUse: Span | null = null;
  isQueued = false;
  buildBody: (() => Statement) | null = null;
  #built: { -readonly [Key in keyof UserFunction]: UserFunction[Key] } | null = null;

  constructor(definition: FunctionDefinition, unit: Unit) {
    this.definition = definition;
    this.unit = unit;
    this.parameters = definition.parameters.map(({ name, span, type }) => {
      const symbol = this.frame.declareParameter(name, span);
      if (type) symbol.type.join(new TypeVariable(type, { span }));
      return symbol;
    });
    this.returns = new TypeVariable(definition.returns, definition.returns && { span: definition.nameSpan });
  }

  get name(): string {
    return this.definition.name;
  }

  /** Null where it returns nothing. */
  get returnType(): ValueType | null {
    return this.returns.state === null ? null : valueType(this.returns.state);
  }

  /** The function itself, whose body is filled in later: functions may call each other. */
  get built(): UserFunction {
    this.#built ??= {
      name: this.name,
      parameters: [],
      returns: this.returnType,
      locals: [],
      body: { kind: "block", statements: [], span: this.definition.body.span },
      span: this.definition.span,
      alternative: null,
    };
    return this.#built;
  }

  build(): UserFunction {
    const built = this.built;
    const locals = this.frame.layOut();
    Object.assign(built, {
      locals,
      parameters: this.parameters.map(({ local }) => local),
      alternative: this.fallsThrough && this.following ? this.following.built : null,
      body: this.buildBody?.() ?? built.body,
    });
    return built;
  }
}

/** What a call may mean. */
export type Callee =
  | { readonly kind: "script"; readonly symbol: FunctionSymbol }
  | { readonly kind: "tapset"; readonly definition: TapsetFunction };

/** Finds functions by name and number of arguments. */
export class Functions {
  readonly #user = new Map<string, FunctionSymbol[]>();
  readonly #prelude = new Map<string, FunctionSymbol[]>();
  readonly #tapset = new Map<string, TapsetFunction[]>();
  /** Functions to be checked once those at hand are. */
  readonly waiting: FunctionSymbol[] = [];

  constructor(user: readonly FunctionDefinition[], prelude: readonly Script[], tapset: Iterable<TapsetFunction>) {
    for (const definition of user) add(this.#user, definition.name, new FunctionSymbol(definition, null));
    for (const script of prelude) {
      for (const item of script.items) {
        if (item.kind === "function") add(this.#prelude, item.name, new FunctionSymbol(item, script));
      }
    }
    for (const definition of tapset) add(this.#tapset, definition.name, definition);
    for (const candidates of this.#user.values()) link(candidates, USER_PRIORITY);
    for (const candidates of this.#prelude.values()) link(candidates, TAPSET_PRIORITY);
    for (const candidates of this.#user.values()) for (const symbol of candidates) this.#linkToTapset(symbol);
  }

  /** A user's function may fall through to the tapset's of its name. */
  #linkToTapset(symbol: FunctionSymbol): void {
    if (symbol.following) return;
    const takesAsMany = ({ parameters }: { readonly parameters: readonly unknown[] }): boolean =>
      parameters.length === symbol.parameters.length;
    const definition = this.#tapset.get(symbol.name)?.find(takesAsMany);
    symbol.following =
      this.#prelude.get(symbol.name)?.find(takesAsMany) ?? (definition ? wrapTapset(definition, symbol) : null);
  }

  /** Null where there is no such function, or none with that many parameters. */
  find(name: string, count: number, unit: Unit): Callee | null {
    const scripts = unit ? [this.#prelude] : [this.#user, this.#prelude];
    for (const functions of scripts) {
      const symbol = functions
        .get(name)
        ?.find((candidate) => candidate.parameters.length === count && visible(candidate, unit));
      if (symbol) return { kind: "script", symbol };
    }
    const definition = this.#tapset.get(name)?.find(({ parameters }) => parameters.length === count);
    return definition ? { kind: "tapset", definition } : null;
  }

  /** How many arguments functions of that name take. */
  arities(name: string, unit: Unit): number[] {
    const scripts = [...(this.#user.get(name) ?? []), ...(this.#prelude.get(name) ?? [])].filter((symbol) =>
      visible(symbol, unit),
    );
    const all = [...scripts, ...(this.#tapset.get(name) ?? [])].map(({ parameters }) => parameters.length);
    return [...new Set(all)].toSorted((first, second) => first - second);
  }

  names(): string[] {
    return [...this.#user.keys(), ...this.#prelude.keys(), ...this.#tapset.keys()];
  }

  /** The symbols of these definitions, for functions that nothing calls yet. */
  ofDefinitions(definitions: ReadonlySet<FunctionDefinition>): FunctionSymbol[] {
    return [...this.#user.values()].flat().filter(({ definition }) => definitions.has(definition));
  }
}

/** A function of the script's kind that does nothing but call the tapset's. */
function wrapTapset({ name, returns, parameters }: TapsetFunction, caller: FunctionSymbol): FunctionSymbol {
  const { span, nameSpan } = caller.definition;
  const names = parameters.map((parameter) => ({ kind: "name", name: parameter.name, span: nameSpan }) as const);
  const call = { kind: "call", name, nameSpan, arguments: names, span: nameSpan } as const;
  const statement: Ast =
    returns === null
      ? { kind: "expression", expression: call, span: nameSpan }
      : { kind: "return", value: call, span: nameSpan };
  const definition: FunctionDefinition = {
    kind: "function",
    name,
    nameSpan,
    isPrivate: false,
    parameters: parameters.map((parameter) => ({ name: parameter.name, type: parameter.type, span: nameSpan })),
    returns,
    priority: TAPSET_PRIORITY,
    body: { kind: "block", statements: [statement], span: nameSpan },
    span,
  };
  // Seen from the tapset, the name means the tapset's function.
  return new FunctionSymbol(definition, { items: [], span });
}

function visible(symbol: FunctionSymbol, unit: Unit): boolean {
  return !symbol.definition.isPrivate || symbol.unit === unit;
}

function add<Entry>(map: Map<string, Entry[]>, name: string, entry: Entry): void {
  const entries = map.get(name);
  if (entries) entries.push(entry);
  else map.set(name, [entry]);
}

/** Orders candidates by priority, and links those that take equally many arguments. */
function link(candidates: FunctionSymbol[], defaultPriority: number): void {
  const priority = ({ definition }: FunctionSymbol): number => definition.priority ?? defaultPriority;
  candidates.sort((first, second) => priority(first) - priority(second));
  candidates.forEach((symbol, index) => {
    symbol.following =
      candidates.slice(index + 1).find(({ parameters }) => parameters.length === symbol.parameters.length) ?? null;
  });
}
