/** The edge of a session: whatever a cell shows passes here, and is as `%redact` asks before anybody else has it. */
import type { CellOutput, MimeBundle } from "../protocol/interpreter.js";
import { plainOf, renderResult, type Drawer, type RenderOptions } from "../render/index.js";
import type { Provenance, Result } from "../tracing/result.js";
import type { Redaction } from "./redaction.js";

type Stream = "stdout" | "stderr";

/** More than what OutputCap leaves of what a script prints, with its line breaks as JSON writes them. */
const MOST_TEXT = 5 << 20;

export class RedactedOutput implements CellOutput {
  /** Bundles whose contents were redacted before they were drawn: afterwards nothing can be found in a picture. */
  private readonly drawn = new WeakSet<MimeBundle>();
  /** What stands behind the last line break: the rest of its line may tell what it is. */
  private readonly unfinished: Record<Stream, string> = { stdout: "", stderr: "" };

  /** Bytes of JSON that may still come. */
  private room = MOST_TEXT;

  constructor(
    private readonly output: CellOutput,
    private readonly redaction: Redaction,
    /** As RenderOptions has it. */
    private readonly drawer?: Drawer,
  ) {}

  /** A result as it may be shown. */
  async render(result: Result, { provenance, ...options }: RenderOptions = {}): Promise<MimeBundle> {
    const { redaction } = this;
    const bundle = await renderResult(redaction.result(result), {
      drawer: this.drawer,
      ...options,
      ...(provenance ? { provenance: this.about(provenance) } : {}),
      ...(redaction.isOn ? { redacted: redaction.rules } : {}),
    });
    this.drawn.add(bundle);
    return bundle;
  }

  stream(name: Stream, text: string): void {
    const { redaction, unfinished } = this;
    if (!redaction.isOn && unfinished[name] === "") return this.say(name, text);
    const all = unfinished[name] + text;
    const end = all.lastIndexOf("\n") + 1;
    unfinished[name] = all.slice(end);
    if (end > 0) this.say(name, redaction.text(all.slice(0, end)));
  }

  /** A notebook keeps all text of a cell in one output, which must not grow without end: what a script prints is bounded before, what commands say is not. */
  private say(name: Stream, text: string): void {
    const size = Buffer.byteLength(JSON.stringify(text), "utf8");
    if (size <= this.room) {
      this.room -= size;
      return this.output.stream(name, text);
    }
    if (this.room === 0) return;
    // A character takes up to six bytes in JSON.
    const head = text.slice(0, Math.floor(this.room / 6));
    this.room = 0;
    this.output.stream(name, head);
    this.output.stream("stderr", "\n… the text that follows is left out: a notebook bears no more in one cell …\n");
  }

  /** Shows what waits for the rest of its line. */
  flush(): void {
    for (const name of ["stdout", "stderr"] as const) {
      const text = this.unfinished[name];
      this.unfinished[name] = "";
      if (text !== "") this.say(name, this.redaction.text(text));
    }
  }

  display(bundle: MimeBundle, displayId?: string): void {
    this.flush();
    this.output.display(this.passed(bundle), displayId);
  }

  update(displayId: string, bundle: MimeBundle): void {
    this.output.update(displayId, this.passed(bundle));
  }

  result(bundle: MimeBundle): void {
    this.flush();
    this.output.result(this.passed(bundle));
  }

  clear(wait: boolean): void {
    this.flush();
    this.room = MOST_TEXT;
    this.output.clear(wait);
  }

  /** What was drawn elsewhere goes as its text alone. */
  private passed(bundle: MimeBundle): MimeBundle {
    if (!this.redaction.isOn || this.drawn.has(bundle)) return bundle;
    return redactedText(bundle, this.redaction);
  }

  private about(provenance: Provenance): Provenance {
    return this.redaction.provenance(provenance);
  }
}

/** A bundle's plain text alone, redacted. */
export function redactedText(bundle: MimeBundle, redaction: Redaction): MimeBundle {
  const plain = redaction.text(plainOf(bundle));
  return { data: { "text/plain": plain }, metadata: { tapbook: { redacted: redaction.rules } } };
}
