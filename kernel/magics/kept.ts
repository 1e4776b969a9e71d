/** What magics may do with copies of globals; `session/` implements it. */
export interface KeptGlobals {
  /** Copies globals, all that hold anything where none is named, in the place of an earlier snapshot of the name. */
  snapshot(name: string, globals: readonly string[]): Promise<MagicSnapshot>;
  /** In the order in which they were taken. */
  snapshots(): readonly MagicSnapshot[];
  /** Throws MagicError where there is none. */
  dropSnapshots(names: readonly string[]): Promise<void>;
  /** Shows what changed between two globals or what snapshots hold of them; throws MagicError where they cannot be compared. */
  showDifference(left: string, right: string): Promise<void>;
}

export interface MagicSnapshot {
  readonly name: string;
  readonly time: Date;
  /** By the names that scripts read them by, with their types and sizes in words. */
  readonly globals: readonly { readonly name: string; readonly holds: string }[];
}
