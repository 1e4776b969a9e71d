/** What a magic may do to a session; `session/` implements it. */
export interface MagicSession {
  print(text: string): void;
  /** Empties a global; false where there is none of that name. */
  resetGlobal(name: string): boolean;
  /** Forgets every definition and global. */
  resetAll(): void;
  globals(): readonly { readonly name: string; readonly type: string }[];
  runShell(command: string): Promise<number>;
  /** Settings of the cell that is about to run. */
  setRun(options: RunOptions): void;
  magics(): readonly Magic[];
}

/** How the cell's trace runs. */
export interface RunOptions {
  /** Ends the trace after so many seconds. */
  readonly seconds?: number;
  /** The trace lasts as long as this command. */
  readonly command?: string;
  /** `target()`: a process that runs already. */
  readonly pid?: number;
}

/** A mistake in how a magic was used. */
export class MagicError extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

export interface Magic {
  readonly name: string;
  /** `line`: `%name args` on any line. `cell`: `%%name args` on the first. */
  readonly kind: "line" | "cell";
  readonly usage: string;
  readonly summary: string;
  run(argument: string, session: MagicSession): void | Promise<void>;
}
