import type { Router } from "zeromq";
import { OutputBudget, systemClock } from "./budget.js";
import { CellOutputs } from "./cell-output.js";
import { Comms } from "./comms.js";
import type { ChannelName, Connection } from "./connection.js";
import { Dispatcher, type Refusal } from "./dispatcher.js";
import { reason } from "./errors.js";
import { InputChannel } from "./input.js";
import { InterpreterLoader } from "./interpreter-loader.js";
import type { Interpreter, LanguageDescription } from "./interpreter.js";
import { Publisher } from "./publisher.js";
import { ExecutionCounter } from "./request.js";
import { SendQueue } from "./send-queue.js";
import { Signer } from "./signature.js";
import { bindSockets, type Sockets } from "./sockets.js";
import { Subshells } from "./subshells.js";
import { UsageMeter } from "./usage-meter.js";
import { decode, Encoder, type ReceivedMessage, WireError } from "./wire.js";

/** What a kernel server needs. */
export interface KernelServerOptions {
  readonly connection: Connection;
  /** Told apart from the interpreter, since clients ask for it first. */
  readonly description: LanguageDescription;
  /**
   * Starts the language; called once. Not before the first `kernel_info` is answered (or a request needs it, or a moment
   * has passed), so that loading it does not delay the answer that every client waits for.
   */
  readonly interpreter: () => Promise<Interpreter>;
  /** Takes one line for the kernel's log. */
  readonly log: (line: string) => void;
}

/** How long after the start the interpreter is loaded although nobody has asked for anything, in milliseconds. */
const preloadDelay = 500;
/** How long a cell may take to finish when the kernel ends, before it is interrupted again and then left alone. */
const finishGrace = 700;
/** How long the interpreter may take to shut down. Jupyter sends SIGTERM 2.5 s after its request. */
const shutdownGrace = 1000;

/** A Jupyter kernel: the five channels, and the interpreter behind them. */
export class KernelServer {
  /** Resolves when the kernel has ended: by a request, by `close`, or because a socket failed for good. */
  readonly closed: Promise<void>;
  /** Where it listens. */
  readonly ports: Readonly<Record<ChannelName, number>>;
  readonly #sockets: Sockets;
  readonly #encoder: Encoder;
  readonly #signer: Signer;
  readonly #log: (line: string) => void;
  readonly #publisher: Publisher;
  readonly #outputs: CellOutputs;
  readonly #comms: Comms;
  readonly #loader: InterpreterLoader;
  readonly #input: InputChannel;
  readonly #shells: Subshells;
  readonly #dispatcher: Dispatcher;
  readonly #queues: Readonly<Record<"shell" | "control" | "stdin", SendQueue>>;
  readonly #preload: NodeJS.Timeout;
  #closing: Promise<void> | undefined;
  #resolveClosed: () => void = () => undefined;

  /** Binds the channels and starts to answer. Throws a BindError or a SignatureSchemeError. */
  static async start(options: KernelServerOptions): Promise<KernelServer> {
    const signer = new Signer(options.connection.signatureScheme, options.connection.key);
    return new KernelServer(options, signer, await bindSockets(options.connection));
  }

