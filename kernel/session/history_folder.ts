/**
 * What was typed in earlier sessions: a folder with a file for each, `NUMBER.jsonl`, a line of JSON for each cell. A kernel writes to
 * its own file alone, so that several can run at once without a lock. What cells showed is not kept: it is the notebook's.
 */
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** A cell as a file keeps it. */
export interface TypedCell {
  readonly line: number;
  readonly input: string;
}

export interface HistoryLimits {
  /** Of all files together, and of one; in bytes. */
  readonly bytes: number;
  readonly fileBytes: number;
  readonly sessions: number;
}

const DEFAULT_LIMITS: HistoryLimits = { bytes: 10 << 20, fileBytes: 2 << 20, sessions: 500 };

interface ReadFile {
  /** Size and time of the file that was read: another kernel may have written to it since. */
  readonly stamp: string;
  readonly cells: readonly TypedCell[];
}

export class HistoryFolder {
  private readonly read = new Map<number, ReadFile>();
  private own: { readonly session: number; bytes: number } | null = null;

  constructor(
    private readonly path: string,
    private readonly limits: HistoryLimits = DEFAULT_LIMITS,
  ) {}

  /** The sessions that have left something, ascending; this kernel's is among them once it has a file. */
  sessions(): readonly number[] {
    let names: string[];
    try {
      names = readdirSync(this.path);
    } catch {
      return [];
    }
    return names
      .filter((name) => /^[1-9]\d{0,14}\.jsonl$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .toSorted((a, b) => a - b);
  }

  /** Takes the next number for this kernel's session, and makes room. Throws what the system says where it cannot. */
  begin(): number {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    this.prune();
    for (let session = (this.sessions().at(-1) ?? 0) + 1; ; session++) {
      try {
        // Fails where another kernel has just taken the number.
        closeSync(openSync(this.file(session), "wx", 0o600));
        this.own = { session, bytes: 0 };
        return session;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  }

  /** Writes this kernel's newest cell; `all` are its cells, from which the file is made anew when it has grown too long. */
  append(cell: TypedCell, all: readonly TypedCell[]): void {
    const { own } = this;
    if (!own) return;
    const text = lineOf(cell);
    const bytes = Buffer.byteLength(text);
    // Without it the file would lose all the others.
    if (bytes > this.limits.fileBytes / 4) return;
    if (own.bytes + bytes <= this.limits.fileBytes) {
      appendFileSync(this.file(own.session), text, { mode: 0o600 });
      own.bytes += bytes;
      return;
    }
    const kept = this.newestHalf(all);
    const unfinished = `${this.file(own.session)}.new`;
    writeFileSync(unfinished, kept, { mode: 0o600 });
    renameSync(unfinished, this.file(own.session));
    own.bytes = Buffer.byteLength(kept);
  }

  /** The cells of a session in the order they were run; what cannot be read is not there. */
  cells(session: number): readonly TypedCell[] {
    try {
      const file = this.file(session);
      const { size, mtimeMs } = statSync(file);
      const stamp = `${size} ${mtimeMs}`;
      const known = this.read.get(session);
      if (known?.stamp === stamp) return known.cells;
      const cells = readFileSync(file, "utf8").split("\n").flatMap(cellOf);
      this.read.set(session, { stamp, cells });
      return cells;
    } catch {
      return [];
    }
  }

  private file(session: number): string {
    return join(this.path, `${session}.jsonl`);
  }

  private newestHalf(all: readonly TypedCell[]): string {
    let text = "";
    for (const cell of all.toReversed()) {
      const line = lineOf(cell);
      if (Buffer.byteLength(text) + Buffer.byteLength(line) > this.limits.fileBytes / 2) break;
      text = line + text;
    }
    return text;
  }

  /** Removes what was not written to for longest. */
  private prune(): void {
    const files = this.sessions()
      .map((session) => ({ session, ...stampOf(this.file(session)) }))
      .toSorted((a, b) => b.time - a.time || b.session - a.session);
    let bytes = 0;
    for (const [index, { session, size }] of files.entries()) {
      bytes += size;
      if (index >= this.limits.sessions - 1 || bytes > this.limits.bytes - this.limits.fileBytes) {
        rmSync(this.file(session), { force: true });
        this.read.delete(session);
      }
    }
  }
}

function stampOf(file: string): { readonly size: number; readonly time: number } {
  const found = statSync(file, { throwIfNoEntry: false });
  return { size: found?.size ?? 0, time: found?.mtimeMs ?? 0 };
}

function lineOf({ line, input }: TypedCell): string {
  return `${JSON.stringify({ line, input })}\n`;
}

/** None where the line is not whole: a kernel may have been killed while it wrote. */
function cellOf(text: string): TypedCell[] {
  if (text === "") return [];
  try {
    const { line, input } = JSON.parse(text) as Partial<Record<keyof TypedCell, unknown>>;
    return typeof line === "number" && typeof input === "string" ? [{ line, input }] : [];
  } catch {
    return [];
  }
}
