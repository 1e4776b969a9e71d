/** The diagnostics of one parse, of which there are only so many: past that, the text is something else altogether. */
import type { Diagnostics } from "../diagnostic.js";
import type { Span } from "../source.js";
import { tooManyErrors, type Complaint } from "./messages.js";

const MAXIMUM = 50;

export class Complaints {
  readonly #diagnostics: Diagnostics;
  #count = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether it is time to give up; nothing more is reported then. */
  get exhausted(): boolean {
    return this.#count > MAXIMUM;
  }

  /** Takes back what has been said of a piece of the text. */
  withdraw({ source, start, end }: Span): void {
    this.#count -= this.#diagnostics.withdraw(
      ({ pass, span }) => pass === "parse" && span.source === source && span.start >= start && span.end <= end,
    );
  }

  report(span: Span, complaint: Complaint): void {
    if (this.exhausted) return;
    this.#count++;
    this.#diagnostics.report({
      severity: "error",
      pass: "parse",
      span,
      ...(this.exhausted ? tooManyErrors(MAXIMUM) : complaint),
    });
  }
}
