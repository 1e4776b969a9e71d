import { reason } from "./errors.js";
import type { Interpreter } from "./interpreter.js";

/** Starts the interpreter once, when it is first wanted. */
export class InterpreterLoader {
  readonly #start: () => Promise<Interpreter>;
  readonly #log: (line: string) => void;
  #promise: Promise<Interpreter> | undefined;
  #loaded: Interpreter | undefined;

  constructor(start: () => Promise<Interpreter>, log: (line: string) => void) {
    this.#start = start;
    this.#log = log;
  }

  /** The interpreter, if it is there already. */
  get loaded(): Interpreter | undefined {
    return this.#loaded;
  }

  /** The interpreter; waits while it starts, rejects where it could not. */
  get(): Promise<Interpreter> {
    this.#promise ??= this.#load();
    return this.#promise;
  }

  /** Starts it in advance; a failure is shown by the first request that needs it. */
  preload(): void {
    void this.get().catch(() => undefined);
  }

  async #load(): Promise<Interpreter> {
    try {
      this.#loaded = await this.#start();
      return this.#loaded;
    } catch (error) {
      this.#log(`The interpreter could not start: ${reason(error)}`);
      throw error;
    }
  }
}
