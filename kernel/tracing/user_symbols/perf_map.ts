/**
 * The names of code that a program made at run time, such as a just-in-time compiler's: `/tmp/perf-PID.map`, as the program sees
 * `/tmp` and its own number. A line is `START SIZE name`, the first two in hexadecimal.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { rangeAt } from "./mappings.js";

/** More is no map that somebody wrote for us. */
const MOST_BYTES = 256 * 1024 * 1024;

interface NamedRange {
  readonly start: bigint;
  readonly end: bigint;
  readonly name: string;
}

/** By address. A place is used again when code is thrown away: what was written last counts. */
export function parsePerfMap(text: string): readonly NamedRange[] {
  const written = Array.from(
    text.matchAll(/^(?:0x)?([0-9a-f]+) (?:0x)?([0-9a-f]+) (.+)$/gim),
    ([, start, size, name]) => ({
      start: BigInt(`0x${start}`),
      end: BigInt(`0x${start}`) + BigInt(`0x${size}`),
      name: name!.trimEnd(),
    }),
  ).filter(({ start, end }) => end > start);
  const sorted = written
    .map((range, line) => ({ range, line }))
    .toSorted((one, other) => compare(one.range.start, other.range.start) || one.line - other.line);
  const kept: { range: NamedRange; line: number }[] = [];
  for (const next of sorted) {
    // Whatever overlaps what was written later is gone; what begins before it and was written later covers it.
    while (kept.length > 0 && kept.at(-1)!.range.end > next.range.start && kept.at(-1)!.line < next.line) kept.pop();
    if (kept.length === 0 || kept.at(-1)!.range.end <= next.range.start) kept.push(next);
  }
  return kept.map(({ range }) => range);
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** One process' map, read again when it grew. */
export class PerfMap {
  private ranges: readonly NamedRange[] = [];
  private readBytes = 0;

  constructor(private readonly path: string) {}

  at(address: bigint): NamedRange | null {
    return rangeAt(this.ranges, address);
  }

  /** Returns whether there was something new. */
  refresh(): boolean {
    const text = readRegularFile(this.path, this.readBytes);
    if (text === null) return false;
    this.readBytes = text.length;
    this.ranges = parsePerfMap(text.toString("utf8"));
    return true;
  }
}

/** Null where it has `knownBytes` still. The program chose what lies there: only a plain file is read, and no link followed. */
function readRegularFile(path: string, knownBytes: number): Buffer | null {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const status = fstatSync(file);
    if (!status.isFile() || status.size === knownBytes || status.size > MOST_BYTES) return null;
    const bytes = Buffer.alloc(status.size);
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(file, bytes, done, bytes.length - done, done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  } finally {
    closeSync(file);
  }
}
