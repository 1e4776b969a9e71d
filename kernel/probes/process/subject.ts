/** Whose code a point is on: the files that hold it, and which processes are meant. */
import type { KernelProbe, Resolution, Target } from "../../compiler/catalogue.js";
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import type { NoProgram, ProgramFile } from "../../compiler/program_file.js";
import { refused } from "../points.js";
import { isWildcard, wildcard } from "../wildcard.js";
import { skipUnlessExecutable } from "./executable.js";
import type { Written } from "./written.js";

export interface Subject {
  /** The program, or the libraries that fit. */
  readonly files: readonly { readonly file: ProgramFile; readonly head: string; readonly isLibrary: boolean }[];
  /** Only in this process; null for all. */
  readonly pid: number | null;
  /** Only in processes that run this program, where the files do not tell: of a library. */
  readonly program: ProgramFile | null;
}

export function findSubject(written: Written, target: Target): Subject | Resolution {
  const pid = pidOf(written, target);
  if (pid === 0) {
    return refused(
      `${written.head} alone means the target process, and there is none`,
      'name the program, as in process("/bin/ls"), or give a process with -x or a command with -c',
    );
  }
  if (written.program === null && target.targetProgram === "")
    return refused(
      `${written.head} alone means the program of -c, and that command is for a shell to read`,
      'name the program, as in process("/bin/ls")',
    );
  const name = written.program ?? target.targetProgram;
  const program = typeof name === "string" ? target.programs.find(name) : target.programs.ofProcess(pid!);
  if ("reason" in program) return refused(`${written.head}: ${program.reason}`);
  if (written.library === null)
    return { files: [{ file: program, head: written.head, isLibrary: false }], pid, program: null };
  const files = findLibraries(written, written.library, program, pid, target);
  if ("kind" in files) return files;
  return { files, pid, program: pid === null ? program : null };
}

/** The process that is meant alone; null for all. 0 where it is the target's and there is none. */
export function pidOf({ program }: Written, target: Target): number | null {
  if (typeof program === "string") return null;
  return program === null ? target.targetPid : Number(program);
}

function findLibraries(
  { head }: Written,
  library: string,
  program: ProgramFile,
  pid: number | null,
  target: Target,
): Subject["files"] | Resolution {
  const { programs } = target;
  const nameOf = (path: string): string => path.replace(/^.*\//, "");
  const linked = programs.libraries(program).map((path) => ({ name: path, path }));
  const known = [...(pid === null ? [] : programs.mapped(pid)), ...linked].filter(({ path }) => path !== program.path);
  const fits = isWildcard(library) ? wildcard(library) : (name: string) => name === library;
  const isWanted = ({ name }: { readonly name: string }): boolean => fits(nameOf(name)) || fits(name);
  // What a process has mapped is what it runs; elsewhere may lie other files of the name, or the same by another path.
  const mapped = known.filter((each) => !linked.includes(each) && isWanted(each));
  const fitting = mapped.length > 0 ? mapped : linked.filter(isWanted);
  const found: { file: ProgramFile; head: string; isLibrary: true }[] = [];
  const add = (file: ProgramFile | NoProgram, name: string): void => {
    const isKnown = (other: ProgramFile, one: ProgramFile): boolean =>
      other.path === one.path || (pid !== null && other.identity.inode === one.identity.inode);
    if ("reason" in file || found.some((other) => isKnown(other.file, file))) return;
    found.push({ file, head: `${head}.library("${name}")`, isLibrary: true });
  };
  for (const { name, path } of fitting)
    add(programs.library(path, program), isWildcard(library) ? nameOf(name) : library);
  if (found.length > 0) return found;
  const loaded = isWildcard(library)
    ? { reason: `${program.path} is linked with no library that fits ${library}` }
    : programs.library(library, program);
  if (!("reason" in loaded)) return [{ file: loaded, head: `${head}.library("${library}")`, isLibrary: true }];
  const names = [...new Set(known.map(({ name }) => nameOf(name)))];
  const similar = mostSimilar(library, new Set(names));
  return refused(
    `${head}.library("${library}"): ${loaded.reason}`,
    similar === null ? `it is linked with ${names.join(", ") || "none"}` : `did you mean "${similar}"?`,
  );
}

/** What lets only the events of the processes through that are meant. */
export function guardsOf({ pid, program }: Pick<Subject, "pid" | "program">): Pick<KernelProbe, "guard" | "lateGuard"> {
  return {
    guard: pid === null ? null : (emit, skip) => skipUnlessProcess(emit, pid, skip),
    ...(program ? { lateGuard: (emit: Emitter, skip: string) => skipUnlessExecutable(emit, program, skip) } : {}),
  };
}

export function skipUnlessProcess(emit: Emitter, pid: number, skip: string): void {
  const process = emit.alu("rsh", emit.call(HELPER.get_current_pid_tgid, []), 32n);
  emit.branch("ne", process, BigInt(pid), skip);
}
