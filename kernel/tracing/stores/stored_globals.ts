/** What is common to globals wherever they are stored: their stacks, their texts, a copy of them. */
import type { GlobalStore, StoreEntry } from "../../compiler/closures/runtime.js";
import type { GlobalType } from "../../compiler/check/program.js";
import type { StoredTexts } from "../../compiler/ir/shapes.js";
import { KeptStore } from "./kept_store.js";
import { LoadedStore } from "./loaded_store.js";
import { MapStore } from "./map_store.js";
import { NamedStacks, type StackKeys } from "../stack_keys.js";

/** Null where no key holds a stack. */
export function stackKeysOf(store: GlobalStore): StackKeys | null {
  const stacks =
    store instanceof MapStore
      ? store
      : store instanceof KeptStore || store instanceof LoadedStore
        ? store.stacks
        : null;
  return stacks?.hasStacks ? stacks : null;
}

/** A copy as the store is now. While programs fill it, each element is as of its own moment. */
export function keptCopy(store: GlobalStore): KeptStore {
  const entries = store.entries();
  const stacks = stackKeysOf(store);
  return new KeptStore(entries, stacks && NamedStacks.of(stacks, keysOf(entries)));
}

function keysOf(entries: readonly StoreEntry[]): StoreEntry["key"][] {
  return entries.map(({ key }) => key);
}

/** The texts of a store in user space, which a map of the kernel must have room for; null for one that is in a map. */
export function storedTexts(type: GlobalType, store: GlobalStore): StoredTexts | null {
  if (store instanceof MapStore) return null;
  const keys = type.kind === "array" ? type.keys.map(() => new Set<string>()) : [];
  const values = new Set<string>();
  const hasTexts = type.kind !== "statistic" && type.value === "string";
  for (const { key, value } of store.entries()) {
    key.forEach((part, column) => typeof part === "string" && keys[column]?.add(part));
    if (hasTexts && typeof value === "string") values.add(value);
  }
  return { keys, values, hasStacks: stackKeysOf(store) !== null };
}
