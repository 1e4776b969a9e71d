/** `process("…").function("f")` and its return: the entry and the return of a program's functions, and where they were inlined. */
import type {
  ContextVariable,
  KernelProbe,
  ListedProbe,
  ProbedProgram,
  Resolution,
  Target,
} from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import { readArgumentWord, readResultWord } from "../../compiler/ir/function_registers.js";
import { nameVariable, resultVariables, wordVariables, type Words } from "../kernel_function/variables.js";
import { refused } from "../points.js";
import { isWildcard } from "../wildcard.js";
import { describedResult, entryOf, variablesAt } from "./described_variables.js";
import { findFunctions, type FoundFunction } from "./found_functions.js";
import { attachTo, describe } from "./mechanism.js";
import { probedProgram } from "./probed_program.js";
import { guardsOf, type Subject } from "./subject.js";
import { componentText, type Component } from "./written.js";

export interface WantedFunctions {
  /** As written, without the file. */
  readonly name: string;
  /** The source file that it is in, or the end of its path; null for any. */
  readonly file: string | null;
  readonly isReturn: boolean;
  /** Which kinds of places are meant: where it begins itself, where it was inlined, or both. */
  readonly kind: "call" | "inline" | null;
  /** What follows the name, as written. */
  readonly tail: string;
}

/** Up to so many functions have a program each, with the variables of each; more share one. */
const MOST_SEPARATE = 40;

type SubjectFile = Subject["files"][number];
type Probes = Extract<Resolution, { kind: "resolved" }>["probes"][number][];

export function functionProbes(subject: Subject, rest: readonly Component[], target: Target): Resolution {
  const wanted = readWanted(rest);
  if ("reason" in wanted) return refused(wanted.reason, wanted.hint);
  const probes: Probes = [];
  for (const each of subject.files) {
    const found = findFunctions(each.file, wanted);
    const isSeparate = found.length <= MOST_SEPARATE && found.some(({ described }) => described);
    const groups = isSeparate ? found.map((one) => [one]) : found.length > 0 ? [found] : [];
    for (const group of groups) {
      const probe = probeOf(each, group, wanted, subject, target);
      if ("reason" in probe) return refused(`${each.head}.function("${wanted.name}"): ${probe.reason}`);
      const [first] = group;
      probes.push({ point: pointOf(each, group.length === 1 && first ? first.name : wanted.name, wanted), probe });
    }
  }
  return probes.length > 0 ? { kind: "resolved", probes } : refuseName(subject, wanted);
}

export function* listFunctions(subject: Subject, rest: readonly Component[], target: Target): Generator<ListedProbe> {
  const wanted = readWanted(rest);
  if ("reason" in wanted) return;
  for (const each of subject.files) {
    for (const found of findFunctions(each.file, wanted)) {
      const probe = probeOf(each, [found], wanted, subject, target);
      if ("reason" in probe) return;
      yield { point: pointOf(each, found.name, wanted), variables: [...probe.variables.values()] };
    }
  }
}

interface Complaint {
  readonly reason: string;
  readonly hint: string;
}

function readWanted([first, ...parts]: readonly Component[]): WantedFunctions | Complaint {
  if (typeof first?.argument !== "string" || first.argument === "")
    return { reason: ".function needs the name of a function", hint: 'write .function("main")' };
  const [name = "", file = null] = first.argument.split("@");
  if (file !== null && /:/.test(file))
    return { reason: `"${first.argument}" is a line of the source`, hint: `write .statement("${first.argument}")` };
  const odd = parts.find((part) => !["call", "return", "inline"].includes(part.name));
  if (odd)
    return { reason: `a function has no part called .${odd.name}`, hint: ".call, .inline and .return may follow" };
  const has = (part: string): boolean => parts.some((each) => each.name === part);
  const isReturn = has("return");
  if (isReturn && has("inline"))
    return { reason: "where a function was inlined, it has no return", hint: "a .statement behind it may do" };
  const kind = has("inline") ? "inline" : isReturn || has("call") ? "call" : null;
  return { name, file, isReturn, kind, tail: parts.map((part) => `.${componentText(part)}`).join("") };
}

function pointOf({ head }: SubjectFile, name: string, { file, tail }: WantedFunctions): string {
  return `${head}.function("${name}${file === null ? "" : `@${file}`}")${tail}`;
}

function probeOf(
  each: SubjectFile,
  found: readonly FoundFunction[],
  wanted: WantedFunctions,
  subject: Subject,
  target: Target,
): KernelProbe | { readonly reason: string } {
  const places = found.map(({ name, offset, described }) => {
    const at = described && !wanted.isReturn ? entryOf(described).offset : offset;
    return { name, offset: at, semaphoreOffset: 0n };
  });
  const attach = attachTo(each.file, places, wanted.isReturn, subject.pid, target);
  if ("reason" in attach) return attach;
  const names = found.map(({ name }) => name);
  const points = names.map((name) => pointOf(each, name, wanted));
  const id = `${each.file.path}:${wanted.name}_${names.length}_${wanted.isReturn ? "return" : "entry"}`;
  const variables = [
    ...ownVariables(each, found, wanted, target),
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
    program: programOf(each, found, wanted, target),
    isReturn: wanted.isReturn,
    ...(entry && !("reason" in entry) ? { entry } : {}),
  };
}

function programOf(
  { file }: SubjectFile,
  found: readonly FoundFunction[],
  { isReturn }: WantedFunctions,
  target: Target,
): ProbedProgram {
  const [only] = found.length === 1 ? found : [];
  const { described = null } = only ?? {};
  const start = described && !isReturn ? entryOf(described).address : (only?.address ?? null);
  return probedProgram(file, { address: start, isReturn, sourceFile: described?.file ?? null }, target);
}

/** More than travel in registers: the others lie on the process's stack. */
const MOST_ARGUMENTS = 16;

const WORDS: Words = { argument: (emit, word) => readArgumentWord(emit, word, "user"), result: readResultWord };

function ownVariables(
  { file: { debug } }: SubjectFile,
  found: readonly FoundFunction[],
  { isReturn }: WantedFunctions,
  target: Target,
): readonly ContextVariable[] {
  const [first] = found;
  const described = found.length === 1 && debug && first?.described ? { debug, function: first.described } : null;
  if (isReturn) return described ? describedResult(described) : resultVariables(undefined, WORDS);
  if (!described) return wordVariables(MOST_ARGUMENTS, WORDS);
  const here = entryOf(described.function).address;
  const named = variablesAt(described, here, target);
  // Registers hold the arguments only where the function has done nothing yet.
  const isAtEntry = here === described.function.address && !described.function.inlined;
  return isAtEntry ? [...named, ...wordVariables(MOST_ARGUMENTS, WORDS)] : named;
}

function refuseName({ files }: Subject, { name, file, kind }: WantedFunctions): Resolution {
  const [first] = files;
  const where = files.length === 1 && first ? first.file.path : `${first?.head} and ${files.length - 1} more`;
  if (file !== null || kind === "inline") {
    const has = files.some((each) => each.file.debug);
    return refused(
      `${where} has no ${kind === "inline" ? "place where it was inlined of a " : ""}function ${name}${file === null ? "" : ` of ${file}`}`,
      has ? undefined : "it has no debug information, which alone would tell",
    );
  }
  const isStripped = files.some((each) => each.file.isStripped);
  const known = [...new Set(files.flatMap((each) => each.file.functions().map((each) => each.name)))];
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
