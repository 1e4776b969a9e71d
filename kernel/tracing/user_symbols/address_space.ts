/** What lay where in a process at one time. */
import type { ElfSegment, NativeElf } from "../native.js";
import type { ElfFiles, ProcessFolder } from "./elf_files.js";
import { type Mapping, rangeAt } from "./mappings.js";

/** A program or library in a process, with its variables, which are partly of no file. */
export interface LoadedModule {
  readonly start: bigint;
  readonly end: bigint;
  /** What is added to the file's own addresses. */
  readonly bias: bigint;
  /** As the process sees it. */
  readonly path: string;
  readonly elf: NativeElf;
}

export class AddressSpace {
  private readonly modules: readonly LoadedModule[];

  /** Opens the files at once, since the process may end at any time. */
  constructor(
    readonly mappings: readonly Mapping[],
    files: ElfFiles,
    process: ProcessFolder | null,
  ) {
    this.modules = modulesIn(mappings, files, process);
  }

  mappingAt(address: bigint): Mapping | null {
    return rangeAt(this.mappings, address);
  }

  moduleAt(address: bigint): LoadedModule | null {
    return rangeAt(this.modules, address);
  }
}

function modulesIn(
  mappings: readonly Mapping[],
  files: ElfFiles,
  process: ProcessFolder | null,
): readonly LoadedModule[] {
  const modules: LoadedModule[] = [];
  for (const mapping of mappings) {
    // A file is only a program where something of it can be executed; other files are data.
    if (!mapping.executable) continue;
    const elf = elfOf(mapping, files, process);
    const module = elf && place(mapping, elf);
    const isKnown = modules.at(-1)?.elf === elf && modules.at(-1)?.bias === module?.bias;
    if (module && !isKnown) modules.push(module);
  }
  return modules;
}

function elfOf(mapping: Mapping, files: ElfFiles, process: ProcessFolder | null): NativeElf | null {
  if (mapping.path === "[vdso]") return files.vdso();
  return mapping.inode !== 0n && mapping.path.startsWith("/") ? files.of(mapping, process) : null;
}

function place(mapping: Mapping, elf: NativeElf): LoadedModule | null {
  const segments = elf.segments();
  const segment = segments.find((candidate) => candidate.executable && covers(candidate, mapping.offset));
  if (!segment) return null;
  const bias = mapping.start - (mapping.offset - segment.offset + segment.address);
  const starts = segments.map(({ address }) => address);
  const ends = segments.map(({ address, size }) => address + size);
  return {
    start: bias + starts.reduce((least, start) => (start < least ? start : least)),
    end: bias + ends.reduce((most, end) => (end > most ? end : most)),
    bias,
    path: mapping.path,
    elf,
  };
}

/** Mappings begin at a page: before the segment, at most. */
function covers(segment: ElfSegment, offset: bigint): boolean {
  const page = 0x10000n;
  return offset + page > segment.offset && offset < segment.offset + segment.size;
}
