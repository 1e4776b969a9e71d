/** The probe on the entry or the return of functions in one file. */
import type { ContextVariable, KernelProbe, ProbedProgram, Target } from "../../compiler/catalogue.js";
import { readArgumentWord, readResultWord } from "../../compiler/ir/function_registers.js";
import { nameVariable, resultVariables, wordVariables, type Words } from "../kernel_function/variables.js";
import { describedResult, entryOf, variablesAt } from "./described_variables.js";
import type { FoundFunction } from "./found_functions.js";
import { attachTo, describe } from "./mechanism.js";
import { probedProgram } from "./probed_program.js";
import { guardsOf, type Subject } from "./subject.js";
import type { WantedFunctions } from "./written_function.js";

export type SubjectFile = Subject["files"][number];

export function pointOf({ head }: SubjectFile, name: string, { file, tail }: WantedFunctions): string {
  return `${head}.function("${name}${file === null ? "" : `@${file}`}")${tail}`;
}

export function functionProbe(
  each: SubjectFile,
  found: readonly FoundFunction[],
  wanted: WantedFunctions,
  subject: Subject,
  target: Target,
  points = found.map(({ name }) => pointOf(each, name, wanted)),
): KernelProbe | { readonly reason: string } {
  const places = found.map(({ name, offset, described }) => {
    const at = described && !wanted.isReturn ? entryOf(described).offset : offset;
    return { name, offset: at, semaphoreOffset: 0n };
  });
  const attach = attachTo(each.file, places, wanted.isReturn, subject.pid, target);
  if ("reason" in attach) return attach;
  const names = found.map(({ name }) => name);
  const [only, other] = new Set(names);
  // Among the places of one name, nothing is to be told apart.
  const texts = other === undefined && only !== undefined ? [only] : names;
  const pointTexts = other === undefined ? points.slice(0, 1) : points;
  const id = `${each.file.path}:${wanted.name}_${names.length}_${wanted.isReturn ? "return" : "entry"}`;
  const variables = [
    ...ownVariables(each, found, wanted, target),
    nameVariable("$probefunc", "The function, which probefunc() and ppfunc() return.", texts, `functions_${id}`),
    nameVariable("$$name", "The function's name.", texts, `functions_${id}`),
    nameVariable("$pp", "The probe point, which pp() returns.", pointTexts, `points_${id}_${points[0] ?? ""}`),
  ];
  const entry = wanted.isReturn
    ? functionProbe(each, found, { ...wanted, isReturn: false }, subject, target, points)
    : null;
  return {
    kind: "kernel",
    attach,
    mechanism: `${describe(attach)} of ${whatOf(found, names)} in ${each.file.path}`,
    ...guardsOf(subject),
    variables: new Map(variables.map((variable) => [variable.name, variable])),
    program: programOf(each, found, wanted, target),
    isReturn: wanted.isReturn,
    ...(entry && !("reason" in entry) ? { entry } : {}),
  };
}

/** As the list of what was attached calls it. */
function whatOf(found: readonly FoundFunction[], names: readonly string[]): string {
  const [only, other] = new Set(names);
  if (only === undefined || other !== undefined) return `${names.length} functions`;
  return found[0]?.isChosen ? `the ${names.length} functions that ${only} may stand for` : only;
}

function programOf(
  { file, isLibrary }: SubjectFile,
  found: readonly FoundFunction[],
  { isReturn }: WantedFunctions,
  target: Target,
): ProbedProgram {
  const [only] = found.length === 1 ? found : [];
  const { described = null } = only ?? {};
  const start = described && !isReturn ? entryOf(described).address : (only?.address ?? null);
  return probedProgram(file, { address: start, isReturn, isLibrary, sourceFile: described?.file ?? null }, target);
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
