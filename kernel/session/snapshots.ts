/** `%snapshot`: copies of globals under a name, which scripts read as `x@name`. */
import type { KnownDefinitions, KnownGlobal } from "../compiler/check/definitions.js";
import { snapshotKey, splitSnapshotKey } from "../compiler/syntax/snapshot_names.js";
import type { GlobalVariable } from "../compiler/check/program.js";
import type { Globals } from "../tracing/globals.js";
import type { KeptStore } from "../tracing/stores/kept_store.js";

/** A global as a snapshot is to hold it. */
export interface CopiedGlobal {
  readonly known: KnownGlobal & { readonly type: NonNullable<KnownGlobal["type"]> };
  readonly store: KeptStore;
}

export interface Snapshot {
  readonly name: string;
  readonly time: Date;
  /** By the names that scripts read them by, such as `x@before`. */
  readonly globals: ReadonlyMap<string, KnownGlobal>;
}

export class Snapshots {
  private readonly taken = new Map<string, Snapshot>();

  constructor(private readonly globals: Globals) {}

  /** In the order in which they were taken. */
  all(): readonly Snapshot[] {
    return [...this.taken.values()];
  }

  get(name: string): Snapshot | undefined {
    return this.taken.get(name);
  }

  /** In the place of a snapshot that has the name. */
  add(name: string, time: Date, copies: readonly CopiedGlobal[]): Snapshot {
    this.drop(name);
    const globals = new Map<string, KnownGlobal>();
    for (const { known, store } of copies) {
      const key = snapshotKey(known.name, name);
      globals.set(key, { ...known, name: key });
      this.globals.put(variableOf({ ...known, name: key }), store);
    }
    const snapshot = { name, time, globals };
    this.taken.set(name, snapshot);
    return snapshot;
  }

  /** What it held is gone; false where there is none. */
  drop(name: string): boolean {
    for (const key of this.taken.get(name)?.globals.keys() ?? []) this.globals.drop(key);
    return this.taken.delete(name);
  }

  /** With what scripts can read of them. */
  addTo(definitions: KnownDefinitions): KnownDefinitions {
    if (this.taken.size === 0) return definitions;
    const kept = this.all().flatMap((snapshot) => [...snapshot.globals]);
    return { ...definitions, globals: new Map([...definitions.globals, ...kept]) };
  }

  /** The opposite: what the session itself has declared. */
  takeFrom(definitions: KnownDefinitions): KnownDefinitions {
    const own = [...definitions.globals].filter(([name]) => !splitSnapshotKey(name));
    return own.length === definitions.globals.size ? definitions : { ...definitions, globals: new Map(own) };
  }

  clear(): void {
    this.taken.clear();
  }
}

/** A global that is used by no script in particular. */
export function variableOf({
  name,
  type,
  size,
  wrap,
  initial,
  parts,
  declaredAt,
}: CopiedGlobal["known"]): GlobalVariable {
  return { name, type, size, wrap, initial, parts, declaredAt, read: true, written: false };
}
