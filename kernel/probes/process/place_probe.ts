/** The probe on one place in a program's code: a line, an address, a label, a copy of an inlined function. */
import type { KernelProbe, Target } from "../../compiler/catalogue.js";
import type { DescribedFunction } from "../../compiler/debug_information.js";
import { nameVariable } from "../kernel_function/variables.js";
import { variablesAt } from "./described_variables.js";
import { attachTo, describe } from "./mechanism.js";
import { probedProgram } from "./probed_program.js";
import { guardsOf, type Subject } from "./subject.js";

export interface CodePlace {
  /** The whole point. */
  readonly point: string;
  /** As the list of what was attached calls it. */
  readonly text: string;
  readonly address: bigint;
  readonly offset: bigint;
  /** The function that it lies in; null where nothing tells. */
  readonly around: DescribedFunction | null;
}

export function placeProbe(
  { file, isLibrary }: Subject["files"][number],
  { point, text, address, offset, around }: CodePlace,
  subject: Subject,
  target: Target,
): KernelProbe | { readonly reason: string } {
  const name = around?.name ?? "";
  const attach = attachTo(file, [{ name, offset, semaphoreOffset: 0n }], false, subject.pid, target);
  if ("reason" in attach) return attach;
  const named = around && file.debug ? variablesAt({ debug: file.debug, function: around }, address, target) : [];
  const functions = name === "" ? [] : ["$probefunc", "$$name"];
  const variables = [
    ...named,
    ...functions.map((variable) => nameVariable(variable, "The function that it lies in.", [name], "")),
    nameVariable("$pp", "The probe point, which pp() returns.", [point], ""),
  ];
  return {
    kind: "kernel",
    attach,
    mechanism: `${describe(attach)} of ${text} in ${file.path}`,
    ...guardsOf(subject),
    variables: new Map(variables.map((variable) => [variable.name, variable])),
    program: probedProgram(file, { address, isReturn: false, isLibrary, sourceFile: around?.file ?? null }, target),
    isReturn: false,
  };
}
