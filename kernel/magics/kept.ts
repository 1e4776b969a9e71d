/** What magics may do with copies of globals; `session/` implements it. */
export interface KeptGlobals {
  readonly files: GlobalFiles;
  /** Copies globals, all that hold anything where none is named, in the place of an earlier snapshot of the name. */
  snapshot(name: string, globals: readonly string[]): Promise<MagicSnapshot>;
  /** In the order in which they were taken. */
  snapshots(): readonly MagicSnapshot[];
  /** Throws MagicError where there is none. */
  dropSnapshots(names: readonly string[]): Promise<void>;
  /** Shows what changed between two globals or what snapshots hold of them; throws MagicError where they cannot be compared. */
  showDifference(left: string, right: string): Promise<void>;
}

/** Globals in files. What cannot be done is a MagicError, and changes nothing. */
export interface GlobalFiles {
  /** Writes globals, all where none is named; answers what it has written, a line each. */
  save(path: string, globals: readonly string[]): readonly string[];
  /** Reads globals, all of the file where none is named; answers what it has read. */
  load(path: string, options: LoadOptions): Promise<readonly string[]>;
  /** Writes a global as a table in the form that the path ends with; answers what it has written. */
  export(global: string, path: string, buckets: boolean): Promise<string>;
}

export interface LoadOptions {
  /** Keeps what it reads as a snapshot of that name. */
  readonly snapshot: string | null;
  /** Adds to what is there instead of declaring afresh. */
  readonly add: boolean;
  readonly globals: readonly string[];
}

export interface MagicSnapshot {
  readonly name: string;
  readonly time: Date;
  /** By the names that scripts read them by, with their types and sizes in words. */
  readonly globals: readonly { readonly name: string; readonly holds: string }[];
}
