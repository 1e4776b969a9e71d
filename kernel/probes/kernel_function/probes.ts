/** The probes of functions: one program with typed parameters for each, or one program for many. */
import type { ContextVariable, KernelProbe, Target } from "../../compiler/catalogue.js";
import type { AttachPoint } from "../../compiler/compiled.js";
import type { FoundFunction } from "./found.js";
import { works, type Mechanism } from "./mechanism.js";
import { argumentRegisters } from "../../compiler/ir/function_registers.js";
import { signatureOf, sizeOf, throughTypedefs, type Parameter, type Signature } from "./signature.js";
import {
  addressVariable,
  breakpointWords,
  nameVariable,
  parameterVariables,
  resultVariables,
  trampolineWords,
  wordVariables,
  type Words,
} from "./variables.js";

interface Wanted {
  readonly isReturn: boolean;
  /** What only kretprobes need; the others have room for every call. */
  readonly maxActive: number | null;
}

/** Null where nothing of what works on this machine can reach the function. */
export function probeOfFunction(
  found: FoundFunction,
  wanted: Wanted,
  order: readonly Mechanism[],
  target: Target,
): KernelProbe | null {
  const { name, module } = found;
  const signature = signatureOf(name, module, target);
  const isTraceable = target.functions.isTraceable(name, module);
  const canServe: Readonly<Record<Mechanism, boolean>> = {
    trampoline: isTraceable && signature !== null && isForTrampoline(signature, target),
    multi: isTraceable,
    breakpoint: true,
  };
  const mechanism = order.find((each) => canServe[each] && works(each, wanted.isReturn, target));
  if (mechanism === undefined) return null;
  const entry = wanted.isReturn ? probeOfFunction(found, { isReturn: false, maxActive: null }, order, target) : null;
  const variables: ContextVariable[] = [];
  if (mechanism === "trampoline" && signature) {
    const words = trampolineWords(signature);
    // The words of the arguments are still there at the return.
    variables.push(...parameterVariables(signature.parameters, words), ...wordVariables(signature.words, words));
    if (wanted.isReturn && signature.result) variables.push(...resultVariables(signature.result, words));
    const kind = wanted.isReturn ? "fexit" : "fentry";
    const attach: AttachPoint = { kind, module, function: name };
    return probe(attach, `${kind} of ${name}`, variables, wanted.isReturn, [found], entry);
  }
  if (!wanted.isReturn) {
    variables.push(
      ...parameterVariables(signature?.parameters ?? [], breakpointWords),
      ...wordVariables(argumentRegisters(target.architecture), breakpointWords),
    );
  } else variables.push(...resultOf(signature, breakpointWords));
  const attach = attachTo([found], mechanism, wanted);
  return probe(
    attach,
    `${describe(mechanism, wanted.isReturn)} of ${name}`,
    variables,
    wanted.isReturn,
    [found],
    entry,
  );
}

function isForTrampoline(signature: Signature, target: Target): boolean {
  return signature.isPlain && signature.words <= argumentRegisters(target.architecture);
}

function resultOf(signature: Signature | null, words: Words): readonly ContextVariable[] {
  if (!signature) return resultVariables(undefined, words);
  return signature.result ? resultVariables(signature.result, words) : [];
}

/** One program for all; they share the parameters that every one of them has, at the same place and of the same kind. */
export function probeOfMany(
  found: readonly FoundFunction[],
  pointOf: (found: FoundFunction) => string,
  wanted: Wanted,
  mechanism: Mechanism,
  target: Target,
): KernelProbe {
  const signatures = found.map(({ name, module }) => signatureOf(name, module, target));
  const variables = wanted.isReturn
    ? [...resultVariables(undefined, breakpointWords)]
    : [
        ...parameterVariables(sharedParameters(signatures), breakpointWords),
        ...wordVariables(argumentRegisters(target.architecture), breakpointWords),
      ];
  const [first] = found;
  // What differs between the points of a script, so that their names do not mix.
  const id = `${first?.module ?? ""}${first?.name}_${found.length}_${wanted.isReturn ? "return" : "entry"}`;
  variables.push(nameVariable("$pp", "The probe point, which pp() returns.", found.map(pointOf), `points_${id}`));
  const entry = wanted.isReturn
    ? probeOfMany(found, pointOf, { isReturn: false, maxActive: null }, mechanism, target)
    : null;
  const attach = attachTo(found, mechanism, wanted);
  const text = `${describe(mechanism, wanted.isReturn)} of ${found.length} functions`;
  return probe(attach, text, variables, wanted.isReturn, found, entry, id);
}

function sharedParameters(signatures: readonly (Signature | null)[]): readonly Parameter[] {
  const [first, ...others] = signatures;
  if (!first) return [];
  return first.parameters.filter((parameter) =>
    others.every((signature) => signature?.parameters.some((other) => isSame(parameter, other))),
  );
}

function isSame(left: Parameter, right: Parameter): boolean {
  if (left.name !== right.name || left.word !== right.word) return false;
  const [one, other] = [left, right].map(({ data }) => throughTypedefs(data.types, data.id));
  if (!one || !other || one.kind !== other.kind || sizeOf(one) !== sizeOf(other) || one.signed !== other.signed)
    return false;
  if (one.kind !== "pointer") return true;
  return left.data.types.type(one.target).name === right.data.types.type(other.target).name;
}

/** A breakpoint or a kprobe.multi link, with the functions by number. */
function attachTo(found: readonly FoundFunction[], mechanism: Mechanism, { isReturn, maxActive }: Wanted): AttachPoint {
  const functions = found.map(({ name }) => name);
  if (mechanism === "multi") return { kind: "kprobe_multi", functions, isReturn };
  return { kind: "kprobe", functions, offset: 0n, isReturn, maxActive };
}

function describe(mechanism: Mechanism, isReturn: boolean): string {
  const name = mechanism === "multi" ? "kprobe.multi" : "kprobe";
  return isReturn ? name.replace("kprobe", "kretprobe") : name;
}

function probe(
  attach: AttachPoint,
  mechanism: string,
  own: readonly ContextVariable[],
  isReturn: boolean,
  found: readonly FoundFunction[],
  entry: KernelProbe | null,
  id = "",
): KernelProbe {
  const names = found.map(({ name }) => name);
  const common = [
    nameVariable("$probefunc", "The function, which probefunc() and ppfunc() return.", names, `functions_${id}`),
    nameVariable("$$name", "The function's name.", names, `functions_${id}`),
    addressVariable,
  ];
  const variables = new Map<string, ContextVariable>();
  for (const variable of [...own, ...common]) if (!variables.has(variable.name)) variables.set(variable.name, variable);
  return {
    kind: "kernel",
    attach,
    mechanism,
    guard: null,
    variables,
    isReturn,
    ...(entry ? { entry } : {}),
  };
}
