/** `process("…").function("f")` and its return: the entry and the return of a program's functions, by its symbols. */
import type { KernelProbe, ListedProbe, Resolution, Target } from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import { readArgumentWord, readResultWord } from "../../compiler/ir/function_registers.js";
import type { ProgramFile, ProgramFunction } from "../../compiler/program_file.js";
import { nameVariable, resultVariables, wordVariables, type Words } from "../kernel_function/variables.js";
import { refused } from "../points.js";
import { expandBraces, isWildcard, wildcard } from "../wildcard.js";
import { attachTo, describe, type Place } from "./mechanism.js";
import { guardsOf, type Subject } from "./subject.js";
import { componentText, type Component } from "./written.js";

interface WantedFunctions {
  readonly name: string;
  readonly isReturn: boolean;
  /** What follows the name, as written. */
  readonly tail: string;
}

type SubjectFile = Subject["files"][number];

export function functionProbes(subject: Subject, rest: readonly Component[], target: Target): Resolution {
  const wanted = readWanted(rest);
  if ("kind" in wanted) return wanted;
  const probes: Extract<Resolution, { kind: "resolved" }>["probes"][number][] = [];
  for (const each of subject.files) {
    const found = findFunctions(each.file, wanted.name);
    if (found.length === 0) continue;
    const probe = probeOf(each, found, wanted, subject, target);
    if ("reason" in probe) return refused(`${each.head}.function("${wanted.name}"): ${probe.reason}`);
    const [only] = found;
    const point = found.length === 1 && only ? pointOf(each, only.name, wanted) : pointOf(each, wanted.name, wanted);
    probes.push({ point, probe });
  }
  return probes.length > 0 ? { kind: "resolved", probes } : refuseName(subject, wanted.name);
}

export function* listFunctions(subject: Subject, rest: readonly Component[], target: Target): Generator<ListedProbe> {
  const wanted = readWanted(rest);
  if ("kind" in wanted) return;
  for (const each of subject.files) {
    for (const found of findFunctions(each.file, wanted.name)) {
      const probe = probeOf(each, [found], wanted, subject, target);
      if ("reason" in probe) return;
      yield { point: pointOf(each, found.name, wanted), variables: [...probe.variables.values()] };
    }
  }
}

function readWanted([first, ...parts]: readonly Component[]): WantedFunctions | Resolution {
  if (typeof first?.argument !== "string" || first.argument === "")
    return refused(".function needs the name of a function", 'write .function("main")');
  const odd = parts.find(({ name }) => name !== "call" && name !== "return");
  if (odd) return refused(`a function has no part called .${odd.name}`, ".call and .return may follow");
  const isReturn = parts.some(({ name }) => name === "return");
  return { name: first.argument, isReturn, tail: parts.map((part) => `.${componentText(part)}`).join("") };
}

function pointOf({ head }: SubjectFile, name: string, { tail }: WantedFunctions): string {
  return `${head}.function("${name}")${tail}`;
}

/** In the order of the file; of several names for one place, the first that fits. */
function findFunctions(file: ProgramFile, name: string): readonly ProgramFunction[] {
  const tests = expandBraces(name).map((each) =>
    isWildcard(each) ? wildcard(each) : (other: string) => other === each,
  );
  const fits = (other: string): boolean => tests.some((test) => test(other));
  const byOffset = new Map<bigint, ProgramFunction>();
  for (const found of file.functions()) {
    if (fits(found.name) && !byOffset.has(found.offset)) byOffset.set(found.offset, found);
  }
  return [...byOffset.values()];
}

function probeOf(
  each: SubjectFile,
  found: readonly ProgramFunction[],
  wanted: WantedFunctions,
  subject: Subject,
  target: Target,
): KernelProbe | { readonly reason: string } {
  const places = found.map(({ name, offset }): Place => ({ name, offset, semaphoreOffset: 0n }));
  const attach = attachTo(each.file, places, wanted.isReturn, subject.pid, target);
  if ("reason" in attach) return attach;
  const names = found.map(({ name }) => name);
  const points = names.map((name) => pointOf(each, name, wanted));
  const id = `${each.file.path}:${wanted.name}_${names.length}_${wanted.isReturn ? "return" : "entry"}`;
  const own = wanted.isReturn ? resultVariables(undefined, WORDS) : wordVariables(MOST_ARGUMENTS, WORDS);
  const variables = [
    ...own,
    nameVariable("$probefunc", "The function, which probefunc() and ppfunc() return.", names, `functions_${id}`),
    nameVariable("$$name", "The function's name.", names, `functions_${id}`),
    nameVariable("$pp", "The probe point, which pp() returns.", points, `points_${id}`),
  ];
  const entry = wanted.isReturn ? probeOf(each, found, { ...wanted, isReturn: false }, subject, target) : null;
  const [only] = names;
  return {
    kind: "kernel",
    attach,
    mechanism: `${describe(attach)} of ${names.length === 1 && only ? only : `${names.length} functions`} in ${each.file.path}`,
    ...guardsOf(subject),
    variables: new Map(variables.map((variable) => [variable.name, variable])),
    isReturn: wanted.isReturn,
    ...(entry && !("reason" in entry) ? { entry } : {}),
  };
}

/** More than travel in registers: the others lie on the process's stack. */
const MOST_ARGUMENTS = 16;

const WORDS: Words = { argument: (emit, word) => readArgumentWord(emit, word, "user"), result: readResultWord };

function refuseName({ files }: Subject, name: string): Resolution {
  const [first] = files;
  const where = files.length === 1 && first ? first.file.path : `${first?.head} and ${files.length - 1} more`;
  const isStripped = files.some(({ file }) => file.isStripped);
  const known = [...new Set(files.flatMap(({ file }) => file.functions().map((each) => each.name)))];
  const left =
    known.length === 0
      ? "it is stripped of all names: its system calls and marks can still be probed"
      : `it is stripped: only the ${known.length} functions that it shares with other files have names left`;
  if (isWildcard(name)) return refused(`${where} has no function that fits ${name}`, isStripped ? left : undefined);
  const similar = mostSimilar(name, known);
  const advice = similar === null ? [] : [`did you mean "${similar}"?`];
  if (isStripped) advice.push(left);
  else if (similar === null) advice.push("the compiler may have put it into its callers");
  return refused(`${where} has no function ${name}`, advice.join(" "));
}
