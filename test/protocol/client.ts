/** A Jupyter client of our own, over real sockets; it checks signature, shape and parent of all that it receives. */
import { createHmac, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { curveKeyPair, Dealer, Request, Subscriber } from "zeromq";
import { type Channel, type Json, type Message, MessageSchemas } from "./message-schemas.js";

export interface Target {
  /** The kernel's public key, where the connection is encrypted. */
  readonly curveServerKey?: string;
  readonly key: string;
  /** As Node's crypto calls it. */
  readonly algorithm: string;
  endpoint(channel: "shell" | "control" | "stdin" | "iopub" | "hb"): string;
}

export interface Answer {
  readonly reply: Message;
  /** What came on iopub for this request, from busy to idle. */
  readonly published: readonly Message[];
}

interface SendOptions {
  readonly channel?: "shell" | "control";
  readonly metadata?: Json;
  readonly header?: Json;
  readonly buffers?: readonly Uint8Array[];
}

export class Client {
  readonly session = randomUUID();
  readonly replies: Message[] = [];
  readonly published: Message[] = [];
  readonly inputRequests: Message[] = [];
  readonly problems: string[] = [];
  /** Lengths of all frames of an iopub message, by its id. */
  readonly sizes = new Map<unknown, number>();
  /** When a message came, in milliseconds, by its id. */
  readonly arrivals = new Map<unknown, number>();
  /** Bytes beside the JSON of a message, by its id. */
  readonly buffers = new Map<unknown, readonly Buffer[]>();
  readonly #sent = new Map<unknown, Json>();
  readonly #schemas = new MessageSchemas();
  readonly #target: Target;
  readonly #shell: Dealer;
  readonly #control: Dealer;
  readonly #stdin: Dealer;
  readonly #iopub: Subscriber;
  readonly #encryption: ReturnType<typeof encryption>;
  #listeners: (() => void)[] = [];

  constructor(target: Target) {
    this.#target = target;
    this.#encryption = encryption(target);
    const options = { routingId: this.session, linger: 0, receiveHighWaterMark: 0, ...this.#encryption };
    this.#shell = new Dealer(options);
    this.#control = new Dealer(options);
    this.#stdin = new Dealer(options);
    this.#iopub = new Subscriber({ receiveHighWaterMark: 0, ...this.#encryption });
  }

  /** Connects, and waits until nothing on iopub can be missed any more. */
  static async connect(target: Target): Promise<Client> {
    const client = new Client(target);
    client.open();
    await client.until(() => client.published.some((message) => message.header["msg_type"] === "iopub_welcome"));
    return client;
  }

  open({ iopub } = { iopub: true }): void {
    if (iopub) this.#iopub.connect(this.#target.endpoint("iopub"));
    this.#iopub.subscribe();
    this.#shell.connect(this.#target.endpoint("shell"));
    this.#control.connect(this.#target.endpoint("control"));
    this.#stdin.connect(this.#target.endpoint("stdin"));
    void this.#collect(this.#iopub, "iopub", this.published);
    void this.#collect(this.#shell, "shell", this.replies);
    void this.#collect(this.#control, "control", this.replies);
    void this.#collect(this.#stdin, "stdin", this.inputRequests);
  }

  /** Sends a request and answers its id. */
  send(type: string, content: Json, options: SendOptions = {}): string {
    const id = randomUUID();
    const header = {
      msg_id: id,
      session: this.session,
      username: "",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.2",
      ...options.header,
    };
    this.#sent.set(id, header);
    const frames = this.frames([header, {}, options.metadata ?? {}, content].map((part) => JSON.stringify(part)));
    this.sendFrames([...frames, ...(options.buffers ?? [])], options.channel ?? "shell").catch((error: unknown) => {
      // What a kernel that refuses the client never took is given up when the client closes.
      if (!this.#shell.closed) throw error;
    });
    return id;
  }

  /** Signs parts as a client does. */
  frames(parts: readonly string[]): (string | Uint8Array)[] {
    return ["<IDS|MSG>", this.#signature(parts), ...parts];
  }

  /** Sends frames as they are. */
  async sendFrames(frames: (string | Uint8Array)[], channel: "shell" | "control" | "stdin"): Promise<void> {
    await { shell: this.#shell, control: this.#control, stdin: this.#stdin }[channel].send(frames);
  }

  /** Sends a request and waits for its reply and its idle. */
  async request(type: string, content: Json = {}, options: SendOptions = {}): Promise<Answer> {
    return this.answer(this.send(type, content, options));
  }

  execute(code: string, more: Json = {}, options: SendOptions = {}): Promise<Answer> {
    return this.request("execute_request", executeContent(code, more), options);
  }

  sendExecute(code: string, more: Json = {}): string {
    return this.send("execute_request", executeContent(code, more));
  }

  async answer(id: string): Promise<Answer> {
    const reply = await this.reply(id);
    return { reply, published: await this.idle(id) };
  }

  reply(id: string): Promise<Message> {
    return this.until(() => this.replies.find((message) => message.parent_header["msg_id"] === id));
  }

  /** What came on iopub for a request, once its idle is there. */
  async idle(id: string): Promise<readonly Message[]> {
    await this.until(() => this.of(id).some((message) => message.content["execution_state"] === "idle"));
    return this.of(id);
  }

  of(id: unknown): readonly Message[] {
    return this.published.filter((message) => message.parent_header["msg_id"] === id);
  }

  /** Waits until `condition` holds, looking at each message that comes. */
  async until<T>(condition: () => T | undefined | false, limit = 30_000): Promise<T> {
    const deadline = performance.now() + limit;
    for (;;) {
      const result = condition();
      if (result !== undefined && result !== false) return result;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`Waited ${limit} ms for ${condition.toString()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 100));
        this.#listeners.push(() => (clearTimeout(timer), resolve()));
      });
    }
  }

  async heartbeat(payload = "ping"): Promise<string> {
    const socket = new Request({ linger: 0, receiveTimeout: 5000, ...this.#encryption });
    socket.connect(this.#target.endpoint("hb"));
    await socket.send(payload);
    const [echo] = await socket.receive();
    socket.close();
    return String(echo);
  }

  /** Closes the sockets; throws if anything that came broke the protocol. */
  close(): void {
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#iopub]) socket.close();
    if (this.problems.length > 0) throw new Error(this.problems.slice(0, 5).join("\n"));
  }

  async #collect(socket: AsyncIterable<Buffer[]>, channel: Channel, into: Message[]): Promise<void> {
    for await (const frames of socket) {
      const message = this.#read(frames, channel);
      this.arrivals.set(message.header["msg_id"], performance.now());
      this.sizes.set(
        message.header["msg_id"],
        frames.reduce((sum, frame) => sum + frame.length, 0),
      );
      into.push(message);
      for (const listener of this.#listeners.splice(0)) listener();
    }
  }

  #read(frames: Buffer[], channel: Channel): Message {
    const start = frames.findIndex((frame) => String(frame) === "<IDS|MSG>");
    const [signature, ...parts] = frames.slice(start + 1, start + 6).map(String);
    if (signature !== this.#signature(parts)) this.problems.push("a message with a wrong signature");
    if (parts.length !== 4) this.problems.push(`a message with ${parts.length} parts`);
    const [header, parent_header, metadata, content] = parts.map((part) => JSON.parse(part) as Json);
    const message = { header, parent_header, metadata, content } as Message;
    this.buffers.set(message.header["msg_id"], frames.slice(start + 6));
    this.problems.push(...this.#schemas.violations(message, channel), ...this.#strangeness(message));
    return message;
  }

  /** What is wrong about a message that has the right shape: whose it says it is, and when it comes. */
  #strangeness(message: Message): string[] {
    const { header, parent_header: parent } = message;
    const found: string[] = [];
    const type = String(header["msg_type"]);
    if (header["session"] === this.session) found.push(`${type}: under the client's session id`);
    if (parent["session"] !== this.session) return found;
    const id = parent["msg_id"];
    if (!isDeepStrictEqual(parent, this.#sent.get(id))) found.push(`${type}: its parent is not a header that was sent`);
    if (type === "status" && message.content["execution_state"] === "idle" && this.#isIdle(id))
      found.push(`${type}: the second idle for one request`);
    return found;
  }

  #isIdle(id: unknown): boolean {
    return this.of(id).some(({ content }) => content["execution_state"] === "idle");
  }

  #signature(parts: readonly string[]): string {
    if (this.#target.key === "") return "";
    return createHmac(this.#target.algorithm, this.#target.key).update(parts.join("")).digest("hex");
  }
}

/** A client that encrypts has a pair of keys of its own, which a kernel does not ask about. */
function encryption({ curveServerKey }: Target): object {
  if (curveServerKey === undefined) return {};
  const { publicKey, secretKey } = curveKeyPair();
  return { curveServerKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
}

/** The types of messages, the status ones with their state. */
export function outline(messages: readonly Message[]): string[] {
  return messages.map(({ header, content }) => String(content["execution_state"] ?? header["msg_type"]));
}

/** The text of a stream, put together. */
export function streamText(messages: readonly Message[], name = "stdout"): string {
  return messages
    .filter((message) => message.header["msg_type"] === "stream" && message.content["name"] === name)
    .map((message) => String(message.content["text"]))
    .join("");
}

function executeContent(code: string, more: Json): Json {
  return {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: true,
    stop_on_error: true,
    ...more,
  };
}
