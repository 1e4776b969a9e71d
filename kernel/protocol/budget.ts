/** Time, as pacing sees it: handed in, so that a test can be its master. */
export interface Clock {
  /** Milliseconds from any fixed moment, never going back. */
  now(): number;
  /** Calls `action` once, `milliseconds` from now; the result cancels. */
  after(milliseconds: number, action: () => void): () => void;
}

/** The machine's clock. A pending timer does not keep the process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

/** What may be sent: `rate` a second, and `burst` at once. */
interface Allowance {
  readonly rate: number;
  readonly burst: number;
}

/** The most that a kernel may put on iopub. */
export interface OutputLimits {
  readonly bytes: Allowance;
  readonly messages: Allowance;
}

/**
 * Jupyter servers drop what exceeds 1,000,000 stream bytes or 1,000 messages a second, counted over three seconds. These
 * limits keep any three seconds below nine tenths of that: burst + 3 × rate = 2.7 million bytes and 2,700 messages.
 */
const serverLimits: OutputLimits = {
  bytes: { rate: 750_000, burst: 450_000 },
  messages: { rate: 700, burst: 600 },
};

/** Keeps a kernel's output below its limits: two token buckets, shared by all cells. */
export class OutputBudget {
  readonly #clock: Clock;
  readonly #limits: OutputLimits;
  #bytes: number;
  #messages: number;
  #updated: number;

  constructor(clock: Clock, limits: OutputLimits = serverLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#bytes = limits.bytes.burst;
    this.#messages = limits.messages.burst;
    this.#updated = clock.now();
  }

  /** Takes one message of `bytes` and answers 0, or takes nothing and answers how many milliseconds to wait. */
  take(bytes: number): number {
    this.#refill();
    // A message beyond the burst could otherwise never be sent; it waits for a full bucket and leaves a debt.
    const needed = Math.min(bytes, this.#limits.bytes.burst);
    const missing = Math.max(
      (needed - this.#bytes) / this.#limits.bytes.rate,
      (1 - this.#messages) / this.#limits.messages.rate,
    );
    if (missing > 0) return Math.ceil(missing * 1000);
    this.#bytes -= bytes;
    this.#messages -= 1;
    return 0;
  }

  #refill(): void {
    const now = this.#clock.now();
    const seconds = (now - this.#updated) / 1000;
    const { bytes, messages } = this.#limits;
    this.#bytes = Math.min(bytes.burst, this.#bytes + seconds * bytes.rate);
    this.#messages = Math.min(messages.burst, this.#messages + seconds * messages.rate);
    this.#updated = now;
  }
}
