/** What was typed in this session, and what it showed. */
import type { HistoryEntry, HistoryRequest } from "../protocol/interpreter.js";
import { matchesWildcard } from "../compiler/syntax/versions.js";

/** Cells that are remembered, and characters of what each of them showed. */
const MOST_ENTRIES = 10_000;
const MOST_OUTPUT = 10_000;

export class History {
  private readonly entries: HistoryEntry[] = [];

  /** `output`: what the cell printed and its result as text; empty where it showed nothing. */
  add(line: number, input: string, output: string): void {
    this.entries.push({ session: CURRENT, line, input, output: output === "" ? null : output });
    if (this.entries.length > MOST_ENTRIES) this.entries.shift();
  }

  find(request: HistoryRequest): readonly HistoryEntry[] {
    const { entries } = this;
    switch (request.access) {
      case "tail":
        return last(entries, request.count);
      case "range":
        // Earlier sessions, counted backwards, are not kept.
        if (request.session !== CURRENT) return [];
        return entries.filter(
          ({ line }) => line >= request.start && (request.stop === undefined || line < request.stop),
        );
      case "search": {
        const found = entries.filter(({ input }) => matchesWildcard(input, request.pattern));
        const newest = new Map(found.map((entry) => [entry.input, entry]));
        return last(request.unique ? found.filter((entry) => newest.get(entry.input) === entry) : found, request.count);
      }
    }
  }
}

/** How the protocol calls the running session. */
const CURRENT = 0;

/** Gathers what a cell shows as text, as far as it is remembered. */
export class OutputMemory {
  private text = "";

  add(text: string): void {
    if (this.text.length < MOST_OUTPUT) this.text += text.slice(0, MOST_OUTPUT - this.text.length);
  }

  /** A display stands on lines of its own. */
  addDisplay(text: unknown): void {
    if (typeof text !== "string" || text === "") return;
    if (this.text !== "" && !this.text.endsWith("\n")) this.add("\n");
    this.add(text);
  }

  toString(): string {
    return this.text;
  }
}

function last<Item>(items: readonly Item[], count: number): readonly Item[] {
  return count <= 0 ? [] : items.slice(-count);
}
