/** Keys that hold call stacks, and how people want to read them. */
import type { Value } from "../compiler/closures/runtime.js";
import type { StackSpace } from "../compiler/text/symbols.js";

/** One step of a path through call stacks. */
export interface PathStep {
  readonly name: string;
  /** `key`: no function, but another part of an array's key. */
  readonly space: "kernel" | "user" | "key";
}

export interface StackKeys {
  /** Whether keys hold stacks. */
  readonly hasStacks: boolean;
  /** A key as people want to read it: stacks by the names of their functions. */
  shown(key: readonly Value[]): readonly Value[];
  /** A key as a path from the outermost caller inwards: its other parts, then user space's functions, then the kernel's. */
  path(key: readonly Value[]): readonly PathStep[];
  /** Of each column of the key whose stacks they are; null for a column that holds none. */
  readonly spaces: readonly (StackSpace | null)[];
  /** The functions of a stack, innermost first. */
  functions(space: StackSpace, text: string): readonly string[];
}

/** The order of a path's parts. */
const RANKS = { key: 0, user: 1, kernel: 2 } as const;

/** `functions` are those of a part's stack, innermost first; null where it holds none. */
export function pathOf(
  key: readonly Value[],
  functions: (part: string, column: number) => readonly string[] | null,
  spaces: StackKeys["spaces"],
): readonly PathStep[] {
  const parts = key.map((part, column): { readonly rank: number; readonly steps: readonly PathStep[] } => {
    const space = spaces[column] ?? null;
    const names = space && typeof part === "string" ? functions(part, column) : null;
    if (!space || !names) return { rank: RANKS.key, steps: [{ name: String(part), space: "key" }] };
    return { rank: RANKS[space], steps: names.toReversed().map((name) => ({ name, space })) };
  });
  return parts.toSorted((left, right) => left.rank - right.rank).flatMap(({ steps }) => steps);
}

/** Stacks by their texts, with the names that their functions had when they were taken. */
export class NamedStacks implements StackKeys {
  constructor(
    readonly spaces: readonly (StackSpace | null)[],
    /** By space and text. */
    private readonly names: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** Those of the keys of a store. */
  static of(stacks: StackKeys, keys: Iterable<readonly Value[]>): NamedStacks {
    const names = new Map<string, readonly string[]>();
    for (const key of keys) {
      stacks.spaces.forEach((space, column) => {
        const text = key[column];
        if (!space || typeof text !== "string") return;
        const id = stackId(space, text);
        if (!names.has(id)) names.set(id, stacks.functions(space, text));
      });
    }
    return new NamedStacks(stacks.spaces, names);
  }

  /** With more names; those it has stay. */
  with(names: ReadonlyMap<string, readonly string[]>): NamedStacks {
    return new NamedStacks(this.spaces, new Map([...names, ...this.names]));
  }

  /** By space and text. */
  get all(): ReadonlyMap<string, readonly string[]> {
    return this.names;
  }

  get hasStacks(): boolean {
    return this.spaces.some((space) => space !== null);
  }

  shown(key: readonly Value[]): readonly Value[] {
    return key.map((part, column) => {
      const space = this.spaces[column] ?? null;
      return space && typeof part === "string" ? this.functions(space, part).join(" < ") : part;
    });
  }

  path(key: readonly Value[]): readonly PathStep[] {
    return pathOf(key, (part, column) => this.functions(this.spaces[column] ?? "kernel", part), this.spaces);
  }

  functions(space: StackSpace, text: string): readonly string[] {
    return this.names.get(stackId(space, text)) ?? text.split(" ").filter(Boolean);
  }
}

export function stackId(space: StackSpace, text: string): string {
  return `${space} ${text}`;
}
