/** A notebook as it runs, in a terminal. */
import { bold, cyan, dim, green, red } from "../setup/terminal.mjs";

const text = (value) => (Array.isArray(value) ? value.join("") : (value ?? ""));
const indented = (lines, mark) =>
  text(lines)
    .replace(/\n+$/, "")
    .split("\n")
    .map((line) => `${mark}${line}`)
    .join("\n");

export function showMarkdown(source) {
  const shown = text(source)
    .split("\n")
    .map((line) => (line.startsWith("#") ? bold(line.replace(/^#+ */, "")) : line));
  console.log(`\n${shown.join("\n")}`);
}

export function showSource(source, number) {
  console.log(`\n${green(`In [${number}]`)}\n${indented(source, cyan("│ "))}`);
}

function showOutput(output) {
  switch (output.output_type) {
    case "stream":
      process.stdout.write(text(output.text));
      break;
    case "error":
      // The kernel colours its own traceback.
      console.log(output.traceback.length > 0 ? output.traceback.join("\n") : red(`${output.ename}: ${output.evalue}`));
      break;
    default:
      console.log(text(output.data["text/plain"]).replace(/\n+$/, ""));
  }
}

/**
 * Shows the messages of one cell: text as it comes; displays when the cell ends, since until then they may be replaced.
 * Text that follows a display waits with it, so that the order is the notebook's.
 */
export class CellTranscript {
  #collected;
  #shown = "";

  constructor(collected) {
    this.#collected = collected;
  }

  update() {
    const first = this.#collected.outputs[0];
    if (first?.output_type !== "stream") return;
    const whole = text(first.text);
    // After a cleared output the text starts anew.
    process.stdout.write(whole.startsWith(this.#shown) ? whole.slice(this.#shown.length) : whole);
    this.#shown = whole;
  }

  finish(seconds) {
    for (const [position, output] of this.#collected.outputs.entries()) {
      if (position === 0 && output.output_type === "stream") this.update();
      else showOutput(output);
    }
    console.log(dim(`── ${seconds.toFixed(1)} s`));
  }
}
