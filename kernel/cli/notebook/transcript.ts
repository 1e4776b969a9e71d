/** A notebook as it runs, as text. */
import type { ExecuteObserver } from "./execute.js";
import { asText, type StoredOutput } from "./outputs.js";
import { sourceOf, type NotebookCell } from "./document.js";

/** Colours where the stream is a terminal and nobody objects. */
export function painter(stream: NodeJS.WriteStream): (code: string, text: string) => string {
  const isColoured = stream.isTTY && !process.env["NO_COLOR"];
  return (code, text) => (isColoured ? `\u001B[${code}m${text}\u001B[0m` : text);
}

const BOLD = "1";
const GREEN = "32";
const CYAN = "36";
const DIM = "2";

/**
 * Text that a cell prints is shown as it comes; displays when the cell ends, since until then they may be replaced. Text
 * behind a display waits with it, so that the order is the notebook's.
 */
export class Transcript implements ExecuteObserver {
  private readonly paint: ReturnType<typeof painter>;
  /** What has been shown of the text that the running cell began with. */
  private shown = "";

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.paint = painter(stream);
  }

  markdown(cell: NotebookCell): void {
    const lines = sourceOf(cell).split("\n");
    const shown = lines.map((line) => (line.startsWith("#") ? this.paint(BOLD, line.replace(/^#+ */, "")) : line));
    this.stream.write(`\n${shown.join("\n")}\n`);
  }

  started(cell: NotebookCell, number: number): void {
    const lines = sourceOf(cell).replace(/\n+$/, "").split("\n");
    const shown = lines.map((line) => `${this.paint(CYAN, "│ ")}${line}`);
    this.stream.write(`\n${this.paint(GREEN, `In [${number}]`)}\n${shown.join("\n")}\n`);
  }

  changed([first]: readonly StoredOutput[]): void {
    if (first?.output_type !== "stream") return;
    const text = asText(first["text"]);
    // After a cleared output the text starts anew.
    this.stream.write(text.startsWith(this.shown) ? text.slice(this.shown.length) : text);
    this.shown = text;
  }

  finished(outputs: readonly StoredOutput[], seconds: number): void {
    this.changed(outputs);
    const isBegun = outputs[0]?.output_type === "stream";
    if (isBegun && !this.shown.endsWith("\n")) this.stream.write("\n");
    this.shown = "";
    for (const output of outputs.slice(isBegun ? 1 : 0)) this.stream.write(`${plainText(output)}\n`);
    this.stream.write(`${this.paint(DIM, `── ${seconds.toFixed(1)} s`)}\n`);
  }

  close(): void {
    // Nothing is held open.
  }
}

/** An output as text, without line breaks at its end. */
function plainText(output: StoredOutput): string {
  const text = textOf(output);
  return text.replace(/\n+$/, "");
}

function textOf(output: StoredOutput): string {
  switch (output.output_type) {
    case "stream":
      return asText(output["text"]);
    case "error":
      return (output["traceback"] as string[]).join("\n") || `${String(output["ename"])}: ${String(output["evalue"])}`;
    default:
      return asText((output["data"] as Record<string, unknown>)["text/plain"]);
  }
}
