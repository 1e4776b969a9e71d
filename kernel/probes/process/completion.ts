/** Points on programs that start as what has been typed. */
import type { Target } from "../../compiler/catalogue.js";
import type { ProgramFile } from "../../compiler/program_file.js";
import { findSubject } from "./subject.js";

const IN_CODE = ['function("', 'statement("', 'mark("', 'plt("'];
const OF_PROCESSES = ["begin", "end", "thread.begin", "thread.end", "syscall", "syscall.return"];

/** Names in the file, by the component that takes them. */
const NAMES: Readonly<Record<string, (file: ProgramFile) => readonly { readonly name: string }[]>> = {
  function: (file) => file.functions(),
  mark: (file) => file.marks(),
  plt: (file) => file.pltEntries(),
};

/** More would help nobody. */
const MOST = 2_000;

export function completePoint(prefix: string, target: Target): readonly string[] {
  const parts =
    /^(?<head>process(?:\((?:"(?<path>[^"]+)"|(?<pid>\d+))\))?)(?:\.library\("(?<library>[^"]+)"\))?\.(?<rest>.*)$/.exec(
      prefix,
    )?.groups;
  if (!parts) return ['process("', "process."].filter((point) => point.startsWith(prefix));
  const { head = "process", path, pid, library = null, rest = "" } = parts;
  const start = prefix.slice(0, prefix.length - rest.length);
  const linked = library === null ? /^library\("(?<name>[^"/]*)$/.exec(rest)?.groups?.["name"] : undefined;
  if (linked !== undefined)
    return librariesOf({ path, pid, head }, linked, target).map((name) => `${start}library("${name}")`);
  const named = /^(?<kind>function|mark|plt)\("(?<name>[^"]*)$/.exec(rest)?.groups;
  if (!named) {
    const points = library === null ? [...IN_CODE, 'library("', ...OF_PROCESSES] : IN_CODE;
    return points.filter((point) => point.startsWith(rest)).map((point) => start + point);
  }
  const program = path ?? (pid === undefined ? null : BigInt(pid));
  const subject = findSubject({ program, head, library, rest: [] }, target);
  const names = NAMES[named["kind"] ?? ""];
  if ("kind" in subject || !names) return [];
  const found = new Set(subject.files.flatMap(({ file }) => names(file).map(({ name }) => name)));
  return [...found]
    .filter((name) => name.startsWith(named["name"] ?? ""))
    .toSorted()
    .slice(0, MOST)
    .map((name) => `${start}${named["kind"]}("${name}")`);
}

/** By the names with which the dynamic loader knows them. */
function librariesOf(
  { path, pid, head }: { readonly path: string | undefined; readonly pid: string | undefined; readonly head: string },
  prefix: string,
  target: Target,
): readonly string[] {
  const program = path ?? (pid === undefined ? null : BigInt(pid));
  const subject = findSubject({ program, head, library: null, rest: [] }, target);
  if ("kind" in subject) return [];
  const paths = subject.files.flatMap(({ file }) => target.programs.libraries(file));
  return [...new Set(paths.map((library) => library.replace(/^.*\//, "")))]
    .filter((name) => name.startsWith(prefix))
    .toSorted();
}
