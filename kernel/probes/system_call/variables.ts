/** What a system-call probe brings: `name`, `argstr`, `retval`, `retstr`, and the call's arguments under all their names. */
import type { ContextVariable, Target } from "../../compiler/catalogue.js";
import { readString } from "../../compiler/ir/strings.js";
import { RETURN_TEXT_SHAPE, returnText } from "../../compiler/ir/return_text.js";
import { bufferSize, long, type StringValue } from "../../compiler/ir/values.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { wordVariables } from "../kernel_function/variables.js";
import { parameterListings, returnListing } from "../listings.js";
import { argumentText, argumentTextSize } from "./argument_text.js";
import { dispatch } from "./dispatch.js";
import type { Parameter } from "./parameters.js";
import { readArgument, readNumber, readResult } from "./registers.js";
import { systemCallTable, type SystemCall } from "./table.js";
import { readShared } from "./values.js";

/** Calls that return an address. */
const RETURNS_ADDRESS = new Set(["brk", "mmap", "mremap", "shmat"]);

/** As many as a call can have, each in a register of its own. */
const ARGUMENTS = 6;

export function systemCallVariables(
  calls: readonly SystemCall[],
  isReturn: boolean,
  target: Target,
): ReadonlyMap<string, ContextVariable> {
  const table = systemCallTable(target.architecture);
  const variables = new Map<string, ContextVariable>();
  const add = (variable: ContextVariable): void => {
    if (!variables.has(variable.name)) variables.set(variable.name, variable);
  };
  add({
    name: "name",
    type: "string",
    summary: "The system call's name.",
    shape: { kind: "names", set: table.names },
    kernel: (emit) => ({ kind: "names", set: table.names, operand: readNumber(emit, isReturn) }),
  });
  add({
    name: "$probefunc",
    type: "string",
    summary: "The kernel's function of the system call, which probefunc() and ppfunc() return.",
    shape: { kind: "names", set: table.functions },
    kernel: (emit) => ({ kind: "names", set: table.functions, operand: readNumber(emit, isReturn) }),
  });
  add({
    name: "syscall_nr",
    type: "long",
    summary: "The system call's number.",
    kernel: (emit) => long(readNumber(emit, isReturn)),
  });
  add({
    name: "argstr",
    type: "string",
    summary: "The arguments as text.",
    // Several texts may add up to more than the language's longest string; then that is the shape.
    ...(argumentTextSize(calls) <= 256 ? { shape: { kind: "bytes", size: argumentTextSize(calls) } as const } : {}),
    kernel: (emit) => argumentText(emit, calls, isReturn),
  });
  if (isReturn) for (const variable of returnVariables(calls)) add(variable);
  for (const variable of argumentVariables(calls, isReturn)) add(variable);
  const shared = (calls[0]?.parameters ?? []).map(({ name }) => `$${name}`).filter((name) => variables.has(name));
  for (const variable of parameterListings(shared)) add(variable);
  if (isReturn) add(returnListing());
  else for (const variable of wordVariables(ARGUMENTS, { argument: readArgument })) add(variable);
  return variables;
}

function returnVariables(calls: readonly SystemCall[]): readonly ContextVariable[] {
  const value = (name: string): ContextVariable => ({
    name,
    type: "long",
    summary: "What the system call returned: -1 to -4095 are errors.",
    kernel: (emit) => long(readResult(emit)),
  });
  const text: ContextVariable = {
    name: "retstr",
    type: "string",
    summary: "What the system call returned, as text: `-2 (ENOENT)` for an error.",
    shape: RETURN_TEXT_SHAPE,
    kernel: (emit) => returnedText(emit, calls),
  };
  return [value("retval"), value("$return"), text];
}

function returnedText(emit: Emitter, calls: readonly SystemCall[]): StringValue {
  const numbers = (isAddress: boolean): number[] =>
    calls.filter(({ name }) => RETURNS_ADDRESS.has(name) === isAddress).map(({ number }) => number);
  const [addresses, others] = [numbers(true), numbers(false)];
  const value = readResult(emit);
  if (addresses.length === 0) return returnText(emit, value, "decimal");
  if (others.length === 0) return returnText(emit, value, "hexadecimal");
  const isAddress = emit.set(0n);
  dispatch(emit, readNumber(emit, true), [
    { numbers: addresses, body: () => emit.assign(isAddress, 1n) },
    { numbers: others, body: () => emit.assign(isAddress, 0n) },
  ]);
  return returnText(emit, value, { isHexadecimal: isAddress });
}

/** Arguments that every one of the calls has, under every name that all of them give it. */
function argumentVariables(calls: readonly SystemCall[], isReturn: boolean): readonly ContextVariable[] {
  const [first, ...others] = calls;
  if (!first) return [];
  return [...parametersByName(first)].flatMap(([name, parameter]) => {
    const places = [{ number: first.number, parameter }];
    for (const call of others) {
      const found = parametersByName(call).get(name);
      if (!found) return [];
      places.push({ number: call.number, parameter: found });
    }
    const summary = `Argument ${parameter.name} (${parameter.type}).`;
    const number = (emit: Emitter) => long(readShared(emit, places, isReturn));
    const raw: ContextVariable = { name: `$${name}`, type: "long", summary, kernel: number };
    const isText = places.every(({ parameter }) => parameter.notation === "text") && !name.endsWith("_uaddr");
    if (!isText) return [{ name, type: "long", summary, kernel: number } satisfies ContextVariable, raw];
    const text: ContextVariable = {
      name,
      type: "string",
      summary: `${summary} Its text, cut at the language's longest string; empty where it is not in memory.`,
      kernel: (emit) => {
        const address = readShared(emit, places, isReturn);
        return readString(emit, "user", address, bufferSize(emit.maxStringLength - 1), (_code, offset) => {
          emit.store("scratch", offset, 0n);
        });
      },
    };
    return [text, raw];
  });
}

function parametersByName(call: SystemCall): ReadonlyMap<string, Parameter> {
  const names = new Map<string, Parameter>();
  for (const parameter of call.parameters) names.set(parameter.name, parameter);
  for (const parameter of call.parameters) {
    for (const other of parameter.otherNames) if (!names.has(other)) names.set(other, parameter);
  }
  return names;
}
