/** Bounds what one cell prints: the head is shown at once, then only the newest lines are kept, and what lies between is counted. */
export interface CapLimits {
  readonly bytes: number;
  readonly lines: number;
  /** Lines of the end that are shown after the cut. */
  readonly tailLines: number;
}

export const DEFAULT_CAP: CapLimits = { bytes: 5_000_000, lines: 50_000, tailLines: 200 };

export class OutputCap {
  private bytes = 0;
  private lines = 0;
  private tail: string[] = [];
  private open = "";
  private cutLines = 0n;
  private cutBytes = 0n;

  constructor(
    private readonly show: (text: string) => void,
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
    this.show(room);
    if (room.length < text.length) {
      this.bytes = this.limits.bytes;
      this.keep(text.slice(room.length));
    }
  }

  /** Shows the end of what did not fit, and how much stood before it. */
  finish(): void {
    if (this.open !== "") this.tail.push(this.open);
    this.open = "";
    if (this.tail.length === 0) return;
    if (this.cutLines > 0n) this.show(`\n… ${this.cutLines} lines (${this.cutBytes} bytes) left out …\n`);
    this.show(this.tail.join(""));
    this.tail = [];
  }

  private get isFull(): boolean {
    return this.bytes >= this.limits.bytes || this.lines >= this.limits.lines;
  }

  /** As much of the text as may still be shown, up to the end of a line. */
  private room(text: string): string {
    if (this.bytes + text.length <= this.limits.bytes && this.lines + countLines(text) <= this.limits.lines) return text;
    let end = 0;
    for (let lines = this.lines; lines < this.limits.lines; lines++) {
      const next = text.indexOf("\n", end);
      if (next < 0 || this.bytes + next + 1 > this.limits.bytes) break;
      end = next + 1;
    }
    return text.slice(0, end);
  }

  private keep(text: string): void {
    const pieces = (this.open + text).split("\n");
    this.open = pieces.pop() ?? "";
    for (const piece of pieces) this.tail.push(`${piece}\n`);
    // An endless line is cut as well.
    if (this.open.length > this.limits.bytes) {
      this.cutBytes += BigInt(this.open.length);
      this.open = "";
    }
    const surplus = this.tail.length - this.limits.tailLines;
    if (surplus < this.limits.tailLines) return;
    for (const line of this.tail.splice(0, surplus)) {
      this.cutLines++;
      this.cutBytes += BigInt(line.length);
    }
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
