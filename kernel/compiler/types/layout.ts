/** What a type is made of: through typedefs, into anonymous members, behind pointers. */
import type { DataType, DataTypes, TypeReference } from "./data_type.js";

/** A member as it is reached from the struct, through anonymous ones where need be. */
export interface FoundMember {
  readonly reference: TypeReference;
  /** Bits from the start of the struct that was asked. */
  readonly bitOffset: number;
  /** 0 where it is no bitfield. */
  readonly bitSize: number;
}

const VOID: DataType = {
  id: 0,
  kind: "other",
  name: "void",
  size: 0,
  signed: false,
  target: 0,
  elements: 0,
  members: [],
  enumerators: [],
  parameters: [],
};

/** The type itself, behind all typedefs; a struct that was only announced is the one of its name, where there is one. */
export function resolveType({ types, id }: TypeReference): DataType {
  let type = id === 0 ? VOID : types.type(id);
  while (type.kind === "typedef" || type.kind === "variable") type = type.target === 0 ? VOID : types.type(type.target);
  if (type.kind !== "forward") return type;
  const whole = types.find(type.name, "struct") ?? types.find(type.name, "union");
  return whole === null ? type : types.type(whole);
}

/** What a pointer leads to, an array is made of, a function or variable has as its type. */
export function targetOf(reference: TypeReference): TypeReference {
  return { types: reference.types, id: resolveType(reference).target };
}

export function isAggregate({ kind }: DataType): boolean {
  return kind === "struct" || kind === "union" || kind === "array";
}

/** Pointers have no size of their own in every description. */
const POINTER_SIZE = 8;

/** Bytes; 0 where the type has none. */
export function sizeOf(reference: TypeReference): number {
  const type = resolveType(reference);
  if (type.kind === "pointer") return POINTER_SIZE;
  if (type.kind === "array") return type.elements * sizeOf({ types: reference.types, id: type.target });
  return type.size;
}

/** The member of that name; null where there is none. */
export function findMember(reference: TypeReference, name: string): FoundMember | null {
  const { types } = reference;
  for (const member of resolveType(reference).members) {
    const { bitOffset, bitSize } = member;
    if (member.name === name) return { reference: { types, id: member.type }, bitOffset, bitSize };
    if (member.name !== "") continue;
    const inner = findMember({ types, id: member.type }, name);
    if (inner) return { ...inner, bitOffset: bitOffset + inner.bitOffset };
  }
  return null;
}

/** A member with its name. */
export interface NamedMember extends FoundMember {
  readonly name: string;
}

/** All members that can be named, in their order; those of anonymous structs and unions stand among them. */
export function namedMembers(reference: TypeReference): NamedMember[] {
  const { types } = reference;
  return resolveType(reference).members.flatMap(({ name, type, bitOffset, bitSize }): NamedMember[] => {
    const own = { types, id: type };
    if (name !== "") return [{ name, reference: own, bitOffset, bitSize }];
    return namedMembers(own).map((inner) => ({ ...inner, bitOffset: bitOffset + inner.bitOffset }));
  });
}

/** Whether two types are one for whoever reads what they describe. */
export function isSameType(first: TypeReference, second: TypeReference): boolean {
  const [a, b] = [resolveType(first), resolveType(second)];
  if (a.kind !== b.kind) return false;
  // Of a number it does not matter where it came from.
  const isPlace = a.kind === "pointer" || isAggregate(a);
  if (isPlace && (first.types.space ?? "kernel") !== (second.types.space ?? "kernel")) return false;
  if (a.kind === "pointer" || a.kind === "array") {
    return a.elements === b.elements && isSameType(targetOf(first), targetOf(second));
  }
  if (a.name !== "" || b.name !== "") return a.name === b.name && a.size === b.size;
  return a.id === b.id && described(first.types) === described(second.types);
}

/** Pointers that a script made, by `&` or in the type of a cast: no description of the kernel has an id for them. */
class PointerTypes implements DataTypes {
  constructor(
    readonly inner: DataTypes,
    private readonly target: number,
    readonly pointer: number,
  ) {}

  get space(): DataTypes["space"] {
    return this.inner.space;
  }

  type(id: number): DataType {
    if (id !== this.pointer) return this.inner.type(id);
    return { ...VOID, id, kind: "pointer", name: "", size: POINTER_SIZE, target: this.target };
  }

  find(name: string, kind: DataType["kind"]): number | null {
    return this.inner.find(name, kind);
  }

  enumeration(enumerator: string): number | null {
    return this.inner.enumeration(enumerator);
  }

  names(kind: DataType["kind"], prefix: string): readonly string[] {
    return this.inner.names(kind, prefix);
  }
}

/** The description behind pointers that a script made. */
function described(types: DataTypes): DataTypes {
  return types instanceof PointerTypes ? described(types.inner) : types;
}

export function pointerTo({ types, id }: TypeReference): TypeReference {
  // Ids of descriptions are positive; each pointer to a pointer goes one further down.
  const pointer = types instanceof PointerTypes ? types.pointer - 1 : -1;
  return { types: new PointerTypes(types, id, pointer), id: pointer };
}
