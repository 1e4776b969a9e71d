/**
 * Which type of the kernel a number has, and where it goes from there: through variables, parameters, results. What flows only
 * decides how `->`, `[]` and `$` read memory, and it may be found out in any order.
 */
import type { TypeReference } from "../types/data_type.js";
import { isSameType } from "../types/layout.js";

/**
 * Null: nothing has told a type. `mixed`: different places told different ones. `wrong`: something has been complained about, and
 * nothing that follows from it is to be said. Each only ever turns into one further to the right.
 */
export type DataState = null | TypeReference | "mixed" | "wrong";

/** A type that may yet be unknown. */
export class DataVariable {
  #state: DataState;
  readonly #listeners: ((state: DataState) => void)[] = [];

  constructor(state: DataState = null) {
    this.#state = state;
  }

  get state(): DataState {
    return this.#state;
  }

  /** The type, where it is known. */
  get reference(): TypeReference | null {
    return this.#state === "mixed" || this.#state === "wrong" ? null : this.#state;
  }

  /** Tells one more type that this has. */
  join(state: DataState): void {
    const joined = joinStates(this.#state, state);
    if (joined === this.#state) return;
    this.#state = joined;
    for (const listener of this.#listeners) listener(joined);
  }

  /** Runs now, if something is known, and whenever more is. */
  listen(listener: (state: DataState) => void): void {
    this.#listeners.push(listener);
    if (this.#state !== null) listener(this.#state);
  }

  /** What this is, `other` is too. */
  flowInto(other: DataVariable | undefined): void {
    if (other && other !== this) this.listen((state) => other.join(state));
  }
}

function joinStates(known: DataState, told: DataState): DataState {
  if (told === null || known === "wrong") return known;
  if (known === null || told === "wrong") return told;
  if (known === "mixed" || told === "mixed") return "mixed";
  return isSameType(known, told) ? known : "mixed";
}
