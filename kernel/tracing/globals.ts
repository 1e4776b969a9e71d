/** The globals of a session: each in memory until a kernel program needs it, then in a map, whose shape may grow. */
import { MemoryStore } from "../compiler/closures/memory_store.js";
import type { GlobalStore } from "../compiler/closures/runtime.js";
import type { GlobalVariable } from "../compiler/check/program.js";
import type { StoredTexts } from "../compiler/ir/shapes.js";
import type { CompiledScript, GlobalLayout } from "../compiler/compiled.js";
import { KeptStore } from "./stores/kept_store.js";
import { createGlobalMap, MapStore } from "./stores/map_store.js";
import { hasUncertainKeys, MergedMapStore } from "./stores/merged_map_store.js";
import type { Native, NativeMap } from "./native.js";
import { storedTexts } from "./stores/stored_globals.js";
import { StackTable } from "./stack_table.js";

/** A global and where its values are. */
export interface LiveGlobal {
  readonly variable: GlobalVariable;
  readonly store: GlobalStore;
  /** Of what does not change: what programs read in its place. */
  readonly copy?: MapStore;
}

/** A global that a new script replaces: a trace that writes it must end first. */
export interface ReplacedGlobal {
  readonly name: string;
  /** `reshaped`: its map is made anew with room for longer strings, or for more kinds of statistics. */
  readonly reason: "declared" | "reshaped";
}

/** The globals of a script that is about to run. */
export interface GlobalsDraft {
  /** The map of a global that a kernel program uses. */
  map(name: string): NativeMap;
  /** The session's table of stacks. */
  readonly stacks: StackTable;
  /** From now on the session has these; what they replace is closed. */
  commit(): void;
  discard(): void;
}

/** All globals of one session. */
export class Globals {
  private readonly live = new Map<string, LiveGlobal>();
  readonly stacks: StackTable;

  constructor(
    private readonly native: Native,
    private readonly maxMapEntries: number,
  ) {
    this.stacks = new StackTable(native);
  }

  /** How the maps lie that exist: the compiler keeps to them or makes them wider. */
  layouts(): ReadonlyMap<string, GlobalLayout> {
    const layouts = new Map<string, GlobalLayout>();
    for (const [name, { store }] of this.live) if (store instanceof MapStore) layouts.set(name, store.layout);
    return layouts;
  }

  /** How many elements the arrays hold at most. */
  capacities(): ReadonlyMap<string, number> {
    const capacity = ({ store }: LiveGlobal): number =>
      store instanceof MemoryStore || store instanceof KeptStore
        ? store.capacity
        : store instanceof MapStore
          ? store.layout.entries
          : 0;
    return new Map(
      [...this.live]
        .filter(([, { variable }]) => variable.type.kind === "array")
        .map(([name, live]) => [name, capacity(live)]),
    );
  }

  /**
   * Every global of a script in the form the script was compiled for; `declared` start afresh. Nothing changes for the session before
   * `commit`: where the kernel refuses the script, `discard` leaves all as it was. `maxMapEntries` bounds arrays that are new
   * and declare no size.
   */
  prepare(
    script: CompiledScript,
    declared: readonly string[],
    maxMapEntries: number = this.maxMapEntries,
  ): GlobalsDraft {
    const next = new Map<string, LiveGlobal>();
    const fresh: MapStore[] = [];
    const draft: GlobalsDraft = {
      stacks: this.stacks,
      map: (name) => mapOf(name, next.get(name) ?? this.live.get(name)),
      commit: () => {
        for (const name of declared) if (!next.has(name)) this.drop(name);
        for (const [name, global] of next) {
          const before = this.live.get(name);
          if (before?.store !== global.store) this.drop(name);
          else if (before.copy !== global.copy) before.copy?.close();
          this.live.set(name, global);
        }
      },
      discard: () => {
        for (const store of fresh) store.close();
      },
    };
    try {
      for (const { variable, layout } of script.globals) {
        const present = declared.includes(variable.name) ? undefined : this.live.get(variable.name);
        if (present && layout && present.store instanceof KeptStore) {
          next.set(variable.name, this.readable(present, layout, fresh));
          continue;
        }
        if (present && fits(present.store, layout)) {
          next.set(variable.name, { ...present, variable });
          continue;
        }
        const store = layout ? this.inKernel(variable, layout) : new MemoryStore(variable, maxMapEntries);
        if (store instanceof MapStore) fresh.push(store);
        if (present) copyEntries(present.store, store);
        next.set(variable.name, { variable, store });
      }
    } catch (error) {
      draft.discard();
      throw error;
    }
    return draft;
  }

