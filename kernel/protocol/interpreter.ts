/**
 * The seam between the Jupyter wire and a language. The protocol calls an Interpreter and knows nothing of tracing;
 * a session implements it and knows nothing of sockets.
 */

/** What a front end draws: one entry a MIME type. Always holds `text/plain`. */
export interface MimeBundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What a running cell may say. Every call returns at once; delivery is paced and in order. */
export interface CellOutput {
  stream(name: "stdout" | "stderr", text: string): void;
  /** With a `displayId` the output can be replaced later by `update`. */
  display(bundle: MimeBundle, displayId?: string): void;
  update(displayId: string, bundle: MimeBundle): void;
  /** The value of a trailing expression; at most one a cell. */
  result(bundle: MimeBundle): void;
  /** Removes what the cell has shown; with `wait`, only when the next output comes. */
  clear(wait: boolean): void;
}

/** What accompanies a comm's message: JSON, and bytes beside it. */
export interface CommMessage {
  readonly data: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

/** The kernel's end of a comm: a channel of its own that a client opened. */
export interface Comm {
  readonly id: string;
  /** Does nothing once either side has closed it. */
  send(data: CommMessage["data"], buffers?: CommMessage["buffers"]): void;
  close(data?: CommMessage["data"]): void;
}

/** What a target does with what a client sends. */
export interface CommListener {
  message(message: CommMessage): void;
  /** The client has closed the comm, or the kernel ends. */
  closed(): void;
}

/** Answers whoever opens a comm under a name. What it throws is shown in the kernel's log, and the comm is closed. */
export type CommTarget = (comm: Comm, opening: CommMessage) => CommListener;

export interface ExecuteRequest {
  readonly code: string;
  /** As shown beside the cell; diagnostics name it. */
  readonly executionCount: number;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  /** JupyterLab's identity of the cell, where it sends one; a re-run is recognised by it. */
  readonly cellId: string | undefined;
  /**
   * Asks the user for a line (a password: without showing it). Missing where the front end cannot ask; rejects when interrupted,
   * or when `signal` takes the question back.
   */
  readonly input?: (prompt: string, password: boolean, signal?: AbortSignal) => Promise<string>;
}

/** An error as Jupyter shows it: a short name, one sentence, and lines (ANSI colours allowed). */
export interface CellError {
  readonly name: string;
  readonly message: string;
  readonly traceback: readonly string[];
}

export type UserExpressionResult =
  { readonly status: "ok"; readonly bundle: MimeBundle } | { readonly status: "error"; readonly error: CellError };

/** What a front end does besides showing outputs (deprecated in the protocol, with nothing in its place). */
export type Payload =
  /** Writes a new cell below, or over the one that ran. */
  | { readonly source: "set_next_input"; readonly text: string; readonly replace: boolean }
  /** Ends a console, and with it the kernel unless that is to be kept. */
  | { readonly source: "ask_exit"; readonly keepkernel: boolean }
  /** Shows a text in a pager, from a line on. */
  | { readonly source: "page"; readonly data: MimeBundle["data"]; readonly start: number };

export type ExecuteOutcome =
  | {
      readonly status: "ok";
      readonly userExpressions: Readonly<Record<string, UserExpressionResult>>;
      readonly payload?: readonly Payload[];
    }
  | { readonly status: "error"; readonly error: CellError };

/** Offsets into the code count Unicode code points, as the protocol does. */
export interface Completion {
  readonly matches: readonly { readonly text: string; readonly type: string; readonly signature?: string }[];
  /** How many there are; more than `matches` where the list was cut. */
  readonly total: number;
  readonly start: number;
  readonly end: number;
}

export type Completeness =
  | { readonly status: "complete" | "invalid" | "unknown" }
  /** `indent` is what the next line should start with. */
  | { readonly status: "incomplete"; readonly indent: string };

export interface HistoryRequest {
  readonly access: "range" | "tail" | "search";
  /** Pair each input with its output text. */
  readonly output: boolean;
  readonly session: number;
  readonly start: number;
  /** Exclusive; undefined for the end. */
  readonly stop: number | undefined;
  readonly count: number;
  /** A glob with `*` and `?`. */
  readonly pattern: string;
  readonly unique: boolean;
}

export interface HistoryEntry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  readonly output: string | null;
}

/** What `kernel_info` tells of the language; the protocol adds its own version. */
export interface LanguageDescription {
  readonly implementation: string;
  readonly implementationVersion: string;
  readonly banner: string;
  readonly language: {
    readonly name: string;
    readonly version: string;
    readonly mimetype: string;
    readonly fileExtension: string;
    readonly pygmentsLexer: string;
    readonly codemirrorMode: string | Readonly<Record<string, unknown>>;
    readonly nbconvertExporter: string;
  };
  readonly helpLinks: readonly { readonly text: string; readonly url: string }[];
}

export interface Interpreter {
  readonly description: LanguageDescription;
  /** By name; asked whenever a client opens a comm. */
  readonly commTargets: ReadonlyMap<string, CommTarget>;
  /** Never rejects for a mistake in the cell; a rejection is a defect of ours and is shown as one. */
  execute(request: ExecuteRequest, output: CellOutput): Promise<ExecuteOutcome>;
  complete(code: string, cursor: number): Completion;
  inspect(code: string, cursor: number, detail: 0 | 1): MimeBundle | null;
  isComplete(code: string): Completeness;
  history(request: HistoryRequest): readonly HistoryEntry[];
  /** Asks the running cell to finish; asked again, the cell must end at once. Does nothing when none runs. */
  interrupt(): void;
  /** Ends every trace and closes every handle. Safe to call twice. */
  shutdown(): Promise<void>;
}
