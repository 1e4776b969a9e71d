/** One process, living or ended: what it had mapped each time that we looked. */
import { readFileSync } from "node:fs";
import { AddressSpace } from "./address_space.js";
import type { ElfFiles, ProcessFolder } from "./elf_files.js";
import { type Mapping, parseMappings } from "./mappings.js";
import { PerfMap } from "./perf_map.js";

/** A program that loads and unloads libraries all the time must not fill the memory. */
const MOST_SPACES = 8;

export class ObservedProcess {
  /** Newest first: a process maps more, and by exec something else altogether. */
  private spaces: AddressSpace[] = [];
  private lastText = "";
  private readonly folder: ProcessFolder;
  private readonly perfMap: PerfMap;

  private constructor(
    pid: number,
    /** What tells it from another process of the same number. */
    readonly startTime: string,
    private readonly files: ElfFiles,
  ) {
    this.folder = { path: `/proc/${pid}` };
    this.perfMap = new PerfMap(`${this.folder.path}/root/tmp/perf-${ownPid(pid)}.map`);
  }

  /** Null where there is no such process now. */
  static observe(pid: number, files: ElfFiles): ObservedProcess | null {
    const startTime = startTimeOf(pid);
    return startTime === null ? null : new ObservedProcess(pid, startTime, files);
  }

  /** One of which only somebody's record of its mappings is left. */
  static ended(pid: number, files: ElfFiles): ObservedProcess {
    return new ObservedProcess(pid, "", files);
  }

  /** Looks again; returns whether something is new. */
  refresh(): boolean {
    const names = this.perfMap.refresh();
    const text = readText(`${this.folder.path}/maps`);
    if (text === "" || text === this.lastText) return names;
    this.lastText = text;
    this.add(new AddressSpace(parseMappings(text), this.files, this.folder));
    return true;
  }

  /** As the kernel lists them now; empty where there is no such process any more. */
  currentMappings(): string {
    return readText(`${this.folder.path}/maps`);
  }

  /** Takes somebody else's record of what was mapped. */
  remember(mappings: readonly Mapping[]): void {
    this.add(new AddressSpace(mappings, this.files, null));
  }

  /** The newest space in which the address is mapped. */
  spaceOf(address: bigint): AddressSpace | null {
    return this.spaces.find((space) => space.mappingAt(address) !== null) ?? null;
  }

  /** Code made at run time. */
  generatedAt(address: bigint): { readonly name: string; readonly start: bigint; readonly end: bigint } | null {
    return this.perfMap.at(address);
  }

  private add(space: AddressSpace): void {
    this.spaces = [space, ...this.spaces].slice(0, MOST_SPACES);
  }
}

/** In clock ticks since boot; null where there is no such process. */
export function startTimeOf(pid: number): string | null {
  // The command's name is in parentheses and may hold anything; the 22nd field is the 20th behind it.
  const text = readText(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[19] ?? null;
}

/** The number that a process has in its own namespace. */
function ownPid(pid: number): string {
  return /^NSpid:.*\s(?<own>\d+)$/m.exec(readText(`/proc/${pid}/status`))?.groups!["own"] ?? String(pid);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
