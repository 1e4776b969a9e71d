/** Small texts on their way to a file: put together up to this size, or until the event loop comes round. */
const CHUNK = 64 << 10;

/** Byte strings (one character, one byte) until they are worth a write. */
export class GatheredText {
  private text = "";
  private scheduled = false;

  /** `flush` is called when it is time to `take`. */
  constructor(private readonly flush: () => void) {}

  add(text: string): void {
    this.text += text;
    if (this.text.length >= CHUNK) this.flush();
    else if (!this.scheduled) {
      this.scheduled = true;
      setImmediate(this.flush);
    }
  }

  /** What has come since the last time; null for nothing. */
  take(): Buffer | null {
    this.scheduled = false;
    if (this.text === "") return null;
    const bytes = Buffer.from(this.text, "latin1");
    this.text = "";
    return bytes;
  }
}
