/** The globals of a session: each in memory until a kernel program needs it, then in a map, whose shape may grow. */
import { MemoryStore } from "../compiler/closures/memory_store.js";
import type { GlobalStore } from "../compiler/closures/runtime.js";
import type { GlobalVariable } from "../compiler/check/program.js";
import type { CompiledScript, GlobalLayout } from "../compiler/compiled.js";
import { createGlobalMap, MapStore } from "./map_store.js";
import type { Native, NativeMap } from "./native.js";

interface LiveGlobal {
  readonly variable: GlobalVariable;
  readonly store: GlobalStore;
}

export class Globals {
  private readonly live = new Map<string, LiveGlobal>();

  constructor(
    private readonly native: Native,
    private readonly maxMapEntries: number,
  ) {}

  /** How the maps lie that exist: the compiler keeps to them or makes them wider. */
  layouts(): ReadonlyMap<string, GlobalLayout> {
    const layouts = new Map<string, GlobalLayout>();
    for (const [name, { store }] of this.live) if (store instanceof MapStore) layouts.set(name, store.layout);
    return layouts;
  }

  /** Brings every global of a script into the form the script was compiled for; `declared` start afresh. */
  prepare(script: CompiledScript, declared: readonly string[]): void {
    for (const name of declared) this.drop(name);
    for (const { variable, layout } of script.globals) {
      const present = this.live.get(variable.name);
      if (present && fits(present.store, layout)) {
        this.live.set(variable.name, { variable, store: present.store });
        continue;
      }
      const store = layout ? this.inKernel(variable, layout) : new MemoryStore(variable, this.maxMapEntries);
      if (present) {
        copyEntries(present.store, store);
        if (present.store instanceof MapStore) present.store.close();
      }
      this.live.set(variable.name, { variable, store });
    }
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
    const store = this.live.get(name)?.store;
    if (!(store instanceof MapStore)) throw new Error(`global ${name} is in no map`);
    return store.map;
  }

  all(): readonly LiveGlobal[] {
    return [...this.live.values()];
  }

  close(): void {
    for (const name of [...this.live.keys()]) this.drop(name);
  }

  private inKernel(variable: GlobalVariable, layout: GlobalLayout): MapStore {
    return new MapStore(this.native, variable, layout, createGlobalMap(this.native, variable, layout));
  }

  private drop(name: string): void {
    const store = this.live.get(name)?.store;
    this.live.delete(name);
    if (store instanceof MapStore) store.close();
  }
}

function fits(store: GlobalStore, layout: GlobalLayout | null): boolean {
  if (!layout) return true;
  return store instanceof MapStore && JSON.stringify(shapeOf(store.layout)) === JSON.stringify(shapeOf(layout));
}

/** A layout as plain text: sets of names by their id. */
function shapeOf(layout: GlobalLayout): unknown {
  return JSON.parse(JSON.stringify(layout, (key, value: unknown) => (key === "set" ? (value as { id: string }).id : typeof value === "bigint" ? String(value) : value)));
}

/** Statistics keep their counts by being merged in as one more share. */
function copyEntries(from: GlobalStore, to: GlobalStore): void {
  for (const { key, value, statistic } of from.entries()) {
    if (statistic && to instanceof MapStore) to.adopt(key, statistic);
    else if (!statistic) to.set(key, value);
  }
}
