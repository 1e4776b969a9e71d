import type { Span } from "../source.js";

/** Something that a handler in the kernel cannot do; the compiler makes a diagnostic of it. */
export class KernelCannot extends Error {
  /** Filled in where the place is known. */
  span: Span | null = null;

  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
