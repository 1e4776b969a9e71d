import type { Comms } from "./comms.js";
import type { ChannelName } from "./connection.js";
import type { ContentReader } from "./content-reader.js";
import type { PublishedContents, ReplyContents } from "./contents.js";
import type { CellOutput, Interpreter, LanguageDescription } from "./interpreter.js";
import type { JsonObject } from "./json.js";
import type { Subshells } from "./subshells.js";
import type { UsageMeter } from "./usage-meter.js";
import type { ReceivedMessage } from "./wire.js";

/** The types of requests that this kernel answers with a reply. */
export type RequestType = keyof ReplyContents;

/** What a request handler may do: everything but touch sockets. */
export interface RequestContext<T extends RequestType = RequestType> {
  readonly content: ContentReader;
  readonly metadata: JsonObject;
  readonly description: LanguageDescription;
  readonly ports: Readonly<Record<ChannelName, number>>;
  readonly executions: ExecutionCounter;
  readonly usage: UsageMeter;
  readonly subshells: Pick<Subshells, "create" | "delete" | "list">;
  readonly comms: Comms;
  /** The language; waits while it is still starting. */
  interpreter(): Promise<Interpreter>;
  /** Sends the reply to who asked. */
  reply(content: ReplyContents[T], metadata?: JsonObject): void;
  /** Sends to everybody, with this request as parent. */
  publish<P extends keyof PublishedContents>(type: P, content: PublishedContents[P]): void;
  /** The output of the cell that this request runs. */
  openOutput(silent: boolean, executionCount: number): DrainedOutput;
  /** Asks the user for a line; only for a client that allows it. */
  askInput(prompt: string, password: boolean, signal?: AbortSignal): Promise<string>;
  /** Marks the executions that arrived in this request's shell before this moment: they are answered as aborted. */
  abortQueued(): Promise<void>;
  /** Interrupts every running cell. */
  interrupt(): void;
  /** Ends the kernel, after this request. */
  shutDown(): void;
}

/** A cell's output that can be waited for. */
export interface DrainedOutput extends CellOutput {
  /** Resolves when everything said so far is sent. */
  drain(): Promise<void>;
}

/** One type of request: `requests/` has a file for each. */
export interface RequestHandler<T extends RequestType = RequestType> {
  readonly type: T;
  readonly channels: readonly ("shell" | "control")[];
  /** Answered at once even while a cell runs, although it came on the shell channel. */
  readonly urgent?: boolean;
  handle(context: RequestContext<T>): Promise<void> | void;
}

/** A message that is not answered with a reply, such as `comm_open`. */
export interface NoticeHandler {
  readonly type: string;
  handle(
    context: Pick<RequestContext, "content" | "comms" | "interpreter">,
    message: ReceivedMessage,
  ): Promise<void> | void;
}

/** Numbers the cells of a kernel, from 1. */
export class ExecutionCounter {
  #count = 0;

  /** The number of a cell that now runs; only one that is kept in the history gets a number of its own. */
  next(storeHistory: boolean): number {
    if (storeHistory) this.#count++;
    return this.#count;
  }

  get current(): number {
    return this.#count;
  }
}
