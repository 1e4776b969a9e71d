/** What was typed in this session and in those before it, and what this one showed. */
import { matchesWildcard } from "../compiler/syntax/versions.js";
import type { HistoryEntry, HistoryRequest } from "../protocol/interpreter.js";
import type { HistoryFolder } from "./history_folder.js";

/** Cells that are remembered, and characters of what each of them showed. */
const MOST_ENTRIES = 10_000;
const MOST_OUTPUT = 10_000;

export class History {
  private readonly entries: Omit<HistoryEntry, "session">[] = [];
  /** This session's number, once there is something that has one. */
  private session: number | null = null;

  /** Without a folder only this session is remembered; `onProblem` is told once why it is not kept. */
  constructor(
    private folder: HistoryFolder | null = null,
    private readonly onProblem: (sentence: string) => void = () => undefined,
  ) {}

  /** `output`: what the cell printed and its result as text; empty where it showed nothing. */
  add(line: number, input: string, output: string): void {
    const entry = { line, input, output: output === "" ? null : output };
    this.entries.push(entry);
    if (this.entries.length > MOST_ENTRIES) this.entries.shift();
    try {
      this.session ??= this.folder?.begin() ?? 1;
      this.folder?.append(entry, this.entries);
    } catch (error) {
      this.onProblem(`The history of this session is not kept: ${(error as Error).message}.`);
      this.session ??= this.next();
      this.folder = null;
    }
  }

  find(request: HistoryRequest): readonly HistoryEntry[] {
    switch (request.access) {
      case "tail":
        return this.last(request.count, () => true);
      case "range":
        return this.cellsOf(this.named(request.session)).filter(
          ({ line }) => line >= request.start && (request.stop === undefined || line < request.stop),
        );
      case "search": {
        if (!request.unique) return this.last(request.count, ({ input }) => matchesWildcard(input, request.pattern));
        const seen = new Set<string>();
        return this.last(request.count, ({ input }) => {
          if (seen.has(input) || !matchesWildcard(input, request.pattern)) return false;
          seen.add(input);
          return true;
        });
      }
    }
  }

  /** The newest entries that `isWanted`, which is asked about the newest first; the oldest is first in the answer. */
  private last(count: number, isWanted: (entry: HistoryEntry) => boolean): readonly HistoryEntry[] {
    const found: HistoryEntry[] = [];
    const sessions = new Set([...(this.folder?.sessions() ?? []), this.current()]);
    for (const session of [...sessions].toSorted((a, b) => b - a)) {
      if (found.length >= count) break;
      for (const entry of this.cellsOf(session).toReversed()) {
        if (found.length >= count) break;
        if (isWanted(entry)) found.push(entry);
      }
    }
    return found.toReversed();
  }

  private cellsOf(session: number): readonly HistoryEntry[] {
    if (session === this.current()) return this.entries.map((entry) => ({ session, ...entry }));
    return (this.folder?.cells(session) ?? []).map((cell) => ({ session, ...cell, output: null }));
  }

  /** As the protocol counts: 0 is this session, -1 the one before it. */
  private named(session: number): number {
    if (session > 0) return session;
    const earlier = (this.folder?.sessions() ?? []).filter((number) => number < this.current());
    return session === 0 ? this.current() : (earlier.at(session) ?? -1);
  }

  private current(): number {
    return this.session ?? this.next();
  }

  private next(): number {
    return (this.folder?.sessions().at(-1) ?? 0) + 1;
  }
}

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
