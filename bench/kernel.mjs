/** A Jupyter kernel under measurement: sends, and remembers to the microsecond when what came. */
import { Dealer, Subscriber } from "zeromq";
import { KernelProcess } from "./kernel-process.mjs";
import { Wire } from "./wire.mjs";

/** Milliseconds between attempts to reach a kernel that is not there yet; the library's own 100 would show in the numbers. */
const RECONNECT = 1;

export class MeasuredKernel {
  #process;
  #wire;
  #shell = new Dealer({ linger: 0, reconnectInterval: RECONNECT });
  #control = new Dealer({ linger: 0, reconnectInterval: RECONNECT });
  #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0, reconnectInterval: RECONNECT });
  /** Parent message id → handler. */
  #waiting = new Map();

  /** Starts a kernel; `milliseconds` from before the start to the first answer to a `kernel_info_request`. */
  static async start(specification) {
    const began = performance.now();
    const process = await KernelProcess.start({ specification, directory: "" }, "/tmp");
    const kernel = new MeasuredKernel(process);
    await kernel.request("kernel_info_request", {}, (channel) => channel === "shell");
    const milliseconds = performance.now() - began;
    await kernel.#subscribed();
    return { kernel, milliseconds };
  }

  constructor(process) {
    this.#process = process;
    const { ip, transport, key, shell_port, control_port, iopub_port } = process.connection;
    this.#wire = new Wire(key);
    this.#iopub.subscribe();
    for (const [channel, socket, port] of [
      ["shell", this.#shell, shell_port],
      ["control", this.#control, control_port],
      ["iopub", this.#iopub, iopub_port],
    ]) {
      socket.connect(`${transport}://${ip}:${port}`);
      void this.#listen(channel, socket);
    }
  }

  async #listen(channel, socket) {
    for await (const frames of socket) {
      const message = this.#wire.open(frames);
      this.#waiting.get(message.parent.msg_id)?.(channel, message);
    }
  }

  /** Resolves when `isLast` says so of a message that the request caused. */
  async request(type, content, isLast, channel = "shell") {
    const { id, frames } = this.#wire.request(type, content);
    const last = new Promise((resolve) => {
      this.#waiting.set(id, (from, message) => isLast(from, message) && resolve(undefined));
    });
    await (channel === "shell" ? this.#shell : this.#control).send(frames);
    await last;
    this.#waiting.delete(id);
  }

  /** Nothing on iopub is missed once a request's own status has come there. */
  async #subscribed() {
    const late = () => new Promise((resolve) => setTimeout(resolve, 100, "late"));
    const heard = () => this.request("kernel_info_request", {}, (channel) => channel === "iopub");
    while ((await Promise.race([heard(), late()])) === "late") continue;
  }

  /** Runs a cell to its reply and its idle; `onText` gets what it prints. Answers its reply and the milliseconds it took. */
  async execute(code, onText = () => undefined) {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    let reply = null;
    let isIdle = false;
    const began = performance.now();
    await this.request("execute_request", content, (channel, message) => {
      if (channel === "shell") reply = message.content;
      if (message.type === "stream") onText(message.content.text);
      if (message.type === "status" && message.content.execution_state === "idle") isIdle = true;
      return reply !== null && isIdle;
    });
    const milliseconds = performance.now() - began;
    if (reply.status !== "ok") throw new Error([`the cell failed: ${code}`, ...reply.traceback].join("\n"));
    return { reply, milliseconds };
  }

  async interrupt() {
    await this.#control.send(this.#wire.request("interrupt_request", {}).frames);
  }

  async shutdown() {
    await this.#control.send(this.#wire.request("shutdown_request", { restart: false }).frames);
    await this.#process.end();
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
  }
}
