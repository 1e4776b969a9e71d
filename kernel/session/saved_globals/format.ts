/**
 * Globals in a file, as docs/reference/saved-globals.md describes it: lines of JSON. First what the file is, then each global with its
 * stacks and its elements, then how many lines there were and their hash.
 */
import type { StoreEntry } from "../../compiler/closures/runtime.js";
import type { KnownGlobal } from "../../compiler/check/definitions.js";
import type { StackSpace } from "../../compiler/text/symbols.js";
import type { Provenance } from "../../tracing/result.js";

export const FORMAT = "tapbook-globals";
export const VERSION = 1;

/** One global as it is in a file. */
export interface SavedGlobal {
  readonly known: Pick<KnownGlobal, "name" | "size" | "wrap" | "parts"> & {
    readonly type: NonNullable<KnownGlobal["type"]>;
  };
  /** What its numbers count. */
  readonly unit?: string;
  /** Where what it holds comes from, if from one trace alone. */
  readonly origin?: Provenance;
  /** Of the columns of its key, whose stacks they hold. */
  readonly spaces: readonly (StackSpace | null)[];
  readonly stacks: readonly SavedStack[];
  /** In the order in which they were inserted. */
  readonly entries: readonly StoreEntry[];
}

export interface SavedStack {
  readonly space: StackSpace;
  /** As keys hold it. */
  readonly text: string;
  /** Innermost first. */
  readonly functions: readonly string[];
}

export interface SavedFile {
  readonly tapbook: string;
  readonly kernel: string;
  readonly machine: string;
  readonly architecture: string;
  /** As of when the globals are. */
  readonly time: Date;
  readonly globals: readonly SavedGlobal[];
}

/** What keeps a file from being read. */
export class UnreadableFile extends Error {
  constructor(
    readonly problem: string,
    /** Counted from 1; null where it is of the whole. */
    readonly line: number | null = null,
  ) {
    super(line === null ? problem : `line ${line}: ${problem}`);
  }
}
