/** A few types and functions of a kernel of the tests' own: numbers of every width, pointers, structures by value. */
import type { KernelFunctions } from "../../kernel/compiler/catalogue.js";
import type { DataType, DataTypeKind, DataTypes } from "../../kernel/compiler/types/data_type.js";

type Made = Partial<DataType> & { readonly kind: DataTypeKind };

const FIRST: readonly Made[] = [
  { kind: "other", name: "void" },
  { kind: "int", name: "int", size: 4, signed: true },
  { kind: "int", name: "unsigned char", size: 1, signed: false },
  { kind: "int", name: "long unsigned int", size: 8, signed: false },
  { kind: "typedef", name: "size_t", target: 3 },
  { kind: "struct", name: "file", size: 256 },
  { kind: "pointer", target: 5 },
  { kind: "struct", name: "pair", size: 16 },
  { kind: "struct", name: "large", size: 40 },
];

export const TYPE = { void: 0, int: 1, char: 2, size: 4, file: 6, pair: 7, large: 8 } as const;

export type TypeName = keyof typeof TYPE;

/** Functions as `name: [result, [parameter, type], …]`. */
export type Prototypes = Readonly<Record<string, readonly [TypeName, ...(readonly [string, TypeName])[]]>>;

export function typesOf(prototypes: Prototypes): DataTypes {
  const types: Made[] = [...FIRST];
  for (const [name, [result, ...parameters]] of Object.entries(prototypes)) {
    const taken = parameters.map(([parameter, type]) => ({ name: parameter, type: TYPE[type] }));
    types.push({ kind: "function_prototype", target: TYPE[result], parameters: taken });
    types.push({ kind: "function", name, target: types.length - 1 });
  }
  const empty = {
    name: "",
    size: 0,
    signed: false,
    target: 0,
    elements: 0,
    members: [],
    enumerators: [],
    parameters: [],
  };
  const all = types.map((type, id): DataType => ({ ...empty, ...type, id }));
  return {
    type: (id) => all[id]!,
    enumeration: () => null,
    find: (name, kind) => all.find((type) => type.name === name && type.kind === kind)?.id ?? null,
    names: (kind, prefix) =>
      all.filter((type) => type.kind === kind && type.name.startsWith(prefix)).map(({ name }) => name),
  };
}

/** All of them can be probed; modules have functions of their own. */
export function functionsOf(
  types: DataTypes,
  modules: Readonly<Record<string, readonly string[]>> = {},
  isTraceable: KernelFunctions["isTraceable"] = () => true,
): KernelFunctions {
  return {
    names: (module, prefix) =>
      module === null
        ? [...types.names("function", prefix)].toSorted()
        : (modules[module] ?? []).filter((name) => name.startsWith(prefix)),
    isTraceable,
    modules: () => Object.keys(modules),
  };
}
