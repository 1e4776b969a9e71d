/** What a process and all that it starts, or every process, maps, recorded by the kernel for as long as this is open. */
import { isEngineError, type Native, type NativeMappingRecords } from "../native.js";
import { MappingHistory } from "./mapping_history.js";
import type { Mapping } from "./mappings.js";

/** Milliseconds in which the kernel's buffers do not fill. */
const PAUSE = 100;

export class RecordedMappings {
  private readonly history = new MappingHistory();
  private readonly timer: NodeJS.Timeout;

  private constructor(private readonly records: NativeMappingRecords) {
    this.timer = setInterval(() => this.read(), PAUSE).unref();
  }

  /** `pid` is null for every process. Null where the kernel refuses it: then only processes that live long enough to be looked at have names. */
  static open(pid: number | null, native: Pick<Native, "recordMappings">): RecordedMappings | null {
    try {
      return new RecordedMappings(pid === null ? native.recordMappings() : native.recordMappings(pid));
    } catch (error) {
      if (!isEngineError(error)) throw error;
      return null;
    }
  }

  /** Null where nothing is new since this was last asked. */
  takeNew(pid: number): readonly Mapping[] | null {
    this.read();
    return this.history.takeNew(pid);
  }

  /** Whose mappings a process began with, where those were never recorded: it may have no others. */
  parentOf(pid: number): number | null {
    return this.history.parentOf(pid);
  }

  /** Records that found no place in the kernel's buffers. */
  get lost(): number {
    return this.history.lost;
  }

  close(): void {
    clearInterval(this.timer);
    this.read();
    this.records.close();
  }

  private read(): void {
    this.history.add(this.records.take());
  }
}
