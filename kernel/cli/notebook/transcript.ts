/** A notebook as it runs, as text. */
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

export class Transcript {
  private readonly paint: ReturnType<typeof painter>;

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.paint = painter(stream);
  }

  markdown(cell: NotebookCell): void {
    const lines = sourceOf(cell).split("\n");
    const shown = lines.map((line) => (line.startsWith("#") ? this.paint(BOLD, line.replace(/^#+ */, "")) : line));
    this.stream.write(`\n${shown.join("\n")}\n`);
  }

  source(cell: NotebookCell, number: number): void {
    const lines = sourceOf(cell).replace(/\n+$/, "").split("\n");
    const shown = lines.map((line) => `${this.paint(CYAN, "│ ")}${line}`);
    this.stream.write(`\n${this.paint(GREEN, `In [${number}]`)}\n${shown.join("\n")}\n`);
  }

  /** All of what a cell shows, in the notebook's order. */
  outputs(outputs: readonly StoredOutput[], seconds: number): void {
    for (const output of outputs) this.stream.write(`${plainText(output)}\n`);
    this.stream.write(`${this.paint(DIM, `── ${seconds.toFixed(1)} s`)}\n`);
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
