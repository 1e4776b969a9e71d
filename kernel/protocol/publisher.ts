import type { XPublisher } from "zeromq";
import type { PublishedContents } from "./contents.js";
import { reason } from "./errors.js";
import { SendQueue } from "./send-queue.js";
import type { Encoder, Header } from "./wire.js";

/** Puts messages on iopub and welcomes who subscribes to it. */
export class Publisher {
  readonly #socket: XPublisher;
  readonly #encoder: Encoder;
  readonly #queue: SendQueue;
  readonly #log: (line: string) => void;
  #state: PublishedContents["status"]["execution_state"] = "starting";
  #welcomed = false;

  constructor(socket: XPublisher, encoder: Encoder, log: (line: string) => void) {
    this.#socket = socket;
    this.#encoder = encoder;
    this.#queue = new SendQueue(socket, log);
    this.#log = log;
  }

  /** Sends to every subscriber; without a parent where nobody's request led to it. */
  publish<T extends keyof PublishedContents>(
    type: T,
    content: PublishedContents[T],
    parent?: Header,
    buffers: readonly Uint8Array[] = [],
  ): void {
    this.#push(`kernel.${this.#encoder.session}.${type}`, type, content, parent, buffers);
  }

  /** Tells the kernel's state, with the request that it is busy with or done with. */
  status(state: "busy" | "idle", parent: Header): void {
    this.#state = state;
    this.publish("status", { execution_state: state }, parent);
  }

  /** Answers each subscription by `iopub_welcome`, from which a client knows that it will miss nothing. Ends with the socket. */
  async welcomeSubscribers(): Promise<void> {
    for await (const [frame] of this.#socket) {
      if (frame?.[0] !== 1) continue;
      const topic = frame.subarray(1);
      this.#push(topic, "iopub_welcome", { subscription: topic.toString("utf8") });
      if (this.#welcomed) continue;
      this.#welcomed = true;
      // Said when there is someone to hear it; who was late hears the present state after it.
      this.publish("status", { execution_state: "starting" });
      if (this.#state !== "starting") this.publish("status", { execution_state: this.#state });
    }
  }

  /** Resolves when everything is with ZeroMQ. */
  flushed(): Promise<void> {
    return this.#queue.flushed();
  }

  #push<T extends keyof PublishedContents>(
    topic: string | Uint8Array,
    type: T,
    content: PublishedContents[T],
    parent?: Header,
    buffers: readonly Uint8Array[] = [],
  ): void {
    if (this.#socket.closed) return;
    try {
      this.#queue.push(this.#encoder.encode({ identities: [topic], type, content, parent: parent ?? {}, buffers }));
    } catch (error) {
      // What an interpreter hands over may hold what JSON does not know; that is no reason to die in a timer.
      this.#log(`A ${type} message cannot be written as JSON: ${reason(error)}.`);
    }
  }
}
