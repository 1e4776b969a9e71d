import { ContentReader, MalformedRequest } from "./content-reader.js";
import type { ReplyContents } from "./contents.js";
import { errorContent, internalError } from "./errors.js";
import type { CellError } from "./interpreter.js";
import type { Publisher } from "./publisher.js";
import type { RequestContext, RequestHandler, RequestType } from "./request.js";
import { noticeHandlers, requestHandlers } from "./requests/index.js";
import type { SendQueue } from "./send-queue.js";
import type { Encoder, ReceivedMessage } from "./wire.js";

/** The parts of a request's context that do not depend on the request. */
export type ServerContext = Pick<
  RequestContext,
  "description" | "ports" | "executions" | "usage" | "subshells" | "comms" | "interpreter" | "interrupt" | "shutDown"
> & {
  openOutput(
    request: ReceivedMessage,
    silent: boolean,
    executionCount: number,
  ): ReturnType<RequestContext["openOutput"]>;
  askInput(request: ReceivedMessage, prompt: string, password: boolean, signal?: AbortSignal): Promise<string>;
  abortQueued(request: ReceivedMessage): Promise<void>;
};

/** Why a message is not to be handled: it was aborted, or its shell does not exist. */
export type Refusal = "aborted" | "no such subshell";

/** Answers messages: busy, the handler of the message's type, idle. */
export class Dispatcher {
  readonly #server: ServerContext;
  readonly #publisher: Publisher;
  readonly #encoder: Encoder;
  readonly #log: (line: string) => void;

  constructor(server: ServerContext, publisher: Publisher, encoder: Encoder, log: (line: string) => void) {
    this.#server = server;
    this.#publisher = publisher;
    this.#encoder = encoder;
    this.#log = log;
  }

  /** Whether a message of the shell channel is not to wait for its turn. */
  isUrgent(message: ReceivedMessage): boolean {
    return handlerOf(message, "shell")?.urgent === true;
  }

  /** Answers one message. Never rejects. One that is refused is answered, but an execution is not run. */
  async dispatch(
    message: ReceivedMessage,
    channel: "shell" | "control",
    replies: SendQueue,
    refusal?: Refusal,
  ): Promise<void> {
    const type = message.header.msg_type;
    this.#publisher.status("busy", message.header);
    const handler = handlerOf(message, channel);
    const reply = (content: object, metadata: object = {}): void =>
      replies.push(
        this.#encoder.encode({
          identities: message.identities,
          type: type.replace(/_request$/, "_reply"),
          parent: message.header,
          content,
          metadata,
        }),
      );
    try {
      if (refusal === "no such subshell")
        throw new MalformedRequest(`There is no subshell ${JSON.stringify(message.header["subshell_id"])}.`);
      if (refusal === "aborted" && type === "execute_request") reply(this.#abortion(), { status: "aborted" });
      else if (handler) await handler.handle(this.#context(message, reply));
      else await this.#notice(message);
    } catch (error) {
      const shown = error instanceof MalformedRequest ? malformed(error) : internalError(error);
      this.#log(`A ${type} failed: ${shown.traceback.join(" | ") || shown.message}`);
      if (handler)
        reply({ status: "error", ...errorContent(shown), ...(type === "execute_request" ? this.#count() : {}) });
    }
    this.#publisher.status("idle", message.header);
  }

  async #notice(message: ReceivedMessage): Promise<void> {
    const type = message.header.msg_type;
    const notice = noticeHandlers.find((candidate) => candidate.type === type);
    if (notice) await notice.handle({ ...this.#server, content: new ContentReader(message.content) }, message);
    else this.#log(`A message of the unknown type ${JSON.stringify(type.slice(0, 80))} was ignored.`);
  }

  #context(message: ReceivedMessage, reply: RequestContext["reply"]): RequestContext {
    return {
      ...this.#server,
      content: new ContentReader(message.content),
      metadata: message.metadata,
      reply,
      publish: (type, content) => this.#publisher.publish(type, content, message.header),
      openOutput: (silent, executionCount) => this.#server.openOutput(message, silent, executionCount),
      askInput: (prompt, password, signal) => this.#server.askInput(message, prompt, password, signal),
      abortQueued: () => this.#server.abortQueued(message),
    };
  }

  #count(): { execution_count: number } {
    return { execution_count: this.#server.executions.current };
  }

  #abortion(): ReplyContents["execute_request"] {
    return { status: "aborted", ...this.#count() };
  }
}

function handlerOf(message: ReceivedMessage, channel: "shell" | "control"): RequestHandler | undefined {
  const type = message.header.msg_type;
  if (!Object.hasOwn(requestHandlers, type)) return undefined;
  const handler = requestHandlers[type as RequestType] as RequestHandler;
  return handler.channels.includes(channel) ? handler : undefined;
}

function malformed(error: MalformedRequest): CellError {
  return { name: error.name, message: error.message, traceback: [] };
}
