/** `process("…")…`: points in programs and libraries, and moments in the lives of processes. */
import type { ListedProbe, ProbeFamily, Resolution, Target } from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import { componentsText, refused } from "../points.js";
import { completePoint } from "./completion.js";
import { watchProcess } from "./data.js";
import { functionProbes, listFunctions } from "./functions.js";
import { listPlt, pltProbes } from "./plt.js";
import { listStatements, statementProbes } from "./statements.js";
import { listMarks, markProbes } from "./marks.js";
import { lifeProbe, type Moment } from "./lives.js";
import { findProcesses } from "./narrowing.js";
import { processSystemCalls } from "./system_calls.js";
import { findSubject, type Subject } from "./subject.js";
import { componentText, readWritten, type Component, type Written } from "./written.js";

interface Kind {
  resolve(subject: Subject, rest: readonly Component[], target: Target): Resolution;
  list(subject: Subject, rest: readonly Component[], target: Target): Iterable<ListedProbe>;
}

const marks: Kind = { resolve: markProbes, list: listMarks };

/** By the component that follows the program. */
const IN_CODE: Readonly<Record<string, Kind>> = {
  function: { resolve: functionProbes, list: listFunctions },
  statement: { resolve: statementProbes, list: listStatements },
  plt: { resolve: pltProbes, list: listPlt },
  mark: marks,
  provider: marks,
};

export const processFamily: ProbeFamily = {
  name: "process",
  summary:
    "A program's function at its entry, or with `.return` when it is done, by the symbols that the program has. " +
    "The program is a path, a name that PATH knows, a process's number, or, left out, the target process of `-c` or `-x`. " +
    "With `.library`, a library that the program is linked with, in processes of that program only. " +
    "Where the program has debug information, its parameters, local variables and `$return` are there by their names and types, and places where the function was inlined count too; " +
    "`.call` means only the function itself, `.inline` only those places. " +
    '`@var("name")`, or `$name`, is a variable of the program that no function owns; `@var("name@file.c")` is that of a source file, ' +
    "and one that each thread has of its own is the current thread's (in executables, on x86-64). " +
    "A list such as `$$vars` has `name=?` for what cannot be read at the place. " +
    '`.label("l")` is a place that the function\'s source names; `.callee("g")` is g when this function calls it, or g\'s code that was put into it, ' +
    "and `.callees` is all that it calls, where the compiler wrote that down. `.exported` leaves out what other source files cannot call. " +
    "A function that is chosen when a program starts, as most of libc's `str…` and `mem…` are, is probed in all its variants, which several names may share. " +
    "Without debug information, `int_arg(1)`, `pointer_arg(2)` and their kin are the arguments, `returnval()` is the result. " +
    "`.statement` is a line of the source, with what is known there; `FUNCTION@FILE+N` counts from the function, `:*` means all its lines, `:A-B` some, `.nearest` the next one that has code. " +
    "`.plt` is where the program goes to call a function of a library. " +
    "`.begin` is when a process starts to run the program, `.end` when its last thread ends, `.thread.begin` and `.thread.end` are for its other threads; " +
    "`.syscall` is any system call of it, with `$syscall`, `$arg1`, …, `$return`. " +
    "`.data` watches up to 8 bytes of its memory, by a symbol or an address, as `kernel.data` does the kernel's: in the process of -x or of a number, " +
    "and in every process of a program that says itself where it lies; where a position-independent program lies is known once it runs. " +
    "`.mark` is a probe that the program's authors put into it (USDT), with `$arg1`, `$arg2`, …; `$$name` and `$$provider` say which it is.",
  forms: [
    'process("PATH").function("NAME")',
    'process("PATH").function("NAME").return',
    'process("PATH").function("PATTERN")',
    'process("PATH").function("NAME@FILE")',
    'process("PATH").function("NAME").label("LABEL")',
    'process("PATH").function("NAME").callee("NAME")',
    'process("PATH").function("NAME").callees',
    'process("PATH").function("NAME").exported',
    'process("PATH").function("NAME").call',
    'process("PATH").function("NAME").inline',
    'process("PATH").library("NAME").function("NAME")',
    'process("PATH").statement("FUNCTION@FILE:LINE")',
    'process("PATH").statement(ADDRESS)',
    'process("PATH").plt("NAME")',
    'process("PATH").plt("NAME").return',
    'process(PID).function("NAME")',
    'process.function("NAME")',
    'process("PATH").mark("NAME")',
    'process("PATH").mark("PATTERN")',
    'process("PATH").provider("NAME").mark("NAME")',
    'process("PATH").library("NAME").mark("NAME")',
    "process.begin",
    'process("PATH").begin',
    'process("PATH").end',
    'process("PATH").thread.begin',
    'process("PATH").thread.end',
    'process("PATH").syscall',
    'process(PID).data("SYMBOL").write',
    "process(PID).data(ADDRESS).length(N).rw",
    'process("PATH").syscall.return',
  ],
  example:
    'global lengths\nprobe process("/bin/sh").library("libc.so.6").function("write") { lengths <<< ulong_arg(3) }\nprobe timer.s(5) { exit() }',

  resolve(pattern, target): Resolution | null {
    const found = kindOf(pattern);
    if (!found) return null;
    if ("refusal" in found) return found.refusal;
    const [first] = found.written.rest;
    if (first?.name === "data") return watchProcess(componentsText(pattern), found.written, first, target);
    if (found.kind === null) return resolveEvent(componentsText(pattern), found.written, target);
    const subject = findSubject(found.written, target);
    return "kind" in subject ? subject : found.kind.resolve(subject, found.written.rest, target);
  },

  list(pattern, target) {
    const found = kindOf(pattern);
    if (!found || "refusal" in found || found.kind === null) return null;
    const subject = findSubject(found.written, target);
    return "kind" in subject ? [] : found.kind.list(subject, found.written.rest, target);
  },

  complete: completePoint,
};

function kindOf(pattern: Parameters<ProbeFamily["resolve"]>[0]) {
  const written = readWritten(pattern);
  if (!written) return null;
  if ("kind" in written) return { refusal: written };
  const [first] = written.rest;
  if (!first)
    return {
      refusal: refused(`${componentsText(pattern)}: what in the program?`, `write ${written.head}.function("main")`),
    };
  return { written, kind: IN_CODE[first.name] ?? null };
}

const PARTS = [...Object.keys(IN_CODE), "data", "begin", "end", "thread", "syscall", "library"];

const MOMENTS: ReadonlySet<string> = new Set<Moment>(["begin", "end", "thread.begin", "thread.end"]);

function isMoment(text: string): text is Moment {
  return MOMENTS.has(text);
}

/** What happens to processes rather than in their code. */
function resolveEvent(point: string, written: Written, target: Target): Resolution {
  const what = written.rest.map(componentText).join(".");
  if (!isMoment(what) && what !== "syscall" && what !== "syscall.return") {
    const meant = mostSimilar(written.rest[0]?.name ?? "", PARTS);
    return refused(
      `${written.head} has no points .${what}`,
      meant !== null
        ? `did you mean .${meant}?`
        : 'it has .function("…"), .statement("…"), .mark("…"), .plt, .begin, .end, .thread.begin, .thread.end, .syscall and .data(…)',
    );
  }
  const processes = findProcesses(written, target);
  if ("kind" in processes) return processes;
  if (isMoment(what)) return lifeProbe(point, what, processes, target);
  return processSystemCalls(point, what === "syscall.return", processes, target);
}
