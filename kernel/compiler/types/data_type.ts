/**
 * The kernel's types as the compiler sees them: what BTF tells, in its ids. Qualifiers (`const`, `volatile`, …) and type tags are looked
 * through by whoever provides them. Plain look-ups: equal types give equal output.
 */

export type DataTypeKind =
  | "int"
  | "pointer"
  | "array"
  | "struct"
  | "union"
  | "enum"
  | "forward"
  | "typedef"
  | "function"
  | "function_prototype"
  | "float"
  | "variable"
  | "other";

export interface DataMember {
  /** Empty for an anonymous struct or union. */
  readonly name: string;
  readonly type: number;
  /** Bits from the start of the struct. */
  readonly bitOffset: number;
  /** 0 where it is no bitfield. */
  readonly bitSize: number;
}

export interface DataType {
  readonly id: number;
  readonly kind: DataTypeKind;
  readonly name: string;
  /** Bytes; 0 where the type has none. */
  readonly size: number;
  readonly signed: boolean;
  /** What a pointer, array, typedef, function or variable refers to, and what a prototype returns; 0 is void. */
  readonly target: number;
  readonly elements: number;
  readonly members: readonly DataMember[];
  readonly enumerators: readonly { readonly name: string; readonly value: bigint }[];
  /** Of a prototype. The last one of a function with any number of them has the type 0 and no name. */
  readonly parameters: readonly { readonly name: string; readonly type: number }[];
}

/** All types of the kernel, or of one module together with the kernel's. */
export interface DataTypes {
  /** Whose memory they describe: the kernel's where it is not said, or the traced process's. */
  readonly space?: "user" | undefined;
  type(id: number): DataType;
  /** Null where there is none of that kind. */
  find(name: string, kind: DataTypeKind): number | null;
  /** Names of all types of a kind that start with `prefix`. */
  names(kind: DataTypeKind, prefix: string): readonly string[];
  /** An enumeration with an enumerator of that name, enumerations without a name of their own among them; null where none has it. */
  enumeration(enumerator: string): number | null;
}

/** One type, together with where its id counts. */
export interface TypeReference {
  readonly types: DataTypes;
  readonly id: number;
}
