/** What a script has attached: few links at once, many in the background, since the kernel may take a tenth of a second for each. */
import { isEngineError, type EngineError, type Native, type NativeAttachment, type NativeLink } from "./native.js";

/** So many are attached and closed before anybody notices. */
const FEW = 8;

/** Of these a single one is noticed when it is closed: the kernel waits for all programs of tracepoints before it lets go. */
const SLOW_TO_CLOSE: ReadonlySet<NativeAttachment["options"]["mechanism"]> = new Set(["tracepoint"]);

/** How many of how many are done. */
export interface LinkProgress {
  readonly done: number;
  readonly total: number;
}

export interface AttachOptions {
  readonly onProgress: (progress: LinkProgress) => void;
  /** Gives up, and lets go of what is attached already: the promise is rejected with ECANCELED. */
  readonly signal: AbortSignal;
}

/** Links that are being closed in the background. */
export interface Detaching {
  /** No program runs any more that was running when it began. */
  readonly quiet: Promise<void>;
  /** Nothing is attached any more. */
  readonly done: Promise<void>;
  progress(): LinkProgress;
}

export class Links {
  private links: NativeLink[] = [];
  private isSlowToClose = false;

  constructor(private readonly native: Pick<Native, "attachMany" | "closeMany">) {}

  /** All or nothing, at once. */
  attach(attachments: readonly NativeAttachment[]): void {
    this.isSlowToClose = attachments.some(({ options }) => SLOW_TO_CLOSE.has(options.mechanism));
    try {
      for (const { program, options } of attachments) this.links.push(program.attach(options));
    } catch (error) {
      this.closeNow();
      throw error;
    }
  }

  /** All or nothing; nothing is left when the promise is rejected. */
  async attachInBackground(
    attachments: readonly NativeAttachment[],
    { onProgress, signal }: AttachOptions,
  ): Promise<void> {
    if (attachments.length <= FEW) return this.attach(attachments);
    const total = attachments.length;
    const attaching = this.native.attachMany(attachments, (done) => onProgress({ done, total }));
    const cancel = (): void => attaching.cancel();
    signal.addEventListener("abort", cancel);
    if (signal.aborted) cancel();
    try {
      const outcomes = await attaching.done;
      const links = outcomes.filter(isLink);
      const refusal = outcomes.find(isEngineError);
      if (refusal) {
        await this.native.closeMany(links);
        throw refusal;
      }
      this.links = links;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  /** Null where all are closed already. */
  close(): Detaching | null {
    if (this.links.length <= FEW && !(this.isSlowToClose && this.links.length > 0)) {
      this.closeNow();
      return null;
    }
    const links = this.links.splice(0);
    const areFew = links.length <= FEW;
    let closed = 0;
    let isQuiet: () => void = () => undefined;
    const firstClosed = new Promise<void>((resolve) => (isQuiet = resolve));
    const done = this.native.closeMany(links, (count) => {
      closed = count;
      isQuiet();
    });
    return {
      // Before the kernel has closed one it has waited for all programs that were running, whichever they are: of many, some may be.
      quiet: areFew ? Promise.resolve() : Promise.race([firstClosed, done]),
      done,
      progress: () => ({ done: closed, total: links.length }),
    };
  }

  private closeNow(): void {
    for (const link of this.links.splice(0).toReversed()) link.close();
  }
}

function isLink(outcome: NativeLink | EngineError): outcome is NativeLink {
  return !isEngineError(outcome);
}
