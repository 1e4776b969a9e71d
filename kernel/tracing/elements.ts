/** One element of an array, to be shown as if it were a global by itself. */
import type { GlobalVariable } from "../compiler/check/program.js";
import type { GlobalStore, Value } from "../compiler/closures/runtime.js";
import { KeptStore } from "./stores/kept_store.js";
import type { PlottedGlobal } from "./plots.js";
import type { Cell } from "./result.js";
import { decoder, shownEntries, type ShowOptions } from "./results.js";

/** How an element is written, with its key as people see it. */
export function elementName(array: string, key: readonly Cell[]): string {
  return `${array}[${key.map((part) => (typeof part === "string" ? JSON.stringify(part) : String(part))).join(", ")}]`;
}

/** Null where the array has no such keys, whatever it holds. */
export function elementOf(array: PlottedGlobal, key: readonly Cell[]): PlottedGlobal | null {
  const { variable, store, history, show } = array;
  const { type, name } = variable;
  if (type.kind !== "array" || type.keys.length !== key.length) return null;
  if (type.keys.some((kind, column) => kind !== (typeof key[column] === "bigint" ? "long" : "string"))) return null;
  return {
    variable: {
      ...variable,
      name: elementName(name, key),
      type: type.value === "statistic" ? { kind: "statistic" } : { kind: "scalar", value: type.value },
    },
    store: elementStore(variable, store, key, show),
    history: history?.element(key.join(", ")) ?? undefined,
    show,
  };
}

/** As it is now. What is asked for is the key as it is shown. */
function elementStore(
  { type }: GlobalVariable,
  store: GlobalStore,
  key: readonly Cell[],
  show: ShowOptions,
): GlobalStore {
  const decode = decoder(show);
  const shown = (part: Value): Cell => (typeof part === "string" ? decode(part) : part);
  const found = shownEntries(store).find((entry) => entry.key.every((part, column) => shown(part) === key[column]));
  const nothing = type.kind === "array" && type.value === "string" ? "" : 0n;
  return new KeptStore([{ key: [], value: found?.value ?? nothing, statistic: found?.statistic ?? null }], null);
}
