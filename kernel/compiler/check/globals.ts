/** Globals while their types are being found: of this script, of earlier cells and of the tapset's own scripts. */
import type { Diagnostics } from "../diagnostic.js";
import { positionAt, type Span } from "../source.js";
import type { GlobalVariableDeclaration, Script } from "../syntax/ast.js";
import { splitSnapshotKey } from "../syntax/snapshot_names.js";
import { DataVariable } from "./data_flow.js";
import type { KnownGlobal, TypePlaces } from "./definitions.js";
import * as messages from "./messages.js";
import type { GlobalType, GlobalVariable, LinearScale, StatisticParts } from "./program.js";
import { valueType } from "./scope.js";
import { TypeVariable, type Origin, type TypeState } from "./types.js";

/** Whose names a text sees: the user's (null), or those of one script of the tapset. */
export type Unit = Script | null;

type Shape =
  | { readonly kind: "unknown" }
  | { readonly kind: "scalar"; readonly origin: Origin }
  /** Keys are null while only a size has been declared. */
  | { readonly kind: "array"; readonly keys: readonly TypeVariable[] | null; readonly origin: Origin };

/** One global. */
export class GlobalSymbol {
  /** As the script calls it. */
  readonly name: string;
  /** As maps and stores call it: globals of the tapset have a prefix that no script can write. */
  readonly key: string;
  readonly declaredAt: Span;
  readonly size: number | null;
  readonly wrap: boolean;
  initial: bigint | string | null;
  readonly isOfTapset: boolean;
  /** Declared by this script rather than an earlier cell. */
  readonly isFresh: boolean;
  readonly value: TypeVariable;
  /** Of its value, or of the values of its elements. */
  readonly data: DataVariable;
  /** Of the columns of its key, as far as any told one. */
  readonly #keyData = new Map<number, DataVariable>();
  shape: Shape;
  /** What this script asks its statistics to keep. */
  readonly wantedParts: {
    log: Span | null;
    linear: { readonly scale: LinearScale; readonly span: Span }[];
    variance: Span | null;
    percentiles: Span | null;
  };
  /** Settled by an earlier cell; null where this script settles it. */
  readonly keptParts: StatisticParts | null;
  /** By earlier cells. */
  readonly #learntAt: TypePlaces | null;
  #variable: GlobalVariable | null = null;

  private constructor(of: KnownGlobal, name: string, isFresh: boolean, isOfTapset: boolean) {
    this.name = name;
    this.key = of.name;
    this.declaredAt = of.declaredAt;
    this.size = of.size;
    this.wrap = of.wrap;
    this.initial = of.initial;
    this.isFresh = isFresh;
    this.isOfTapset = isOfTapset;
    this.keptParts = of.type && !isFresh ? of.parts : null;
    this.wantedParts = { log: null, linear: [], variance: null, percentiles: null };
    this.data = new DataVariable(isFresh ? null : (of.data ?? null));
    const { type, learntAt } = of;
    this.#learntAt = isFresh ? null : (learntAt ?? null);
    const originAt = (place: Span | null | undefined): Origin =>
      isFresh ? { span: of.declaredAt } : earlierOrigin(of, place ?? of.declaredAt);
    const origin = originAt(learntAt?.shape);
    this.value = new TypeVariable(
      type && (type.kind === "statistic" ? "statistic" : type.value),
      type && originAt(learntAt?.value),
    );
    if (type?.kind === "array") {
      const keys = type.keys.map((key, column) => new TypeVariable(key, originAt(learntAt?.keys[column])));
      this.shape = { kind: "array", keys, origin };
    } else if (type) this.shape = { kind: "scalar", origin };
    else if (of.size !== null || of.wrap) this.shape = { kind: "array", keys: null, origin };
    else this.shape = { kind: "unknown" };
  }

