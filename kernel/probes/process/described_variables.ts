/** A program's variables by their names and types, as its debug information tells them where a probe stands. */
import type { ContextVariable, Target } from "../../compiler/catalogue.js";
import type {
  DebugInformation,
  DescribedFunction,
  LocationOperation,
  ProgramVariable,
  VariableLocation,
} from "../../compiler/debug_information.js";
import { readResultWord } from "../../compiler/ir/function_registers.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { KernelCannot } from "../../compiler/ir/kernel_cannot.js";
import { readNumber } from "../../compiler/ir/memory_reads.js";
import { long, type LongValue, type Operand } from "../../compiler/ir/values.js";
import type { TypeReference } from "../../compiler/types/data_type.js";
import { isAggregate, resolveType, sizeOf } from "../../compiler/types/layout.js";
import { typeText } from "../../compiler/types/type_text.js";
import { emitComputed, readLocation, type Location } from "./location.js";

export interface Described {
  readonly debug: DebugInformation;
  readonly function: DescribedFunction;
}

/** DW_OP_fbreg */
const FRAME = 0x91;

/**
 * Where the probe of a function's entry goes: code that is not optimised keeps its parameters in its frame, from the frame's being
 * built on; all other code has them in registers at the very entry.
 */
export function entryOf({ address, offset, bodyAddress, bodyOffset, parameters }: DescribedFunction): {
  readonly address: bigint;
  readonly offset: bigint;
} {
  const isInFrame = parameters.some(({ locations }) =>
    locations.some(
      ({ low, operations: [only, ...more] }) =>
        low === 0n && only?.code === FRAME && more.length === 0 && BigInt.asIntN(64, only.first) < 0n,
    ),
  );
  return isInFrame ? { address: bodyAddress, offset: bodyOffset } : { address, offset };
}

/** Parameters and locals as they are at an address, and the lists of them. */
export function variablesAt({ debug, function: around }: Described, here: bigint, target: Target): ContextVariable[] {
  const surroundings = {
    architecture: target.architecture,
    frameBase: operationsAt(around.frameBase, here),
    callFrame: debug.callFrameAt(here),
    isAtEntry: here === around.address,
  };
  const made = new Map<string, { readonly variable: ContextVariable; readonly isReadable: boolean }>();
  const add = (found: ProgramVariable, what: string): void => {
    if (found.name === "" || made.get(`$${found.name}`)?.isReadable) return;
    const data = { types: debug.types, id: found.type };
    const location: Location =
      found.constant === null
        ? readLocation(operationsAt(found.locations, here), surroundings)
        : { kind: "value", value: { kind: "number", value: found.constant } };
    const reason = refusalOf(location, data);
    // Of several variables of a name in blocks within each other, the one that can be read is most likely meant.
    if (reason !== null && made.has(`$${found.name}`)) return;
    made.set(`$${found.name}`, {
      variable: variableOf(found, what, data, location, reason, here),
      isReadable: reason === null,
    });
  };
  for (const parameter of around.parameters) add(parameter, "Parameter");
  const parameters = [...made.keys()];
  for (const local of around.locals) add(local, "Local variable");
  const all = [...made.keys()];
  return [
    ...[...made.values()].map(({ variable }) => variable),
    listing("$$parms", "The parameters, as text.", parameters),
    listing("$$locals", "The local variables, as text.", all.slice(parameters.length)),
    listing("$$vars", "Parameters and local variables, as text.", all),
  ];
}

function listing(name: string, summary: string, lists: readonly string[]): ContextVariable {
  return { name, type: "string", summary, lists };
}

function operationsAt(locations: readonly VariableLocation[], here: bigint): readonly LocationOperation[] {
  return locations.find(({ low, high }) => low <= here && here < high)?.operations ?? [];
}

function refusalOf(location: Location, data: TypeReference): string | null {
  if (location.kind === "unreadable") return location.reason;
  const type = resolveType(data);
  if (type.kind === "float") return location.kind === "memory" ? null : "it is a floating-point number in a register";
  if (isAggregate(type) && location.kind === "value") return "it is a structure in a register";
  return null;
}

function variableOf(
  { name }: ProgramVariable,
  what: string,
  data: TypeReference,
  location: Location,
  reason: string | null,
  here: bigint,
): ContextVariable {
  const common = { name: `$${name}`, type: "long", data } as const;
  if (reason !== null || location.kind === "unreadable") {
    const unreadable = reason ?? "nothing tells where it is";
    return { ...common, summary: `${what} ${name}, out of reach here: ${unreadable}.`, unreadable };
  }
  const type = resolveType(data);
  const size = sizeOf(data);
  const address = (emit: Emitter): LongValue => {
    if (location.kind === "value") throw new Error(`${name} lies nowhere`);
    return long(emitComputed(emit, location.address, here));
  };
  const kernel = (emit: Emitter): LongValue => {
    if (location.kind === "value")
      return long(widened(emit, emitComputed(emit, location.value, here), size, type.signed));
    const { operand: at } = address(emit);
    // What is no number is known by its address.
    if (isAggregate(type) || type.kind === "float" || size === 0 || size > 8) return long(at);
    return long(readNumber(emit, { space: "user", bytes: size, signed: type.signed }, at));
  };
  const known = { ...common, summary: `${what} ${name} (${typeText(data)}).`, kernel };
  return location.kind === "memory" ? { ...known, address } : known;
}

function widened(emit: Emitter, value: Operand, size: number, signed: boolean): Operand {
  if (size === 0 || size >= 8) return value;
  const shift = BigInt(64 - size * 8);
  return emit.alu(signed ? "arsh" : "rsh", emit.alu("lsh", value, shift), shift);
}

/** What a function returns; null for one that returns nothing. */
export function describedResult({ debug, function: of }: Described): readonly ContextVariable[] {
  if (of.returnType === 0) return [];
  const data = { types: debug.types, id: of.returnType };
  const type = resolveType(data);
  const kernel = (emit: Emitter): LongValue => {
    if (isAggregate(type) || type.kind === "float")
      throw new KernelCannot(
        "$return cannot be read: it is no number in a register",
        "the parameters can, by @entry(…)",
      );
    return long(widened(emit, readResultWord(emit), sizeOf(data), type.signed));
  };
  const summary = `What the function returns (${typeText(data)}).`;
  return [
    { name: "$return", type: "long", summary, data, kernel },
    { name: "$$return", type: "string", summary: `${summary.slice(0, -1)}, as text.`, lists: ["$return"] },
  ];
}
