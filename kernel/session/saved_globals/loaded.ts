/** Globals of a file as globals of a session: declared afresh, added to what is there, or kept as a snapshot. */
import type { KnownGlobal } from "../../compiler/check/definitions.js";
import type { Source } from "../../compiler/source.js";
import { KeptStore } from "../../tracing/stores/kept_store.js";
import { LoadedStore } from "../../tracing/stores/loaded_store.js";
import { NamedStacks, stackId, type StackKeys } from "../../tracing/stack_keys.js";
import { stackKeysOf } from "../../tracing/stores/stored_globals.js";
import type { LiveGlobal } from "../../tracing/globals.js";
import type { CopiedGlobal } from "../snapshots.js";
import { variableOf } from "../snapshots.js";
import type { SavedGlobal, SavedStack } from "./format.js";

/** What the file has declared, as a later message of the compiler shows it. */
export function declarationOf({ known }: SavedGlobal, path: string): CopiedGlobal["known"] {
  const source: Source = { name: path, text: `global ${known.name}` };
  return { ...known, initial: null, declaredAt: { source, start: 7, end: 7 + known.name.length } };
}

export function keptStore({ entries, ...saved }: SavedGlobal): KeptStore {
  return new KeptStore(entries, namedStacks(saved));
}

/** `least` bounds an array that declares no size, unless the file has more in it. */
export function loadedStore(saved: SavedGlobal, known: CopiedGlobal["known"], least: number): LoadedStore {
  const store = new LoadedStore(variableOf(known), Math.max(least, saved.entries.length), namedStacks(saved));
  fill(store, saved);
  return store;
}

/** Why a global of a file cannot be added to one that is there; null where it can. */
export function misfit(saved: SavedGlobal, known: KnownGlobal, live: LiveGlobal): string | null {
  const name = known.name;
  if (JSON.stringify(saved.known.type) !== JSON.stringify(known.type)) return `${name} is of another type in the file`;
  if (partsText(saved.known.parts) !== partsText(live.variable.parts))
    return `${name} keeps other histograms or figures in the file`;
  const present = stackKeysOf(live.store);
  if (!present) return null;
  const wrong = saved.stacks.some(({ space, text, functions }) => isAnother(present, live, space, text, functions));
  return wrong ? `${name} has stacks whose addresses mean other functions here` : null;
}

/** What is there with what the file has besides: statistics are merged, numbers added, texts replaced. */
export function mergedStore(saved: SavedGlobal, live: LiveGlobal, least: number): LoadedStore {
  const entries = live.store.entries();
  const keys = new Set([...entries, ...saved.entries].map(({ key }) => JSON.stringify(key.map(String))));
  const present = stackKeysOf(live.store);
  const own =
    present &&
    NamedStacks.of(
      present,
      entries.map(({ key }) => key),
    );
  const store = new LoadedStore(live.variable, Math.max(least, keys.size), joined(own, saved));
  fill(store, { entries });
  for (const { key, value, statistic } of saved.entries) {
    if (statistic) store.adopt(key, statistic);
    else if (typeof value === "bigint") store.add(key, value);
    else store.set(key, value);
  }
  return store;
}

function fill(store: LoadedStore, { entries }: Pick<SavedGlobal, "entries">): void {
  for (const { key, value, statistic } of entries) {
    if (statistic) store.adopt(key, statistic);
    else store.set(key, value);
  }
}

function partsText({ log, linear, variance, percentiles = false }: SavedGlobal["known"]["parts"]): string {
  return `${log} ${variance} ${percentiles} ${linear.map(({ low, high, step }) => `${low},${high},${step}`).join(";")}`;
}

function namedStacks({ spaces, stacks }: Pick<SavedGlobal, "spaces" | "stacks">): NamedStacks | null {
  return spaces.some((space) => space !== null) ? new NamedStacks(spaces, namesOf(stacks)) : null;
}

function joined(own: NamedStacks | null, saved: SavedGlobal): NamedStacks | null {
  if (!own) return namedStacks(saved);
  return own.with(namesOf(saved.stacks));
}

function namesOf(stacks: readonly SavedStack[]): ReadonlyMap<string, readonly string[]> {
  return new Map(stacks.map(({ space, text, functions }) => [stackId(space, text), functions]));
}

/** An address of one machine may be another function's on the next. */
function isAnother(
  present: StackKeys,
  { store }: LiveGlobal,
  space: SavedStack["space"],
  text: string,
  functions: readonly string[],
): boolean {
  const column = present.spaces.indexOf(space);
  const isHere = store.entries().some(({ key }) => key[column] === text);
  return isHere && present.functions(space, text).join("\n") !== functions.join("\n");
}
