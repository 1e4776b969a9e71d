/** Type variables and their unification: how the types of names are found from their uses. */
import type { Diagnostics } from "../diagnostic.js";
import type { Span } from "../source.js";
import * as messages from "./messages.js";
import type { ValueType } from "./program.js";

export type KnownType = ValueType | "statistic";

/** What is known of a type. `error` is one that was complained about: it goes with everything, so that nothing cascades. */
export type TypeState = KnownType | "error" | null;

/** Where a type was learnt. */
export interface Origin {
  readonly span: Span;
  /** Said of that place, such as `cell 2 declared it`; by default that it was learnt there. */
  readonly note?: string;
}

/** What a place asks of a type, in words for the case that it does not get it. */
export interface Demand {
  /** Read only for a complaint, so that it may be a getter where it takes time to find. */
  readonly span: Span;
  /** What has the type: `` `x` `` or `this`. */
  readonly subject: string;
  /** Who asks: `` `+` needs a number ``, `` `x` is a string ``. */
  readonly reason: (wanted: KnownType | "value") => string;
  readonly hint?: string;
}

/** A type that may yet be unknown. Two that were unified are one from then on. */
export class TypeVariable {
  #forward: TypeVariable | null = null;
  #state: TypeState;
  #origin: Origin | null;
  /** Whether it was read as a value, which a statistic is not. */
  #isValue = false;

  constructor(state: TypeState = null, origin: Origin | null = null) {
    this.#state = state;
    this.#origin = origin;
  }

  static error(): TypeVariable {
    return new TypeVariable("error");
  }

  /** The variable that stands for all that were unified with this one. */
  get root(): TypeVariable {
    if (!this.#forward) return this;
    let root = this.#forward;
    while (root.#forward) root = root.#forward;
    // A long chain of assignments is walked once only.
    this.#forward = root;
    return root;
  }

  get state(): TypeState {
    return this.root.#state;
  }

  get origin(): Origin | null {
    return this.root.#origin;
  }

  get isValue(): boolean {
    return this.root.#isValue;
  }

  markValue(): void {
    this.root.#isValue = true;
  }

  /** Ends complaints about this type. */
  poison(): void {
    this.root.#state = "error";
  }

  /** Makes both one; of two known types the other's stays. Callers have made sure that they agree. */
  join(other: TypeVariable): void {
    const mine = this.root;
    const theirs = other.root;
    if (mine === theirs) return;
    theirs.#isValue ||= mine.#isValue;
    if (theirs.#state === null || mine.#state === "error") {
      theirs.#state = mine.#state;
      theirs.#origin = mine.#origin;
    }
    mine.#forward = theirs;
  }
}

/** Makes the types of a script agree, and complains once where they do not. */
export class Inference {
  readonly #diagnostics: Diagnostics;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** Asks that `actual` is what `wanted` is. */
  unify(actual: TypeVariable, wanted: TypeVariable, demand: Demand): void {
    if (actual.root === wanted.root) return;
    const has = understood(actual);
    const wants = understood(wanted);
    if (has === null || wants === null || has === "error" || wants === "error" || agree(has, wants)) {
      actual.join(wanted);
      return;
    }
    this.#complain(actual, has, wanted, wants, demand);
    actual.poison();
    wanted.poison();
  }

  /** Asks for a given type. */
  require(actual: TypeVariable, wanted: KnownType, demand: Demand): void {
    this.unify(actual, new TypeVariable(wanted, demand), demand);
  }

  /** Asks for a number or a string, whichever. */
  requireValue(actual: TypeVariable, demand: Demand): void {
    const wanted = new TypeVariable(null, demand);
    wanted.markValue();
    this.unify(actual, wanted, demand);
  }

  #complain(actual: TypeVariable, has: Understood, wanted: TypeVariable, wants: Understood, demand: Demand): void {
    const origin = [wanted.origin, actual.origin].find((place) => place && !samePlace(place.span, demand.span)) ?? null;
    const culprit = origin === wanted.origin ? wants : has;
    messages.report(
      this.#diagnostics,
      demand.span,
      messages.typeConflict({
        subject: demand.subject,
        has,
        wants,
        reason: demand.reason(wants),
        ...(demand.hint === undefined ? {} : { hint: demand.hint }),
        related: origin && { span: origin.span, message: origin.note ?? messages.learntHere(culprit) },
      }),
    );
  }
}

type Understood = KnownType | "value";

/** What is known, "is some value" included. */
function understood(type: TypeVariable): Understood | "error" | null {
  return type.state ?? (type.isValue ? "value" : null);
}

function agree(first: Understood, second: Understood): boolean {
  if (first === "value") return second !== "statistic";
  if (second === "value") return first !== "statistic";
  return first === second;
}

function samePlace(first: Span, second: Span): boolean {
  return first.source === second.source && first.start === second.start;
}
