/** The arguments of a tracepoint: `$prev`, `$next`, and by number `$arg1`, `$arg2`, with their types as BTF tells them. */
import type { ContextVariable, Target } from "../compiler/catalogue.js";
import type { DataTypes, TypeReference } from "../compiler/types/data_type.js";
import { isAggregate, resolveType } from "../compiler/types/layout.js";
import { describeType } from "../compiler/types/type_text.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { long, type LongValue } from "../compiler/ir/values.js";
import { parameterListings } from "./listings.js";

/** So many are passed at most; where nothing tells how many a tracepoint has, all of them can be asked for. */
const MOST_ARGUMENTS = 12;

/** Functions that the kernel makes for each tracepoint, with its parameters behind one for the kernel's own use; not all kernels have all. */
const NAMED_BY = ["__traceiter_", "__probestub_", "__bpf_trace_"];

interface Argument {
  /** Null where this kernel tells none. */
  readonly name: string | null;
  readonly type: TypeReference;
}

/** The variables of one tracepoint, those that list others (`$$vars`, `$$parms`) among them. */
export function argumentVariables(tracepoint: string, target: Target, module?: string): readonly ContextVariable[] {
  const types = target.dataTypes(module);
  const known = types && findArguments(types, tracepoint);
  const numbers = known ?? Array.from({ length: MOST_ARGUMENTS }, () => null);
  const numbered = numbers.map((argument, index) => variable(`$arg${index + 1}`, index, argument));
  if (!known) return numbered;
  const named = known.flatMap((argument, index) =>
    argument.name === null ? [] : [variable(`$${argument.name}`, index, argument)],
  );
  // A kernel that tells no names has numbers only.
  const shown = named.length === known.length ? named : numbered;
  return [...named, ...numbered, ...parameterListings(shown.map(({ name }) => name))];
}

/** Null where the types say nothing of the tracepoint. */
function findArguments(types: DataTypes, tracepoint: string): readonly Argument[] | null {
  for (const prefix of NAMED_BY) {
    const id = types.find(prefix + tracepoint, "function");
    if (id !== null) return parametersOf({ types, id: types.type(id).target });
  }
  const id = types.find(`btf_trace_${tracepoint}`, "typedef");
  if (id === null) return null;
  const pointer = resolveType({ types, id });
  return pointer.kind === "pointer" ? parametersOf({ types, id: pointer.target }) : null;
}

/** Without the first, which is the kernel's own. */
function parametersOf(prototype: TypeReference): readonly Argument[] {
  const { types } = prototype;
  return resolveType(prototype)
    .parameters.slice(1)
    .map(({ name, type }) => ({ name: name === "" ? null : name, type: { types, id: type } }));
}

function variable(name: string, index: number, argument: Argument | null): ContextVariable {
  const text = argument ? describeType(argument.type) : "a 64-bit number";
  const plain = {
    name,
    type: "long",
    summary: `Argument ${index + 1} of the tracepoint (${text}).`,
    kernel: (emit: Emitter) => readArgument(emit, index, argument),
  } as const;
  // A struct is passed in words of its own, which no address leads to.
  return argument && !isAggregate(resolveType(argument.type)) ? { ...plain, data: argument.type } : plain;
}

/** A typed pointer goes through memory once: the verifier then takes it for the plain number that the script wants. */
function readArgument(emit: Emitter, index: number, argument: Argument | null): LongValue {
  const word = emit.load(emit.context(), index * 8);
  const value = emit.temporaries(() => {
    const memory = emit.allocate(8);
    emit.store("scratch", memory, word);
    return emit.load("scratch", memory);
  });
  if (!argument) return long(value);
  const { kind, size, signed } = resolveType(argument.type);
  if ((kind !== "int" && kind !== "enum") || size >= 8) return long(value);
  const shift = BigInt(64 - size * 8);
  return long(emit.alu(signed ? "arsh" : "rsh", emit.alu("lsh", value, shift), shift));
}
