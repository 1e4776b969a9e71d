/** `process.data(…)`: the processor's watchpoints on a few bytes of a process's memory. */
import type { Resolution, Target } from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import { refused } from "../points.js";
import { watchpoint } from "../watchpoint.js";
import { tellsExecutables } from "./executable.js";
import { guardsOf, pidOf } from "./subject.js";
import type { Component, Written } from "./written.js";

/** `data`: the component with the symbol or the address. */
export function watchProcess(point: string, written: Written, data: Component, target: Target): Resolution {
  const head = `${written.head}.data`;
  if (written.library !== null)
    return refused(`${point}: the data of libraries has no names here`, `write its address: ${head}(ADDRESS).write`);
  if (data.argument === null) return refused(`${head} needs a symbol or an address`, `write ${head}("counter").write`);
  const subject = subjectOf(written, target);
  if ("kind" in subject) return subject;
  const { pid, program } = subject;
  const isSymbol = typeof data.argument === "string";
  const address = isSymbol ? symbolAddress(point, data.argument, subject, target) : BigInt.asUintN(64, data.argument);
  if (typeof address !== "bigint") return address;
  if (address >> 63n !== 0n)
    return refused(`${point}: that address is the kernel's`, "write kernel.data(ADDRESS).write");
  const guards = guardsOf({ pid, program: pid === null ? program : null });
  return watchpoint(point, head, { address, isSymbol, pid }, written.rest.slice(1), target, guards);
}

interface WatchedProcess {
  /** The one process; null for whoever runs the program. */
  readonly pid: number | null;
  readonly program: ReturnType<typeof runBy>;
}

function runBy(written: Written, pid: number | null, target: Target) {
  const name = written.program ?? target.targetProgram;
  const found = typeof name === "string" ? target.programs.find(name) : target.programs.ofProcess(pid ?? 0);
  return "reason" in found ? null : found;
}

function subjectOf(
  written: Written,
  target: Target,
): (WatchedProcess & { readonly program: NonNullable<WatchedProcess["program"]> }) | Resolution {
  const named = pidOf(written, target);
  if (named === 0)
    return refused(
      `${written.head} alone means the target process, and there is none`,
      'name the program, as in process("/bin/ls"), or give a process with -x or a command with -c',
    );
  const program = runBy(written, named, target);
  if (!program) return refused(`${written.head}: there is no such program or process`);
  // A command of -c still waits, and will lie where nobody knows.
  const isWaiting = target.targetProgram !== undefined && (named === null || named === target.targetPid);
  if (named !== null && !isWaiting) return { pid: named, program };
  const running = target.targetPid === 0 || isWaiting ? null : target.programs.ofProcess(target.targetPid);
  if (running && !("reason" in running) && running.identity.inode === program.identity.inode)
    return { pid: target.targetPid, program };
  if (tellsExecutables(target)) return { pid: null, program };
  return refused(`${written.head}: this kernel's types do not tell which program a process runs`);
}

function symbolAddress(
  point: string,
  symbol: string,
  { pid, program }: Exclude<ReturnType<typeof subjectOf>, Resolution>,
  target: Target,
): bigint | Resolution {
  const address = program.addressOf(symbol);
  if (address === null) {
    const similar = mostSimilar(
      symbol,
      program.functions().map(({ name }) => name),
    );
    return refused(
      `${program.path} has no symbol ${symbol}`,
      similar === null ? undefined : `did you mean "${similar}"?`,
    );
  }
  const displacement = target.programs.displacement(program, pid);
  if (typeof displacement === "bigint") return address + displacement;
  return refused(`${point}: ${displacement.reason}`, "start the program first, and give its process with -x");
}
