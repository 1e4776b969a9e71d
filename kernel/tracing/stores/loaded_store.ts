/** A global that came from a file: it goes on like any other, and still knows what the functions in its stacks were called. */
import { MemoryStore } from "../../compiler/closures/memory_store.js";
import type { GlobalVariable } from "../../compiler/check/program.js";
import type { NamedStacks } from "../stack_keys.js";

export class LoadedStore extends MemoryStore {
  constructor(
    readonly variable: GlobalVariable,
    entries: number,
    /** Null where no key holds a stack. */
    readonly stacks: NamedStacks | null,
  ) {
    super(variable, entries);
  }
}
