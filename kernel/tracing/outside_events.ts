/** What comes from outside to handlers in user space: readers and writers of the script's files, and what the user types. */
import type { ScriptFile, UserMoment } from "../compiler/catalogue.js";
import type { Handler } from "../compiler/check/program.js";
import type { HandlerClosure } from "../compiler/closures/compile.js";
import type { Value } from "../compiler/closures/runtime.js";
import type { FilePoint } from "./script_files/file_tree.js";
import { TypedInput } from "./typed_input.js";

export interface UserHandler {
  readonly handler: Handler;
  readonly run: HandlerClosure;
}

/** What a handler is run for. */
export interface Occasion {
  /** A byte string. */
  readonly input?: string;
  /** Bytes of its strings, their terminator included, where they may be longer than the language's. */
  readonly longest?: number;
}

/** Runs a handler; null where it fails, or where nothing runs now. */
export type RunHandler = (entry: UserHandler, occasion: Occasion) => readonly Value[] | null;

/** What a handler leaves in it is what its file holds. */
const FILE_VALUE = "$value";

export class OutsideEvents {
  private readonly typed = new TypedInput();

  constructor(
    private readonly handlers: readonly UserHandler[],
    private readonly run: RunHandler,
  ) {}

  filePoints(): FilePoint[] {
    return this.handlers.flatMap((entry): FilePoint[] => {
      const moment = momentOf(entry);
      if (moment?.kind !== "file") return [];
      const { access, file } = moment;
      const value = entry.handler.locals.find(({ name }) => name === FILE_VALUE)?.index;
      return [{ access, file, run: (input) => this.serve(entry, file, input, value) }];
    });
  }

  /** Where a text goes on is kept, so that it may come in pieces. */
  type(text: string): void {
    for (const { char, line } of this.typed.feed(text)) {
      this.runInput("char", char);
      if (line !== null) this.runInput("line", line);
    }
  }

  /** Nothing more is typed: a last line may have no end. */
  endInput(): void {
    const line = this.typed.takeRest();
    if (line !== "") this.runInput("line", line);
  }

  private serve(entry: UserHandler, file: ScriptFile, input: string, value: number | undefined): string | null {
    const locals = this.run(entry, { input, ...(file.maxSize === null ? {} : { longest: file.maxSize + 1 }) });
    const text = value === undefined ? input : locals?.[value];
    return locals && typeof text === "string" ? text : null;
  }

  private runInput(unit: "char" | "line", input: string): void {
    for (const entry of this.handlers) {
      const moment = momentOf(entry);
      if (moment?.kind === "input" && moment.unit === unit) this.run(entry, { input });
    }
  }
}

function momentOf({ handler: { probe } }: UserHandler): UserMoment | null {
  return probe.kind === "user" ? probe.moment : null;
}
