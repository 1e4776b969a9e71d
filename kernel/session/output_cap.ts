/** Bounds what one cell prints: the head is shown at once, then only the newest text is kept, and what lies between is counted. */
export interface CapLimits {
  readonly bytes: number;
  readonly lines: number;
  /** How much of the end is shown behind the cut. */
  readonly tailLines: number;
  readonly tailBytes: number;
}

export const DEFAULT_CAP: CapLimits = { bytes: 5_000_000, lines: 50_000, tailLines: 200, tailBytes: 100_000 };

/** Texts are byte strings. */
export class OutputCap {
  private bytes = 0;
  private lines = 0;
  private isFull = false;
  private isFinished = false;
  private tail = "";
  private cutLines = 0n;
  private cutBytes = 0n;

  constructor(
    private readonly show: (text: string) => void,
    /** Where the whole is, or how to get it. */
    private readonly advice: string,
    private readonly limits: CapLimits = DEFAULT_CAP,
  ) {}

  /** What was left out, once `finish` has run. */
  get cut(): { readonly lines: bigint; readonly bytes: bigint } {
    return { lines: this.cutLines, bytes: this.cutBytes };
  }

  print(text: string): void {
    if (this.isFull) return this.keep(text);
    const room = this.room(text);
    this.bytes += room.length;
    this.lines += countLines(room);
    if (room !== "") this.show(room);
    if (room.length === text.length) return;
    this.isFull = true;
    this.keep(text.slice(room.length));
  }

  /** Shows the end of what did not fit, and how much stood before it. May be called twice. */
  finish(): void {
    if (this.isFinished) return;
    this.isFinished = true;
    if (countLines(this.tail) > this.limits.tailLines || this.tail.length > this.limits.tailBytes) this.trim();
    const { lines, bytes } = this.cut;
    if (bytes > 0n) this.show(`\n${ELLIPSIS} ${lines} lines (${bytes} bytes) left out; ${this.advice} ${ELLIPSIS}\n`);
    if (this.tail !== "") this.show(this.tail);
    this.tail = "";
  }

  /** As much of the text as may still be shown, up to the end of a line. */
  private room(text: string): string {
    const { bytes, lines } = this.limits;
    if (this.bytes + text.length <= bytes && this.lines + countLines(text) <= lines) return text;
    let end = 0;
    for (let line = this.lines; line < lines; line++) {
      const next = text.indexOf("\n", end) + 1;
      if (next === 0 || this.bytes + next > bytes) break;
      end = next;
    }
    return text.slice(0, end);
  }

  private keep(text: string): void {
    this.tail += text;
    // Trimmed seldom, since each time the whole tail is looked at.
    if (this.tail.length > 2 * this.limits.tailBytes) this.trim();
  }

  /** Leaves at most the newest lines, whole where a line is not longer than all that may be kept. */
  private trim(): void {
    const { tailBytes, tailLines } = this.limits;
    let start = Math.max(0, this.tail.length - tailBytes);
    if (start > 0) {
      const next = this.tail.indexOf("\n", start - 1) + 1;
      if (next > 0 && next < this.tail.length) start = next;
      else while (isContinuation(this.tail.charCodeAt(start))) start++;
    }
    const surplus = countLines(this.tail.slice(start)) - tailLines;
    for (let line = 0; line < surplus; line++) start = this.tail.indexOf("\n", start) + 1;
    this.cutLines += BigInt(countLines(this.tail.slice(0, start)));
    this.cutBytes += BigInt(start);
    this.tail = this.tail.slice(start);
  }
}

/** In UTF-8, as a byte string. */
const ELLIPSIS = "\u00E2\u0080\u00A6";

/** Whether a byte goes on with a character of UTF-8 that an earlier one began. */
function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
