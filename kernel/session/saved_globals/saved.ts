/** Globals of a session as a file is to have them. */
import type { KnownGlobal } from "../../compiler/check/definitions.js";
import type { Provenance } from "../../tracing/result.js";
import type { LiveGlobal } from "../../tracing/globals.js";
import { keptCopy } from "../../tracing/stores/stored_globals.js";
import type { StackSpace } from "../../compiler/text/symbols.js";
import type { SavedGlobal, SavedStack } from "./format.js";

interface About {
  /** The name that the file is to give it. */
  readonly name: string;
  readonly unit: string | undefined;
  readonly origin: Provenance | undefined;
}

export function savedGlobal(
  known: Pick<KnownGlobal, "size" | "wrap">,
  { variable, store }: LiveGlobal,
  { name, unit, origin }: About,
): SavedGlobal {
  const { stacks, kept } = keptParts(store);
  return {
    known: { name, type: variable.type, size: known.size, wrap: known.wrap, parts: variable.parts },
    ...(unit === undefined ? {} : { unit }),
    ...(origin ? { origin } : {}),
    spaces: stacks?.spaces ?? [],
    stacks: [...(stacks?.all ?? [])].map(([id, functions]) => savedStack(id, functions)),
    entries: kept,
  };
}

function keptParts(store: LiveGlobal["store"]): {
  stacks: ReturnType<typeof keptCopy>["stacks"];
  kept: SavedGlobal["entries"];
} {
  const copy = keptCopy(store);
  return { stacks: copy.stacks, kept: copy.entries() };
}

function savedStack(id: string, functions: readonly string[]): SavedStack {
  const space: StackSpace = id.startsWith("kernel ") ? "kernel" : "user";
  return { space, text: id.slice(space.length + 1), functions };
}