  private constructor(options: KernelServerOptions, signer: Signer, sockets: Sockets) {
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
    this.ports = sockets.ports;
    this.#sockets = sockets;
    this.#signer = signer;
    this.#log = (line) => options.log(line.replace(/\s*\n\s*/g, " | "));
    this.#encoder = new Encoder(signer);
    this.#publisher = new Publisher(sockets.iopub, this.#encoder, this.#log);
    this.#outputs = new CellOutputs(this.#publisher, systemClock, new OutputBudget(systemClock));
    this.#comms = new Comms(this.#publisher, this.#log);
    this.#loader = new InterpreterLoader(options.interpreter, this.#log);
    this.#queues = {
      shell: new SendQueue(sockets.shell, this.#log),
      control: new SendQueue(sockets.control, this.#log),
      stdin: new SendQueue(sockets.stdin, this.#log),
    };
    this.#input = new InputChannel(sockets.stdin, this.#queues.stdin, this.#encoder);
    this.#shells = new Subshells((message, aborted) =>
      this.#dispatcher.dispatch(message, "shell", this.#queues.shell, aborted ? "aborted" : undefined),
    );
    this.#dispatcher = this.#createDispatcher(options.description);
    this.#preload = setTimeout(() => this.#loader.preload(), preloadDelay);
    this.#receive(sockets.shell, (message) => this.#receiveShell(message));
    this.#receive(sockets.control, (message) => this.#besideTheShell(message, "control"));
    this.#receive(sockets.stdin, (message) => this.#input.receive(message));
    void this.#publisher.welcomeSubscribers().catch((error: unknown) => this.#fail("iopub", error));
  }

  /** Asks the running cells to finish; asked again, to end at once. Does nothing when none runs. */
  interrupt(): void {
    this.#input.cancel();
    if (this.#shells.current) this.#loader.loaded?.interrupt();
  }

  /** Ends the running cell, the interpreter and the channels. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #createDispatcher(description: LanguageDescription): Dispatcher {
    return new Dispatcher(
      {
        description,
        ports: this.ports,
        executions: new ExecutionCounter(),
        usage: new UsageMeter(),
        subshells: this.#shells,
        comms: this.#comms,
        interpreter: () => this.#loader.get(),
        openOutput: (request, silent, executionCount) => this.#outputs.open(request.header, silent, executionCount),
        askInput: (request, prompt, password, signal) => this.#input.ask(request, prompt, password, signal),
        abortQueued: async (request) => this.#shells.queueFor(request)?.abortWaiting(),
        interrupt: () => this.interrupt(),
        // The request that asks for it is answered first.
        shutDown: () => void setImmediate(() => void this.close()),
      },
      this.#publisher,
      this.#encoder,
      this.#log,
    );
  }

  #receive(socket: Router, handle: (message: ReceivedMessage) => void): void {
    const loop = async (): Promise<void> => {
      for await (const frames of socket) {
        const message = this.#decode(frames);
        if (!message) continue;
        handle(message);
        if (message.header.msg_type === "kernel_info_request") setImmediate(() => this.#loader.preload());
      }
    };
    void loop().catch((error: unknown) => this.#fail("receiving", error));
  }

  #decode(frames: readonly Uint8Array[]): ReceivedMessage | undefined {
    try {
      return decode(frames, this.#signer);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#log(`A message was dropped: ${error.message}.`);
      return undefined;
    }
  }

  #receiveShell(message: ReceivedMessage): void {
    if (this.#dispatcher.isUrgent(message)) return this.#besideTheShell(message, "shell");
    const queue = this.#shells.queueFor(message);
    if (queue) queue.push(message);
    else this.#besideTheShell(message, "shell", "no such subshell");
  }

  /** Answers at once, whatever the shell is doing. */
  #besideTheShell(message: ReceivedMessage, channel: "shell" | "control", refusal?: Refusal): void {
    const answer = async (): Promise<void> => {
      await this.#dispatcher.dispatch(message, channel, this.#queues[channel], refusal);
      // Front ends, and servers that cull idle kernels, take the last status for the kernel's state, whoever asked.
      const { current } = this.#shells;
      if (current) this.#publisher.status("busy", current.header);
    };
    void answer();
  }

  async #close(): Promise<void> {
    clearTimeout(this.#preload);
    const shellClosed = this.#shells.close();
    this.interrupt();
    this.#outputs.close();
    if (!(await within(finishGrace, shellClosed))) {
      this.interrupt();
      this.#outputs.close();
      if (!(await within(finishGrace, shellClosed))) this.#log("The running cell did not end when it was interrupted.");
    }
    this.#comms.closeAll();
    const shutDown = this.#loader.loaded
      ?.shutdown()
      .catch((error: unknown) => this.#log(`Shutting down failed: ${reason(error)}.`));
    if (shutDown && !(await within(shutdownGrace, shutDown))) this.#log("The interpreter did not shut down in time.");
    this.#outputs.close();
    await Promise.all([this.#publisher, ...Object.values(this.#queues)].map((queue) => queue.flushed()));
    await this.#sockets.close();
    this.#resolveClosed();
  }

  #fail(what: string, error: unknown): void {
    if (this.#closing) return;
    this.#log(`The kernel ends, since ${what} failed: ${reason(error)}`);
    void this.close();
  }
}

/** Whether it settles within so many milliseconds. */
function within(milliseconds: number, settled: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    void settled.finally(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
