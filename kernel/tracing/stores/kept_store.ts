/** A global as it was: what a snapshot holds, or what came from a file to be compared with. Nothing changes it. */
import type { GlobalStore, Statistic, StoreEntry, Value } from "../../compiler/closures/runtime.js";
import { keyText } from "./map_store.js";
import type { NamedStacks } from "../stack_keys.js";

export class KeptStore implements GlobalStore {
  readonly #byKey: ReadonlyMap<string, StoreEntry>;

  constructor(
    private readonly kept: readonly StoreEntry[],
    /** Null where no key holds a stack. */
    readonly stacks: NamedStacks | null,
  ) {
    this.#byKey = new Map(kept.map((entry) => [keyText(entry.key), entry]));
  }

  get capacity(): number {
    return Math.max(1, this.kept.length);
  }

  get(key: readonly Value[]): Value | undefined {
    return this.#byKey.get(keyText(key))?.value;
  }

  has(key: readonly Value[]): boolean {
    return this.#byKey.has(keyText(key));
  }

  getStatistic(key: readonly Value[]): Statistic | undefined {
    return this.#byKey.get(keyText(key))?.statistic ?? undefined;
  }

  entries(): readonly StoreEntry[] {
    return this.kept;
  }

  set(): never {
    return refuse();
  }

  add(): never {
    return refuse();
  }

  record(): never {
    return refuse();
  }

  delete(): never {
    return refuse();
  }

  clear(): never {
    return refuse();
  }
}

/** The compiler has refused it before. */
function refuse(): never {
  throw new Error("a snapshot does not change");
}
