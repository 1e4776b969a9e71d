/**
 * An array whose keys are numbers of stacks of which several have one text: a function has many addresses, and a library lies elsewhere in
 * each process. Programs only add to such elements; whoever reads gets those of one text as one.
 */
import { isExact } from "../../compiler/text/symbols.js";
import { Accumulator } from "../../compiler/closures/accumulator.js";
import type { Statistic, StoreEntry, Value } from "../../compiler/closures/runtime.js";
import type { GlobalLayout } from "../../compiler/compiled.js";
import { keySize } from "../../compiler/layout.js";
import { decodeKey } from "../codec.js";
import { keyText, MapStore } from "./map_store.js";

export function hasUncertainKeys({ keys }: GlobalLayout): boolean {
  return keys.some((shape) => shape.kind === "stack" && !isExact(shape.form));
}

export class MergedMapStore extends MapStore {
  override entries(): readonly StoreEntry[] {
    const merged = new Map<string, StoreEntry>();
    for (const entry of super.entries()) {
      const code = keyText(entry.key);
      const before = merged.get(code);
      merged.set(code, before ? this.join(before, entry) : entry);
    }
    return [...merged.values()];
  }

  override get(key: readonly Value[]): Value | undefined {
    return this.find(key)?.value;
  }

  override has(key: readonly Value[]): boolean {
    return this.find(key) !== undefined;
  }

  override getStatistic(key: readonly Value[]): Statistic | undefined {
    return this.find(key)?.statistic ?? undefined;
  }

  override set(key: readonly Value[], value: Value): void {
    this.delete(key);
    super.set(key, value);
  }

  override add(key: readonly Value[], delta: bigint): bigint {
    const before = this.get(key);
    super.add(key, delta);
    return typeof before === "bigint" ? before : 0n;
  }

  override delete(key: readonly Value[]): boolean {
    const code = keyText(key);
    const { count, keys } = this.map.entries();
    const size = keySize(this.layout);
    let found = super.delete(key);
    for (let index = 0; index < count; index++) {
      if (keyText(decodeKey(this.layout, keys, index * size, this.texts)) !== code) continue;
      found = this.map.delete(keys.slice(index * size, (index + 1) * size)) || found;
    }
    return found;
  }

  private find(key: readonly Value[]): StoreEntry | undefined {
    const code = keyText(key);
    return this.entries().find((entry) => keyText(entry.key) === code);
  }

  private join(first: StoreEntry, second: StoreEntry): StoreEntry {
    const { value: shape } = this.layout;
    if (shape.kind === "statistic" && first.statistic && second.statistic) {
      const merged = new Accumulator(shape.parts);
      merged.merge(first.statistic);
      merged.merge(second.statistic);
      return { ...first, statistic: merged.toStatistic() };
    }
    if (typeof first.value === "bigint" && typeof second.value === "bigint")
      return { ...first, value: BigInt.asIntN(64, first.value + second.value) };
    return { ...first, value: second.value };
  }
}
