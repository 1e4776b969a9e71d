/**
 * What a script has attached: few links at once, many in the background, since the kernel may take a tenth of a second for each.
 * Of a pattern that names several functions, those that the kernel refuses are left out.
 */
import { isEngineError, type EngineError, type Native, type NativeAttachment, type NativeLink } from "./native.js";

/** So many are attached and closed before anybody notices. */
const FEW = 8;

/** So many functions of one link take no time that anybody notices. */
const FEW_FUNCTIONS = 100;

/** How many of how many are done. */
export interface LinkProgress {
  readonly done: number;
  readonly total: number;
}

/** How attaching in the background is watched and ended. */
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

/** One program at one place. */
export interface Attachment extends NativeAttachment {
  /** As in ProgramSpec. */
  readonly pattern: string | null;
  /** What is attached to, for whoever is told that it is left out. */
  readonly place: string;
}

/** What the kernel refused of a pattern that it took others of. */
export interface Refused extends Pick<Attachment, "pattern" | "place"> {
  readonly error: EngineError;
}

/** All links of one script. */
export class Links {
  private links: NativeLink[] = [];
  private isSlowToClose = false;

  constructor(private readonly native: Pick<Native, "attachMany" | "closeMany">) {}

  /** Everything at once, but for what is left out; where it throws, nothing is left. */
  attach(attachments: readonly Attachment[]): readonly Refused[] {
    this.isSlowToClose = attachments.some(isSlowToClose);
    const attempt = new Attempt(attachments);
    try {
      for (let tried = attempt.next(); tried.length > 0; tried = attempt.next()) {
        for (const attachment of tried) {
          const outcome = attachNow(attachment);
          if (isLink(outcome)) this.links.push(outcome);
          attempt.take(attachment, outcome);
        }
      }
      return attempt.end();
    } catch (error) {
      this.closeNow();
      throw error;
    }
  }

  /** The same without holding anybody up; nothing is left when the promise is rejected. */
  async attachInBackground(
    attachments: readonly Attachment[],
    { onProgress, signal }: AttachOptions,
  ): Promise<readonly Refused[]> {
    if (attachments.length <= FEW && !attachments.some(isLarge)) return this.attach(attachments);
    this.isSlowToClose = attachments.some(isSlowToClose);
    const total = attachments.length;
    const attempt = new Attempt(attachments);
    const links: NativeLink[] = [];
    let finished = 0;
    try {
      for (let tried = attempt.next(); tried.length > 0; tried = attempt.next()) {
        const outcomes = await this.round(tried, signal, (done) =>
          onProgress({ done: Math.min(finished + done, total), total }),
        );
        // Every link there is counts among those to be closed before any refusal is thrown.
        links.push(...outcomes.filter(isLink));
        tried.forEach((attachment, index) => attempt.take(attachment, outcomes[index] as NativeLink | EngineError));
        finished += tried.length;
      }
      const refused = attempt.end();
      this.links = links;
      return refused;
    } catch (error) {
      await this.native.closeMany(links);
      throw error;
    }
  }

  private async round(
    attachments: readonly Attachment[],
    signal: AbortSignal,
    onProgress: (done: number) => void,
  ): Promise<readonly (NativeLink | EngineError)[]> {
    const attaching = this.native.attachMany(attachments, onProgress);
    const cancel = (): void => attaching.cancel();
    signal.addEventListener("abort", cancel);
    if (signal.aborted) cancel();
    try {
      return await attaching.done;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  /** Null where all are closed already. */
  close(): Detaching | null {
    const areFew = this.links.length <= FEW;
    if (this.links.length === 0 || (areFew && !this.isSlowToClose)) {
      this.closeNow();
      return null;
    }
    const links = this.links.splice(0);
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

/** Goes over attachments in rounds: a link to many functions that is refused is tried again in halves, down to the one at fault. */
class Attempt {
  private waiting: Attachment[];
  private readonly refused: Refused[] = [];
  private readonly attachedPatterns = new Set<string>();

  constructor(attachments: readonly Attachment[]) {
    this.waiting = [...attachments];
  }

  next(): readonly Attachment[] {
    return this.waiting.splice(0);
  }

  /** Throws what is not about one function of a pattern. */
  take(attachment: Attachment, outcome: NativeLink | EngineError): void {
    const { pattern, place } = attachment;
    if (isLink(outcome)) {
      if (pattern !== null) this.attachedPatterns.add(pattern);
      return;
    }
    if (pattern === null || !isAboutItsPlace(outcome)) throw outcome;
    const halves = halvesOf(attachment);
    if (halves) this.waiting.push(...halves);
    else this.refused.push({ pattern, place, error: outcome });
  }

  /** A pattern of which nothing is attached is refused as a whole. */
  end(): readonly Refused[] {
    const whole = this.refused.find(({ pattern }) => pattern !== null && !this.attachedPatterns.has(pattern));
    if (whole) throw whole.error;
    return this.refused;
  }
}

function attachNow({ program, options }: NativeAttachment): NativeLink | EngineError {
  try {
    return program.attach(options);
  } catch (error) {
    if (isEngineError(error)) return error;
    throw error;
  }
}

function halvesOf(attachment: Attachment): readonly Attachment[] | null {
  const { options } = attachment;
  if (options.mechanism !== "kprobe_multi" || options.functions.length === 1) return null;
  const middle = options.functions.length >> 1;
  return [
    [0, middle],
    [middle, options.functions.length],
  ].map(([from = 0, to]) => {
    const functions = options.functions.slice(from, to);
    const cookies = options.cookies?.slice(from, to);
    const place = functions.length === 1 ? (functions[0] as string) : attachment.place;
    return { ...attachment, place, options: { ...options, functions, ...(cookies ? { cookies } : {}) } };
  });
}

/** What kernels say of a function that nothing may be attached to, and not of the one who asks or of what there is too much of. */
const OF_PLACES: ReadonlySet<string> = new Set([
  "EADDRNOTAVAIL",
  "EBUSY",
  "EILSEQ",
  "EINVAL",
  "ENOENT",
  "EOPNOTSUPP",
  "ESRCH",
]);

/** The kernel refuses this one place, and may take the others of its pattern. */
export function isAboutItsPlace({ code }: EngineError): boolean {
  return OF_PLACES.has(code);
}

function isLarge({ options }: NativeAttachment): boolean {
  return options.mechanism === "kprobe_multi" && options.functions.length > FEW_FUNCTIONS;
}

/** Before the kernel lets go of a tracepoint's event it waits for all programs of tracepoints: that is noticed of a single one. */
function isSlowToClose(attachment: NativeAttachment): boolean {
  return attachment.options.mechanism === "tracepoint" || isLarge(attachment);
}

function isLink(outcome: NativeLink | EngineError): outcome is NativeLink {
  return !isEngineError(outcome);
}
