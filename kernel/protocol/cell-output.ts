import type { Clock, OutputBudget } from "./budget.js";
import type { MimeBundle } from "./interpreter.js";
import { type OutputMessage, OutputPacer } from "./pacing.js";
import type { Publisher } from "./publisher.js";
import type { DrainedOutput } from "./request.js";
import type { PublishedContents } from "./contents.js";
import type { Header } from "./wire.js";

type BundleContent = Pick<PublishedContents["display_data"], "data" | "metadata">;

/** Opens the outputs of cells, all on one iopub and one budget. */
export class CellOutputs {
  readonly #publisher: Publisher;
  readonly #clock: Clock;
  readonly #budget: OutputBudget;
  readonly #unsent = new Set<OutputPacer>();

  constructor(publisher: Publisher, clock: Clock, budget: OutputBudget) {
    this.#publisher = publisher;
    this.#clock = clock;
    this.#budget = budget;
  }

  /** The output of the cell that `parent` asked to run. A silent one says nothing. */
  open(parent: Header, silent: boolean, executionCount: number): DrainedOutput {
    if (silent) return silentOutput;
    const pacer: OutputPacer = new OutputPacer(
      this.#clock,
      this.#budget,
      (message) => this.#publish(message, parent, executionCount),
      (unsent) => (unsent ? this.#unsent.add(pacer) : this.#unsent.delete(pacer)),
    );
    return {
      stream: (name, text) => pacer.stream(name, text),
      display: (bundle, displayId) => pacer.message({ kind: "display", bundle, displayId }),
      update: (displayId, bundle) => pacer.update(displayId, bundle),
      result: (bundle) => pacer.message({ kind: "result", bundle }),
      clear: (wait) => pacer.clear(wait),
      drain: () => pacer.drain(),
    };
  }

  /** Sends what every cell has left, whatever the budget says: the kernel is ending. */
  close(): void {
    for (const pacer of this.#unsent) pacer.close();
  }

  #publish(message: OutputMessage, parent: Header, executionCount: number): void {
    switch (message.kind) {
      case "stream":
        this.#publisher.publish("stream", { name: message.name, text: message.text }, parent);
        break;
      case "display":
        this.#publisher.publish(
          "display_data",
          {
            ...bundleContent(message.bundle),
            transient: message.displayId === undefined ? {} : { display_id: message.displayId },
          },
          parent,
        );
        break;
      case "update":
        this.#publisher.publish(
          "update_display_data",
          { ...bundleContent(message.bundle), transient: { display_id: message.displayId } },
          parent,
        );
        break;
      case "result":
        this.#publisher.publish(
          "execute_result",
          { ...bundleContent(message.bundle), execution_count: executionCount },
          parent,
        );
        break;
      case "clear":
        this.#publisher.publish("clear_output", { wait: message.wait }, parent);
    }
  }
}

const silentOutput: DrainedOutput = {
  stream: () => undefined,
  display: () => undefined,
  update: () => undefined,
  result: () => undefined,
  clear: () => undefined,
  drain: () => Promise.resolve(),
};

function bundleContent(bundle: MimeBundle): BundleContent {
  return { data: bundle.data, metadata: bundle.metadata } as BundleContent;
}
