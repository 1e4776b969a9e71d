/** A small Jupyter client: one kernel, one request at a time, everything that a request causes handed on in order. */
import { randomUUID } from "node:crypto";
import { Dealer, Subscriber } from "zeromq";
import { endpoint } from "../../protocol/connection.js";
import type { JsonObject } from "../../protocol/json.js";
import { Signer } from "../../protocol/signature.js";
import { decode, protocolVersion } from "../../protocol/wire.js";
import { CommandError } from "../command.js";
import type { KernelProcess } from "./kernel_process.js";

/** A message that a request caused. */
export interface ClientMessage {
  readonly channel: "shell" | "control" | "iopub";
  readonly type: string;
  readonly date: unknown;
  readonly content: JsonObject;
}

/** Milliseconds until the kernel must have answered for the first time, and between the tries. */
const START_LIMIT = 30_000;
const START_RETRY = 500;

export class KernelClient {
  private readonly shell = new Dealer({ linger: 0 });
  private readonly control = new Dealer({ linger: 0 });
  private readonly iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  private readonly signer: Signer;
  private readonly session = randomUUID();
  /** By the id of the request. */
  private readonly waiting = new Map<string, (message: ClientMessage) => void>();
  private readonly failed: Promise<never>;
  private fail: (error: Error) => void = () => undefined;
  private closing = false;

  constructor(private readonly kernel: KernelProcess) {
    const { connection } = kernel;
    this.signer = new Signer(connection.signatureScheme, connection.key);
    this.failed = new Promise<never>((_, reject) => (this.fail = reject));
    // Nobody may be waiting when the kernel ends.
    this.failed.catch(() => undefined);
    void kernel.ended.then((how) => this.closing || this.fail(new CommandError(`the kernel ${how}`)));
    for (const channel of ["shell", "control", "iopub"] as const) {
      this[channel].connect(endpoint(connection, channel));
      this.listen(channel).catch((error: unknown) => this.closing || this.fail(error as Error));
    }
    this.iopub.subscribe();
  }

  /** Asks until both the answer and its status on iopub have come: only then is the subscription known to work. */
  async connect(): Promise<JsonObject> {
    for (const deadline = Date.now() + START_LIMIT; Date.now() < deadline;) {
      let info: JsonObject | null = null;
      let heard = false;
      const answered = this.request("kernel_info_request", {}, (message) => {
        if (message.channel === "iopub") heard = true;
        else info = message.content;
        return heard && info !== null;
      });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, START_RETRY)));
      await Promise.race([answered, late]).finally(() => clearTimeout(timer));
      if (heard && info) return info;
    }
    throw new CommandError(`the kernel did not answer within ${START_LIMIT / 1000} s`);
  }

  /** Runs one cell; resolves to the content of its reply once the kernel is idle again. */
  async execute(code: string, onMessage: (message: ClientMessage) => void): Promise<JsonObject> {
    let reply: JsonObject | null = null;
    let isIdle = false;
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    await this.request("execute_request", content, (message) => {
      onMessage(message);
      if (message.channel === "shell") reply = message.content;
      if (message.type === "status" && message.content["execution_state"] === "idle") isIdle = true;
      return reply !== null && isIdle;
    });
    return reply ?? {};
  }

  /** Asks the running cell to end, as the button in a front end does. */
  async interrupt(): Promise<void> {
    await this.control.send(this.frames(randomUUID(), "interrupt_request", {}));
  }

  async shutdown(): Promise<void> {
    this.closing = true;
    await this.control.send(this.frames(randomUUID(), "shutdown_request", { restart: false }));
    await this.kernel.end();
    for (const socket of [this.shell, this.control, this.iopub]) socket.close();
  }

  /** Sends on the shell channel and hands on what comes of it until `isDone`; rejects when the kernel ends before. */
  private async request(type: string, content: JsonObject, isDone: (message: ClientMessage) => boolean): Promise<void> {
    const id = randomUUID();
    const done = new Promise<void>((resolve, reject) => {
      this.waiting.set(id, (message) => {
        try {
          if (isDone(message)) resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    try {
      await this.shell.send(this.frames(id, type, content));
      await Promise.race([done, this.failed]);
    } finally {
      this.waiting.delete(id);
    }
  }

  private frames(id: string, type: string, content: JsonObject): string[] {
    const header = {
      msg_id: id,
      session: this.session,
      username: "",
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    return ["<IDS|MSG>", this.signer.sign(parts), ...parts];
  }

  private async listen(channel: ClientMessage["channel"]): Promise<void> {
    for await (const frames of this[channel]) {
      const { header, parentHeader, content } = decode(frames, this.signer);
      this.waiting.get(String(parentHeader["msg_id"]))?.({
        channel,
        type: header.msg_type,
        date: header["date"],
        content,
      });
    }
  }
}
