/** Types made up for tests, laid out as they are told. */
import type { DataMember, DataType, DataTypeKind, DataTypes } from "../../../kernel/compiler/types/data_type.js";

type Changes = Partial<Omit<DataType, "id" | "kind">>;

export class DescribedTypes implements DataTypes {
  private readonly all: DataType[] = [];

  constructor(readonly space?: "user") {}

  /** Adds a type and tells its id. */
  add(kind: DataTypeKind, changes: Changes = {}): number {
    const id = this.all.length + 1;
    this.all.push({
      id,
      kind,
      name: "",
      size: 0,
      signed: false,
      target: 0,
      elements: 0,
      members: [],
      enumerators: [],
      parameters: [],
      ...changes,
    });
    return id;
  }

  number(name: string, size: number, signed: boolean): number {
    return this.add("int", { name, size, signed });
  }

  pointer(target: number): number {
    return this.add("pointer", { target, size: 8 });
  }

  array(target: number, elements: number): number {
    return this.add("array", { target, elements, size: elements * (this.all[target - 1]?.size ?? 0) });
  }

  struct(name: string, size: number, members: readonly DataMember[]): number {
    return this.add("struct", { name, size, members });
  }

  /** Gives a type its members once the types that they need are there. */
  complete(id: number, members: readonly DataMember[]): void {
    this.all[id - 1] = { ...this.type(id), members };
  }

  type(id: number): DataType {
    const found = this.all[id - 1];
    if (!found) throw new Error(`there is no type ${id}`);
    return found;
  }

  find(name: string, kind: DataTypeKind): number | null {
    return this.all.find((type) => type.name === name && type.kind === kind)?.id ?? null;
  }

  names(kind: DataTypeKind, prefix: string): readonly string[] {
    return this.all
      .filter((type) => type.kind === kind && type.name !== "" && type.name.startsWith(prefix))
      .map(({ name }) => name);
  }

  enumeration(enumerator: string): number | null {
    return this.all.find(({ enumerators }) => enumerators.some(({ name }) => name === enumerator))?.id ?? null;
  }
}

/** A member at so many bytes. */
export function member(name: string, type: number, offset: number): DataMember {
  return { name, type, bitOffset: offset * 8, bitSize: 0 };
}

/** A bitfield. */
export function bits(name: string, type: number, bitOffset: number, bitSize: number): DataMember {
  return { name, type, bitOffset, bitSize };
}
