/** The programs and libraries that processes have mapped: each opened once, however many processes share it. */
import { statSync } from "node:fs";
import { isEngineError, type NativeElf, type NativeElfReader } from "../native.js";
import type { Mapping } from "./mappings.js";

/** A file that stays open keeps its inode from being used anew, so an open one is never taken for another. */
const MOST_OPEN = 512;

/** Where a process' files are found while it lives. */
export interface ProcessFolder {
  /** Such as `/proc/1234`. */
  readonly path: string;
}

export class ElfFiles {
  /** By device and inode, the longest unused first; null is what is no ELF file. */
  private readonly files = new Map<string, NativeElf | null>();
  private vdsoFile: NativeElf | null | undefined;

  constructor(private readonly reader: NativeElfReader) {}

  /** The file of a mapping; null where it cannot be had or is no ELF file. `process` is null when it has ended. */
  of(mapping: Mapping, process: ProcessFolder | null): NativeElf | null {
    const key = `${mapping.device} ${mapping.inode}`;
    const known = this.files.get(key);
    if (known !== undefined) {
      this.files.delete(key);
      this.files.set(key, known);
      return known;
    }
    const opened = this.open(mapping, process);
    // What could not be opened may be had later, from another process; what was read and is no ELF file stays none.
    if (opened !== undefined) this.keep(key, opened);
    return opened ?? null;
  }

  vdso(): NativeElf | null {
    this.vdsoFile ??= this.reader.openVdso();
    return this.vdsoFile;
  }

  /** One that is open, by its build id. */
  ofBuild(buildId: string): NativeElf | null {
    if (buildId === "") return null;
    for (const file of this.files.values()) if (file?.buildId === buildId) return file;
    return this.vdsoFile?.buildId === buildId ? this.vdsoFile : null;
  }

  close(): void {
    for (const file of this.files.values()) file?.close();
    this.files.clear();
    this.vdsoFile?.close();
    this.vdsoFile = undefined;
  }

  private keep(key: string, file: NativeElf | null): void {
    this.files.set(key, file);
    const [oldest] = this.files;
    if (this.files.size <= MOST_OPEN || !oldest) return;
    oldest[1]?.close();
    this.files.delete(oldest[0]);
  }

  private open(mapping: Mapping, process: ProcessFolder | null): NativeElf | null | undefined {
    for (const path of placesOf(mapping, process)) {
      try {
        return this.reader.openElf(path);
      } catch (error) {
        if (!isEngineError(error)) throw error;
        if (error.code === "ENOEXEC") return null;
      }
    }
    return undefined;
  }
}

/** Where the very file of a mapping may be found: the mapping itself, though it were replaced; else its path, if it is still that file. */
function* placesOf(mapping: Mapping, process: ProcessFolder | null): Generator<string> {
  if (process) {
    yield `${process.path}/map_files/${mapping.start.toString(16)}-${mapping.end.toString(16)}`;
  }
  if (mapping.isDeleted) return;
  const path = process ? `${process.path}/root${mapping.path}` : mapping.path;
  if (isStill(mapping, path)) yield path;
}

function isStill(mapping: Mapping, path: string): boolean {
  const status = statSync(path, { bigint: true, throwIfNoEntry: false });
  return status?.ino === mapping.inode;
}