  static declare(declaration: GlobalVariableDeclaration, key: string, isOfTapset: boolean): GlobalSymbol {
    const { name, size, wrap, initial } = declaration;
    const known: KnownGlobal = {
      name: key,
      type: initial && { kind: "scalar", value: initial.kind === "number" ? "long" : "string" },
      declaredAt: declaration.span,
      size,
      wrap,
      initial: initial?.value ?? null,
      parts: { log: false, linear: [], variance: false },
    };
    return new GlobalSymbol(known, name, true, isOfTapset);
  }

  static remember(known: KnownGlobal, name: string, isOfTapset: boolean): GlobalSymbol {
    return new GlobalSymbol(known, name, false, isOfTapset);
  }

  /** Stands for one that there is not, which has been complained about. */
  static unknown(name: string, span: Span): GlobalSymbol {
    const parts = { log: false, linear: [], variance: false };
    const symbol = new GlobalSymbol(
      { name, type: null, declaredAt: span, size: null, wrap: false, initial: null, parts },
      name,
      false,
      false,
    );
    symbol.value.poison();
    return symbol;
  }

  keyData(column: number): DataVariable {
    let data = this.#keyData.get(column);
    if (!data) this.#keyData.set(column, (data = new DataVariable()));
    return data;
  }

  /** Takes note of a use without a key; false, after a complaint, where it is an array. */
  useAsScalar(span: Span, diagnostics: Diagnostics): boolean {
    if (this.shape.kind === "unknown") this.shape = { kind: "scalar", origin: { span } };
    if (this.shape.kind === "scalar") return true;
    const count = this.shape.keys?.length ?? 1;
    this.#complain(diagnostics, span, messages.arrayWithoutKey(this.name, count, this.#related()));
    return false;
  }

  /** Takes note of a use with so many keys; null, after a complaint, where that cannot be. */
  useAsArray(count: number, span: Span, diagnostics: Diagnostics): readonly TypeVariable[] | null {
    if (this.shape.kind === "unknown" || (this.shape.kind === "array" && !this.shape.keys)) {
      this.shape = { kind: "array", keys: Array.from({ length: count }, () => new TypeVariable()), origin: { span } };
    }
    if (this.shape.kind === "scalar") {
      this.#complain(diagnostics, span, messages.keyOfScalar(this.name, this.#related()));
      return null;
    }
    const keys = this.shape.keys ?? [];
    if (keys.length === count) return keys;
    this.#complain(diagnostics, span, messages.wrongKeyCount(this.name, keys.length, count, this.#related()));
    return null;
  }

