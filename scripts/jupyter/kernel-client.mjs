/** A small Jupyter client: one kernel, one request at a time, every message of it handed on in order. */
import { Dealer, Subscriber } from "zeromq";
import { SetupError } from "../setup/terminal.mjs";
import { Wire } from "./wire.mjs";

export class KernelClient {
  #process;
  #wire;
  #shell = new Dealer({ linger: 0 });
  #control = new Dealer({ linger: 0 });
  #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  /** What waits for messages: parent message id → handler. */
  #waiting = new Map();
  #fail;
  #failed;
  #closing = false;

  constructor(kernelProcess) {
    this.#process = kernelProcess;
    const { ip, transport, key, shell_port, control_port, iopub_port } = kernelProcess.connection;
    this.#wire = new Wire(key);
    this.#shell.connect(`${transport}://${ip}:${shell_port}`);
    this.#control.connect(`${transport}://${ip}:${control_port}`);
    this.#iopub.connect(`${transport}://${ip}:${iopub_port}`);
    this.#iopub.subscribe();
    this.#failed = new Promise((_, reject) => (this.#fail = reject));
    this.#failed.catch(() => {});
    void kernelProcess.ended.then((how) => this.#closing || this.#fail(new SetupError(`the kernel ${how}`)));
    for (const [channel, socket] of [
      ["shell", this.#shell],
      ["control", this.#control],
      ["iopub", this.#iopub],
    ]) {
      this.#listen(channel, socket).catch((error) => this.#closing || this.#fail(error));
    }
  }

  async #listen(channel, socket) {
    for await (const frames of socket) {
      const message = this.#wire.open(frames);
      this.#waiting.get(message.parent.msg_id)?.(channel, message);
    }
  }

  /** Asks until both the answer and its status on iopub have come: only then is the subscription known to work. */
  async connect(timeoutMilliseconds = 30_000) {
    const deadline = Date.now() + timeoutMilliseconds;
    let info = null;
    while (Date.now() < deadline) {
      let heard = false;
      const { id, frames } = this.#wire.request("kernel_info_request", {});
      const answered = new Promise((resolve) => {
        this.#waiting.set(id, (channel, message) => {
          if (channel === "iopub") heard = true;
          if (message.type === "kernel_info_reply") info = message.content;
          if (heard && info) resolve();
        });
      });
      await this.#shell.send(frames);
      let timer;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, 500)));
      await Promise.race([answered, this.#failed, late]).finally(() => clearTimeout(timer));
      this.#waiting.delete(id);
      if (heard && info) return info;
    }
    throw new SetupError(`the kernel did not answer within ${timeoutMilliseconds / 1000} s`);
  }

  /**
   * Runs one cell; `onMessage` gets everything it causes on iopub.
   * @returns {Promise<object>} the content of the execute_reply, once the kernel is idle again
   */
  async execute(code, onMessage) {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    const { id, frames } = this.#wire.request("execute_request", content);
    const finished = new Promise((resolve, reject) => {
      let reply = null;
      let idle = false;
      this.#waiting.set(id, (channel, message) => {
        try {
          onMessage(message);
        } catch (error) {
          reject(error);
        }
        if (channel === "shell") reply = message.content;
        if (message.type === "status" && message.content.execution_state === "idle") idle = true;
        if (reply && idle) resolve(reply);
      });
    });
    try {
      await this.#shell.send(frames);
      return await Promise.race([finished, this.#failed]);
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** Asks the running cell to end, in the way that the kernelspec asks for. */
  async interrupt() {
    if (this.#process.specification.interrupt_mode !== "message") return this.#process.interruptBySignal();
    await this.#control.send(this.#wire.request("interrupt_request", {}).frames);
  }

  async shutdown() {
    this.#closing = true;
    await this.#control.send(this.#wire.request("shutdown_request", { restart: false }).frames);
    await this.#process.end();
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
  }
}
