/** `process("…")…`: points in programs and libraries, and moments in the lives of processes. */
import type { ListedProbe, ProbeFamily, Resolution, Target } from "../../compiler/catalogue.js";
import { componentsText, refused } from "../points.js";
import { functionProbes, listFunctions } from "./functions.js";
import { listMarks, markProbes } from "./marks.js";
import { findSubject, type Subject } from "./subject.js";
import { readWritten, type Component } from "./written.js";

interface Kind {
  resolve(subject: Subject, rest: readonly Component[], target: Target): Resolution;
  list(subject: Subject, rest: readonly Component[], target: Target): Iterable<ListedProbe>;
}

const marks: Kind = { resolve: markProbes, list: listMarks };

/** By the component that follows the program. */
const IN_CODE: Readonly<Record<string, Kind>> = {
  function: { resolve: functionProbes, list: listFunctions },
  mark: marks,
  provider: marks,
};

export const processFamily: ProbeFamily = {
  name: "process",
  summary:
    "A program's function at its entry, or with `.return` when it is done, by the symbols that the program has. " +
    "The program is a path, a name that PATH knows, a process's number, or, left out, the target process of `-c` or `-x`. " +
    "With `.library`, a library that the program is linked with, in processes of that program only. " +
    "`int_arg(1)`, `pointer_arg(2)` and their kin are the arguments, `returnval()` is the result. " +
    "`.mark` is a probe that the program's authors put into it (USDT), with `$arg1`, `$arg2`, …; `$$name` and `$$provider` say which it is.",
  forms: [
    'process("PATH").function("NAME")',
    'process("PATH").function("NAME").return',
    'process("PATH").function("PATTERN")',
    'process("PATH").library("NAME").function("NAME")',
    'process(PID).function("NAME")',
    'process.function("NAME")',
    'process("PATH").mark("NAME")',
    'process("PATH").mark("PATTERN")',
    'process("PATH").provider("NAME").mark("NAME")',
    'process("PATH").library("NAME").mark("NAME")',
  ],
  example:
    'global lengths\nprobe process("/bin/sh").library("libc.so.6").function("write") { lengths <<< ulong_arg(3) }\nprobe timer.s(5) { exit() }',

  resolve(pattern, target): Resolution | null {
    const found = kindOf(pattern);
    if (!found) return null;
    if ("refusal" in found) return found.refusal;
    const subject = findSubject(found.written, target);
    return "kind" in subject ? subject : found.kind.resolve(subject, found.written.rest, target);
  },

  list(pattern, target) {
    const found = kindOf(pattern);
    if (!found || "refusal" in found) return null;
    const subject = findSubject(found.written, target);
    return "kind" in subject ? [] : found.kind.list(subject, found.written.rest, target);
  },
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
  const kind = IN_CODE[first.name];
  return kind ? { written, kind } : null;
}
