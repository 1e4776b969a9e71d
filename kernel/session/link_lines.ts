/** How far a run from the command line is with attaching many probes: a line now and then, where that takes more than a second. */
import { linksPlain } from "../render/links.js";
import type { LinkProgress } from "../tracing/links.js";
import type { LinksResult } from "../tracing/result.js";

/** Milliseconds until the first line. */
const FIRST_LINE = 1000;
const PAUSE = 5000;

export class LinkLines {
  private next: number;

  constructor(
    private readonly say: (line: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.next = now() + FIRST_LINE;
  }

  tell(work: LinksResult["work"], { done, total }: LinkProgress): void {
    if (this.now() < this.next || done === total) return;
    this.next = this.now() + PAUSE;
    this.say(`${linksPlain({ kind: "links", work, done, total })}\n`);
  }
}
