/** What is typed at the terminal, or comes through a pipe, for the `input` probes of a script. */
import type { ScriptInput } from "../session/script_run.js";

/** What a terminal sends for ^C and ^D where keys come one by one. */
const INTERRUPT = "\x03";
const END = "\x04";

export class StandardInput implements ScriptInput {
  private stopped = false;
  private hasKeys = false;

  constructor(private readonly interrupt: () => void) {}

  start(on: Parameters<ScriptInput["start"]>[0], { keys }: Parameters<ScriptInput["start"]>[1]): void {
    const { stdin } = process;
    this.hasKeys = keys && stdin.isTTY;
    if (this.hasKeys) stdin.setRawMode(true);
    stdin.setEncoding("latin1");
    stdin.on("data", (text: string) => {
      if (this.stopped) return;
      if (this.hasKeys) this.takeKeys(text, on);
      else on.text(text);
    });
    // Nobody can type into what cannot be read.
    stdin.on("error", () => on.end());
    stdin.on("end", () => on.end());
  }

  stop(): void {
    this.stopped = true;
    if (this.hasKeys) process.stdin.setRawMode(false);
    // A terminal that nobody reads does not keep the process.
    const { stdin }: { readonly stdin: NodeJS.ReadStream | (NodeJS.ReadableStream & { unref?: never }) } = process;
    stdin.pause();
    // A file is no handle that could keep it.
    stdin.unref?.();
  }

  /** The terminal gives up what it does with some keys; return is the end of a line all the same. */
  private takeKeys(text: string, on: Parameters<ScriptInput["start"]>[0]): void {
    for (const key of text) {
      if (key === INTERRUPT) this.interrupt();
      else if (key === END) return on.end();
      else on.text(key === "\r" ? "\n" : key);
    }
  }
}
