/** Types as C declares them: prototypes of functions, structs with their members. */
import type { DataType, DataTypes, TypeReference } from "./data_type.js";

/** `char *name`, `int (*name)(int)`, `struct page *name[4]`. */
export function declaration({ types, id }: TypeReference, name: string): string {
  if (id === 0) return joined("void", name);
  const type = types.type(id);
  const target: TypeReference = { types, id: type.target };
  switch (type.kind) {
    case "pointer": {
      const inner = type.target === 0 ? "other" : types.type(type.target).kind;
      const needsParentheses = inner === "array" || inner === "function_prototype";
      return declaration(target, needsParentheses ? `(*${name})` : `*${name}`);
    }
    case "array":
      return declaration(target, `${name}[${type.elements === 0 ? "" : type.elements}]`);
    case "function_prototype":
      return declaration(target, `${name}(${parameterList(types, type)})`);
    case "function":
      return declaration(target, name === "" ? type.name : name);
    case "variable":
      return declaration(target, name);
    default:
      return joined(nameOf(type), name);
  }
}

function parameterList(types: DataTypes, { parameters }: DataType): string {
  if (parameters.length === 0) return "void";
  return parameters
    .map((parameter) =>
      parameter.type === 0 && parameter.name === ""
        ? "..."
        : declaration({ types, id: parameter.type }, parameter.name),
    )
    .join(", ");
}

function joined(type: string, name: string): string {
  return name === "" ? type : `${type} ${name}`;
}

function nameOf({ kind, name }: DataType): string {
  if (kind === "forward") return `struct ${name}`;
  if (kind !== "struct" && kind !== "union" && kind !== "enum") return name;
  return name === "" ? `${kind} {…}` : `${kind} ${name}`;
}

export interface LayoutOptions {
  /** Members, or names of an enumeration, that are written out; the others are counted. */
  readonly most: number;
  /** Writes beside each member at which byte it lies. */
  readonly withOffsets: boolean;
}

/** A struct, union or enumeration with what is in it; null for all other types. */
export function layoutText({ types, id }: TypeReference, options: LayoutOptions): string | null {
  if (id === 0) return null;
  const type = types.type(id);
  if (type.kind === "enum") return enumerationText(type, options.most);
  if (type.kind !== "struct" && type.kind !== "union") return null;
  const lines = membersOf(types, type, "  ", 0, options);
  const shown = lines.slice(0, options.most);
  if (lines.length > shown.length) shown.push(`  /* … ${lines.length - shown.length} more */`);
  return [`${joined(type.kind, type.name)} {`, ...shown, `}; /* ${type.size} bytes */`].join("\n");
}

function membersOf(
  types: DataTypes,
  type: DataType,
  indent: string,
  base: number,
  options: LayoutOptions,
): readonly string[] {
  return type.members.flatMap(({ name, type: id, bitOffset, bitSize }): readonly string[] => {
    const place = base + bitOffset;
    const member = types.type(id);
    const isAnonymous = name === "" && (member.kind === "struct" || member.kind === "union");
    if (isAnonymous) {
      const inner = membersOf(types, member, `${indent}  `, place, options);
      return [`${indent}${member.kind} {`, ...inner, `${indent}};`];
    }
    const bits = bitSize === 0 ? "" : `:${bitSize}`;
    const text = `${indent}${declaration({ types, id }, name)}${bits};`;
    return [options.withOffsets ? `${text.padEnd(48)} /* ${Math.floor(place / 8)} */` : text];
  });
}

function enumerationText({ name, enumerators }: DataType, most: number): string {
  const shown = enumerators.slice(0, most).map((each) => `  ${each.name} = ${each.value},`);
  if (enumerators.length > most) shown.push(`  /* … ${enumerators.length - most} more */`);
  return [`${joined("enum", name)} {`, ...shown, "};"].join("\n");
}
