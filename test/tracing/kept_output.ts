import type { TraceSink } from "../../kernel/tracing/trace_options.js";

/** What a trace printed, warnings among it, and how it failed. */
export class KeptOutput implements TraceSink {
  printed = "";
  readonly failures: string[] = [];

  print(text: string): void {
    this.printed += text;
  }

  warn(text: string): void {
    this.printed += text;
  }

  histogram(): void {
    // Nobody asks for it.
  }

  failure({ message }: { readonly message: string }): void {
    this.failures.push(message);
  }
}