  /** Once for each global: what follows from a wrong shape is not said. */
  #complain(diagnostics: Diagnostics, span: Span, complaint: messages.Complaint): void {
    if (this.value.state !== "error") messages.report(diagnostics, span, complaint);
    this.value.poison();
  }

  /** The type of a value from outside, where the script tells none; else the script's. */
  giveInitialType(type: "long" | "string"): TypeState {
    if (this.value.state === null) this.value.join(new TypeVariable(type, { span: this.declaredAt }));
    return this.value.state;
  }

  /** Nothing that runs ever puts anything into it, so that whatever it is taken for is right. */
  takeForNumbers(): void {
    if (this.shape.kind === "unknown") this.shape = { kind: "scalar", origin: { span: this.declaredAt } };
    this.giveInitialType("long");
    if (this.shape.kind !== "array") return;
    for (const key of this.shape.keys ?? [])
      if (key.state === null) key.join(new TypeVariable("long", { span: this.declaredAt }));
  }

  #related(): { readonly span: Span; readonly message: string } | null {
    if (this.shape.kind === "unknown") return null;
    const { origin, kind } = this.shape;
    return { span: origin.span, message: origin.note ?? messages.shapeLearntHere(this.name, kind) };
  }

  /** The type, once the whole script has been seen; null where it is not known. */
  type(): GlobalType | null {
    const { shape, value } = this;
    if (shape.kind === "unknown" || value.state === null || value.state === "error") return null;
    if (shape.kind === "scalar") {
      return value.state === "statistic" ? { kind: "statistic" } : { kind: "scalar", value: value.state };
    }
    if (!shape.keys || shape.keys.some((key) => key.state !== "long" && key.state !== "string")) return null;
    return { kind: "array", keys: shape.keys.map((key) => valueType(key.state)), value: value.state };
  }

  get isBroken(): boolean {
    return (
      this.value.state === "error" ||
      (this.shape.kind === "array" && !!this.shape.keys?.some(({ state }) => state === "error"))
    );
  }

  /** Null where nothing in the script needs it: its type may be unknown. */
  get variableOrNull(): GlobalVariable | null {
    return this.#variable;
  }

  get variable(): GlobalVariable {
    if (!this.#variable) throw new Error(`the global ${this.name} was not laid out`);
    return this.#variable;
  }

  /** What statistics keep: settled earlier, or what this script asks for. */
  parts(keepHistograms: boolean): StatisticParts {
    if (this.keptParts) return this.keptParts;
    if (this.value.state !== "statistic") return { log: false, linear: [], variance: false };
    const { log, linear, variance, percentiles } = this.wantedParts;
    return {
      log: keepHistograms || log !== null,
      linear: linear.map(({ scale }) => scale),
      variance: variance !== null,
      ...(percentiles && { percentiles: true }),
    };
  }

  layOut(
    type: GlobalType,
    parts: StatisticParts,
    use: Pick<GlobalVariable, "read" | "written" | "onlyEmptied">,
  ): GlobalVariable {
    const { key: name, size, wrap, initial, declaredAt } = this;
    this.#variable = { name, type, size, wrap, initial, parts, declaredAt, ...use };
    return this.#variable;
  }

  /** What later cells are told. */
  known(keepHistograms: boolean): KnownGlobal {
    const { key: name, declaredAt, size, wrap, initial } = this;
    const parts = this.parts(keepHistograms);
    const data = this.data.reference;
    const known = { name, type: this.type(), declaredAt, learntAt: this.#typePlaces(), size, wrap, initial, parts };
    return data ? { ...known, data } : known;
  }

  #typePlaces(): TypePlaces {
    if (this.#learntAt?.value) return this.#learntAt;
    const { shape, value } = this;
    return {
      shape: shape.kind === "unknown" ? null : shape.origin.span,
      value: value.origin?.span ?? null,
      keys: shape.kind === "array" ? (shape.keys ?? []).map((key) => key.origin?.span ?? null) : [],
    };
  }
}

/** `place` is what an earlier cell made the global of its type at. */
function earlierOrigin({ name, type, declaredAt }: KnownGlobal, place: Span): Origin {
  const isDeclaration = place.source === declaredAt.source && place.start === declaredAt.start;
  const { source, start } = place;
  const { line } = positionAt(source, start);
  return { span: place, note: messages.settledEarlier(name, { source: source.name, line, isDeclaration }, type) };
}

/** Finds globals by name, each text in its own order: its own, then what is public. */
export class Globals {
  readonly user: ReadonlyMap<string, GlobalSymbol>;
  readonly #tapset: ReadonlyMap<Script, ReadonlyMap<string, GlobalSymbol>>;
  readonly #public: ReadonlyMap<string, GlobalSymbol>;

  constructor(
    user: ReadonlyMap<string, GlobalSymbol>,
    tapset: ReadonlyMap<Script, ReadonlyMap<string, GlobalSymbol>>,
    publicTapset: ReadonlyMap<string, GlobalSymbol>,
  ) {
    this.user = user;
    this.#tapset = tapset;
    this.#public = publicTapset;
  }

  /** The names of globals as snapshots hold them. */
  snapshots(): readonly string[] {
    return [...this.user.keys()].filter((name) => splitSnapshotKey(name));
  }

  find(name: string, unit: Unit): GlobalSymbol | null {
    const own = unit ? this.#tapset.get(unit) : this.user;
    return own?.get(name) ?? this.#public.get(name) ?? null;
  }
}
