/** What was typed in this session. */
import type { HistoryEntry, HistoryRequest } from "../protocol/interpreter.js";

export class History {
  private readonly entries: HistoryEntry[] = [];

  add(line: number, input: string): void {
    this.entries.push({ session: 0, line, input, output: null });
  }

  find(request: HistoryRequest): readonly HistoryEntry[] {
    switch (request.access) {
      case "tail":
        return last(this.entries, request.count);
      case "range":
        // Session 0 is the current one; earlier ones are counted backwards and are not kept.
        return request.session === 0 ? this.entries.filter(({ line }) => line >= request.start && (request.stop === undefined || line < request.stop)) : [];
      case "search": {
        const pattern = glob(request.pattern);
        const found = this.entries.filter(({ input }) => pattern.test(input));
        const newest = found.filter(({ input }, index) => !request.unique || found.findLastIndex((other) => other.input === input) === index);
        return last(newest, request.count);
      }
    }
  }
}

function last<Item>(items: readonly Item[], count: number): readonly Item[] {
  return count <= 0 ? [] : items.slice(-count);
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[^]*").replace(/\?/g, "[^]");
  return new RegExp(`^${source}$`);
}
