/**
 * What processes had mapped, put together from the kernel's records of perf events (their layout is in `linux/perf_event.h`): also of
 * processes that ended before anybody could look at them.
 */
import type { Mapping } from "./mappings.js";

const RECORD_LOST = 2;
const RECORD_COMM = 3;
const RECORD_FORK = 7;
const RECORD_MMAP2 = 10;
/** The new name is that of an executed program. */
const MISC_COMM_EXEC = 1 << 13;
const PROT_EXEC = 4;
const HEADER = 8;
const FILE_NAME = 72;
const TIME = 8;

/** Processes that are remembered; beyond it, the ones that were first seen are forgotten. */
const MOST_PROCESSES = 4096;
const DELETED = " (deleted)";

interface PerfRecord {
  readonly type: number;
  readonly misc: number;
  readonly bytes: DataView;
  readonly time: bigint;
}

export class MappingHistory {
  private readonly processes = new Map<number, readonly Mapping[]>();
  /** Since they were last asked for. */
  private readonly changed = new Set<number>();
  /** The process that one came from with mappings which were never recorded; null where all that it has was. */
  private readonly parents = new Map<number, number | null>();
  /** Records that the kernel could not keep. */
  lost = 0;

  /** Whole records, in any order. */
  add(records: Uint8Array): void {
    const parsed = parseRecords(records).toSorted((left, right) => compare(left.time, right.time));
    for (const record of parsed) this.apply(record);
  }

  /** By address, only code; null where nothing is new since this was last asked. */
  takeNew(pid: number): readonly Mapping[] | null {
    return this.changed.delete(pid) ? (this.processes.get(pid) ?? null) : null;
  }

  /** Whose mappings, never recorded, a process began with; null where it has no others, or where nothing is known of it. */
  parentOf(pid: number): number | null {
    return this.parents.get(pid) ?? null;
  }

  private apply({ type, misc, bytes }: PerfRecord): void {
    if (type === RECORD_LOST) {
      this.lost += Number(bytes.getBigUint64(HEADER + 8, true));
      return;
    }
    const pid = bytes.getUint32(HEADER, true);
    if (type === RECORD_COMM && (misc & MISC_COMM_EXEC) !== 0) {
      this.parents.set(pid, null);
      this.set(pid, []);
    } else if (type === RECORD_FORK) {
      const parent = bytes.getUint32(HEADER + 4, true);
      // A new thread is of the same process.
      if (parent === pid) return;
      const origin = this.parents.get(parent);
      this.parents.delete(pid);
      this.parents.set(pid, origin === undefined ? parent : origin);
      this.set(pid, this.processes.get(parent) ?? []);
    } else if (type === RECORD_MMAP2) {
      const mapping = mappingOf(bytes);
      const others = (this.processes.get(pid) ?? []).filter(
        ({ start, end }) => end <= mapping.start || start >= mapping.end,
      );
      this.set(
        pid,
        [...others, mapping].toSorted((left, right) => compare(left.start, right.start)),
      );
    }
  }

  private set(pid: number, mappings: readonly Mapping[]): void {
    this.processes.set(pid, mappings);
    this.changed.add(pid);
    const [oldest] = this.processes.keys();
    if (this.processes.size <= MOST_PROCESSES || oldest === undefined) return;
    this.processes.delete(oldest);
    this.changed.delete(oldest);
    this.parents.delete(oldest);
  }
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function parseRecords(records: Uint8Array): PerfRecord[] {
  const parsed: PerfRecord[] = [];
  for (let place = 0; place + HEADER <= records.length;) {
    const header = new DataView(records.buffer, records.byteOffset + place, HEADER);
    const size = header.getUint16(6, true);
    const bytes = new DataView(records.buffer, records.byteOffset + place, size);
    // What was lost has no moment; every other record ends with its own.
    const type = header.getUint32(0, true);
    const time = type === RECORD_LOST ? 0n : bytes.getBigUint64(size - TIME, true);
    parsed.push({ type, misc: header.getUint16(4, true), bytes, time });
    place += size;
  }
  return parsed;
}

function mappingOf(bytes: DataView): Mapping {
  const start = bytes.getBigUint64(16, true);
  const hexadecimal = (place: number): string => bytes.getUint32(place, true).toString(16).padStart(2, "0");
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + FILE_NAME, bytes.byteLength - FILE_NAME - TIME);
  const name = text.subarray(0, text.indexOf(0)).toString("utf8");
  const isDeleted = name.endsWith(DELETED);
  return {
    start,
    end: start + bytes.getBigUint64(24, true),
    executable: (bytes.getUint32(64, true) & PROT_EXEC) !== 0,
    offset: bytes.getBigUint64(32, true),
    device: `${hexadecimal(40)}:${hexadecimal(44)}`,
    inode: bytes.getBigUint64(48, true),
    path: name === "//anon" ? "" : isDeleted ? name.slice(0, -DELETED.length) : name,
    isDeleted,
  };
}