  /**
   * What a script would have to replace that exists: what it declares afresh, and maps that do not hold what it puts in. A trace that runs
   * meanwhile would go on with what is gone.
   */
  replaced(script: CompiledScript, declared: readonly string[]): readonly ReplacedGlobal[] {
    const afresh = declared
      .filter((name) => this.live.has(name))
      .map((name) => ({ name, reason: "declared" }) as const);
    const reshaped = script.globals
      .filter(({ variable: { name }, layout }) => {
        const present = declared.includes(name) ? undefined : this.live.get(name);
        return present?.store instanceof MapStore && !fits(present.store, layout);
      })
      .map(({ variable: { name } }) => ({ name, reason: "reshaped" }) as const);
    return [...afresh, ...reshaped];
  }

  /** What is in a global that is in no map. */
  texts(name: string): StoredTexts | null {
    const global = this.live.get(name);
    return global ? storedTexts(global.variable.type, global.store) : null;
  }

  /** Takes a global in that no script has made, in the place of any that has its name. */
  put(variable: GlobalVariable, store: GlobalStore): void {
    this.drop(variable.name);
    this.live.set(variable.name, { variable, store });
  }

  /** With a copy for programs of what does not change. */
  private readable(kept: LiveGlobal, layout: GlobalLayout, fresh: MapStore[]): LiveGlobal {
    if (kept.copy && fits(kept.copy, layout)) return kept;
    const copy = this.inKernel(kept.variable, layout);
    fresh.push(copy);
    copyEntries(kept.store, copy);
    return { ...kept, copy };
  }

  get(name: string): LiveGlobal | undefined {
    return this.live.get(name);
  }

  store(global: GlobalVariable): GlobalStore {
    const found = this.live.get(global.name);
    if (!found) throw new Error(`global ${global.name} was not prepared`);
    return found.store;
  }

  map(name: string): NativeMap {
    return mapOf(name, this.live.get(name));
  }

  all(): readonly LiveGlobal[] {
    return [...this.live.values()];
  }

  close(): void {
    for (const name of this.live.keys()) this.drop(name);
    this.stacks.close();
  }

  private inKernel(variable: GlobalVariable, layout: GlobalLayout): MapStore {
    const Store = hasUncertainKeys(layout) ? MergedMapStore : MapStore;
    return new Store(this.native, variable, layout, createGlobalMap(this.native, variable, layout), this.stacks);
  }

  /** Nothing is left of it. */
  drop(name: string): void {
    const global = this.live.get(name);
    this.live.delete(name);
    if (global?.store instanceof MapStore) global.store.close();
    global?.copy?.close();
  }
}

function mapOf(name: string, global: LiveGlobal | undefined): NativeMap {
  const store = global?.copy ?? global?.store;
  if (!(store instanceof MapStore)) throw new Error(`global ${name} is in no map`);
  return store.map;
}

function fits(store: GlobalStore, layout: GlobalLayout | null): boolean {
  if (!layout) return true;
  return store instanceof MapStore && JSON.stringify(shapeOf(store.layout)) === JSON.stringify(shapeOf(layout));
}

/** A layout as plain text: sets of names by their id. */
function shapeOf(layout: GlobalLayout): unknown {
  return JSON.parse(
    JSON.stringify(layout, (key, value: unknown) =>
      key === "set" ? (value as { id: string }).id : typeof value === "bigint" ? String(value) : value,
    ),
  );
}

/** Statistics keep their counts by being merged in as one more share. */
function copyEntries(from: GlobalStore, to: GlobalStore): void {
  for (const { key, value, statistic } of from.entries()) {
    if (statistic && to instanceof MapStore) to.adopt(key, statistic);
    else if (!statistic) to.set(key, value);
  }
}
