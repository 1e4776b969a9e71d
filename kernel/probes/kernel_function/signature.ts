/** What a function takes and gives, as the kernel's own type information tells it. */
import type { Target } from "../../compiler/catalogue.js";
import type { DataType, DataTypes, TypeReference } from "../../compiler/types/data_type.js";

export interface Parameter {
  readonly name: string;
  readonly data: TypeReference;
  /** Its first word among the words in which arguments are passed. */
  readonly word: number;
}

export interface Signature {
  /** As far as they can be told: what follows a structure that is passed in memory is left out. */
  readonly parameters: readonly Parameter[];
  /** Words of all arguments. */
  readonly words: number;
  /** Null where it returns nothing. */
  readonly result: TypeReference | null;
  /** Whether a trampoline can pass all of it on. */
  readonly isPlain: boolean;
}

/** Larger structures are passed in memory. */
const LARGEST_IN_REGISTERS = 16;

/** Null where the types tell nothing of the function. */
export function signatureOf(name: string, module: string | null, target: Target): Signature | null {
  const types = target.dataTypes(module ?? undefined);
  const id = types?.find(name, "function");
  if (!types || id == null) return null;
  const prototype = types.type(types.type(id).target);
  const parameters: Parameter[] = [];
  let words = 0;
  let isPlain = true;
  for (const parameter of prototype.parameters) {
    const type = throughTypedefs(types, parameter.type);
    const isVariadic = parameter.type === 0;
    if (isVariadic || sizeOf(type) > LARGEST_IN_REGISTERS) {
      isPlain = false;
      break;
    }
    if (parameter.name !== "")
      parameters.push({ name: parameter.name, data: { types, id: parameter.type }, word: words });
    words += Math.max(1, Math.ceil(sizeOf(type) / 8));
  }
  const result = prototype.target === 0 ? null : { types, id: prototype.target };
  return { parameters, words, result, isPlain };
}

export function throughTypedefs(types: DataTypes, id: number): DataType {
  let type = types.type(id);
  while (type.kind === "typedef") type = types.type(type.target);
  return type;
}

export function sizeOf(type: DataType): number {
  return type.kind === "pointer" ? 8 : type.size;
}

/** Structures passed by value have no number that could stand for them. */
export function isAggregate({ types, id }: TypeReference): boolean {
  return ["struct", "union", "array", "float"].includes(throughTypedefs(types, id).kind);
}
