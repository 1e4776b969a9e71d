/** `process("…").plt("f")[.return]`: where a program goes to call the functions of libraries. */
import type { KernelProbe, ListedProbe, Resolution, Target } from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import { readArgumentWord, readResultWord } from "../../compiler/ir/function_registers.js";
import type { ProgramPltEntry } from "../../compiler/program_file.js";
import { nameVariable, resultVariables, wordVariables, type Words } from "../kernel_function/variables.js";
import { refused } from "../points.js";
import { expandBraces, isWildcard, wildcard } from "../wildcard.js";
import { attachTo, describe } from "./mechanism.js";
import { guardsOf, type Subject } from "./subject.js";
import type { Component } from "./written.js";

type SubjectFile = Subject["files"][number];

interface WantedEntries {
  readonly name: string;
  readonly isReturn: boolean;
}

export function pltProbes(subject: Subject, rest: readonly Component[], target: Target): Resolution {
  const wanted = readWanted(rest);
  if ("kind" in wanted) return wanted;
  const probes: Extract<Resolution, { kind: "resolved" }>["probes"][number][] = [];
  for (const each of subject.files) {
    const found = findEntries(each, wanted);
    if (found.length === 0) continue;
    const probe = probeOf(each, found, wanted, subject, target);
    if ("reason" in probe) return refused(`${each.head}.plt: ${probe.reason}`);
    probes.push({ point: pointOf(each, wanted.name, wanted), probe });
  }
  return probes.length > 0 ? { kind: "resolved", probes } : refuseName(subject, wanted);
}

export function* listPlt(subject: Subject, rest: readonly Component[], target: Target): Generator<ListedProbe> {
  const wanted = readWanted(rest);
  if ("kind" in wanted) return;
  for (const each of subject.files) {
    for (const entry of findEntries(each, wanted)) {
      const probe = probeOf(each, [entry], wanted, subject, target);
      if ("reason" in probe) return;
      yield { point: pointOf(each, entry.name, wanted), variables: [...probe.variables.values()] };
    }
  }
}

function readWanted([first, ...parts]: readonly Component[]): WantedEntries | Resolution {
  const argument = first?.argument ?? "*";
  if (typeof argument !== "string" || argument === "")
    return refused('.plt takes the name of a function: .plt("write")');
  const odd = parts.find(({ name }) => name !== "return");
  if (odd) return refused(`.plt has no part called .${odd.name}`, "only .return may follow");
  return { name: argument, isReturn: parts.length > 0 };
}

function pointOf({ head }: SubjectFile, name: string, { isReturn }: WantedEntries): string {
  return `${head}.plt("${name}")${isReturn ? ".return" : ""}`;
}

function findEntries({ file }: SubjectFile, { name }: WantedEntries): readonly ProgramPltEntry[] {
  const tests = expandBraces(name).map((each) =>
    isWildcard(each) ? wildcard(each) : (other: string) => other === each,
  );
  return file.pltEntries().filter((entry) => entry.name !== "" && tests.some((fits) => fits(entry.name)));
}

const WORDS: Words = { argument: (emit, word) => readArgumentWord(emit, word, "user"), result: readResultWord };

/** More than travel in registers: the others lie on the process's stack. */
const MOST_ARGUMENTS = 16;

function probeOf(
  each: SubjectFile,
  found: readonly ProgramPltEntry[],
  wanted: WantedEntries,
  subject: Subject,
  target: Target,
): KernelProbe | { readonly reason: string } {
  const places = found.map(({ name, offset }) => ({ name, offset, semaphoreOffset: 0n }));
  const attach = attachTo(each.file, places, wanted.isReturn, subject.pid, target);
  if ("reason" in attach) return attach;
  const names = found.map(({ name }) => name);
  const id = `${each.file.path}:plt_${wanted.name}_${names.length}`;
  const variables = [
    ...(wanted.isReturn ? resultVariables(undefined, WORDS) : wordVariables(MOST_ARGUMENTS, WORDS)),
    nameVariable("$$name", "The function that is called.", names, `functions_${id}`),
    nameVariable("$probefunc", "The function that is called, which probefunc() returns.", names, `functions_${id}`),
    nameVariable(
      "$pp",
      "The probe point, which pp() returns.",
      names.map((name) => pointOf(each, name, wanted)),
      `points_${id}_${wanted.isReturn ? "return" : "entry"}`,
    ),
  ];
  const entry = wanted.isReturn ? probeOf(each, found, { ...wanted, isReturn: false }, subject, target) : null;
  return {
    kind: "kernel",
    attach,
    mechanism: `${describe(attach)} of ${names.length} calls of libraries in ${each.file.path}`,
    ...guardsOf(subject),
    variables: new Map(variables.map((variable) => [variable.name, variable])),
    isReturn: wanted.isReturn,
    ...(entry && !("reason" in entry) ? { entry } : {}),
  };
}

function refuseName({ files }: Subject, { name }: WantedEntries): Resolution {
  const where = files.map(({ file }) => file.path).join(", ");
  const known = files.flatMap(({ file }) => file.pltEntries().map((entry) => entry.name));
  if (known.length === 0) {
    return refused(
      `${where} has no procedure linkage table`,
      'it was linked to call libraries without one; probe the library: .library("…").function("…")',
    );
  }
  const similar = mostSimilar(name, known);
  return refused(
    `${where} calls no function ${name} of a library through its linkage table`,
    similar === null ? undefined : `did you mean "${similar}"?`,
  );
}
