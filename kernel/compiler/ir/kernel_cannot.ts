import type { Span } from "../source.js";

/** Something that a handler in the kernel cannot do; the compiler makes a diagnostic of it. */
export class KernelCannot extends Error {
  /** Filled in where the place is known. */
  span: Span | null = null;
  #others: readonly KernelCannot[] = [];

  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }

  /** Keeps the place that is known; `span` stands in where none is. */
  at(span: Span): this {
    this.span ??= span;
    return this;
  }

  /** What else the same handlers cannot do. */
  with(others: readonly KernelCannot[]): this {
    this.#others = [...this.#others, ...others];
    return this;
  }

  get all(): readonly KernelCannot[] {
    return [this, ...this.#others.flatMap((other) => other.all)];
  }
}
