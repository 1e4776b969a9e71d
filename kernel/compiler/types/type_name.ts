/** Types as a script writes them: `"task_struct"`, `"struct task_struct *"`, `"unsigned long"`. */
import type { DataTypeKind, DataTypes, TypeReference } from "./data_type.js";
import { pointerTo } from "./layout.js";

export interface WrittenType {
  /** `struct`, `union` or `enum` where it is said. */
  readonly keyword: "struct" | "union" | "enum" | null;
  readonly name: string;
  /** How many stars follow. */
  readonly pointers: number;
}

/** Words of C's numbers; the two compilers spell the same type in different orders. */
const NUMBER_WORDS = /^(?:signed|unsigned|char|short|int|long|_Bool|bool)$/;

/** Null where the text is no type. */
export function parseTypeName(text: string): WrittenType | null {
  const plain = text.replaceAll(/\b(?:const|volatile|restrict|__user|__kernel|__rcu|__percpu)\b/g, " ");
  const match = /^\s*(?<keyword>struct|union|enum)?\s*(?<name>\w+(?:\s+\w+)*)\s*(?<stars>[*\s]*)$/.exec(plain);
  if (!match?.groups) return null;
  const { keyword, name = "", stars = "" } = match.groups;
  const words = name.split(/\s+/);
  if (words.length > 1 && (keyword !== undefined || !words.every((word) => NUMBER_WORDS.test(word)))) return null;
  return {
    keyword: (keyword as WrittenType["keyword"]) ?? null,
    name: words.join(" "),
    pointers: stars.replaceAll(/\s/g, "").length,
  };
}

/** What the written type is there; null where there is no such type. */
export function findType(types: DataTypes, written: WrittenType): TypeReference | null {
  const id = findBase(types, written);
  if (id === null) return null;
  let reference: TypeReference = { types, id };
  for (let star = 0; star < written.pointers; star++) reference = pointerTo(reference);
  return reference;
}

/** What one word may be; a struct goes before a typedef of its name, which is the same thing nearly always. */
const BARE_KINDS: readonly DataTypeKind[] = ["struct", "union", "typedef", "enum", "int", "float"];

function findBase(types: DataTypes, { keyword, name, pointers }: WrittenType): number | null {
  if (keyword !== null) return types.find(name, keyword);
  if (name === "void") return pointers > 0 ? 0 : null;
  const words = name.split(" ");
  if (words.every((word) => NUMBER_WORDS.test(word))) {
    for (const spelling of spellings(words)) {
      const id = types.find(spelling, "int");
      if (id !== null) return id;
    }
  }
  for (const kind of BARE_KINDS) {
    const id = types.find(name, kind);
    if (id !== null) return id;
  }
  return null;
}

/** The ways in which GCC and Clang write what the words mean. */
function spellings(words: readonly string[]): readonly string[] {
  if (words.includes("bool") || words.includes("_Bool")) return ["_Bool", "bool"];
  const unsigned = words.includes("unsigned");
  const longs = words.filter((word) => word === "long").length;
  if (words.includes("char"))
    return unsigned ? ["unsigned char"] : words.includes("signed") ? ["signed char", "char"] : ["char"];
  const size = words.includes("short") ? "short" : longs > 1 ? "long long" : longs === 1 ? "long" : "";
  if (size === "") return unsigned ? ["unsigned int"] : ["int"];
  return unsigned
    ? [`${size} unsigned int`, `unsigned ${size}`, `unsigned ${size} int`]
    : [`${size} int`, size, `signed ${size}`];
}

/** Names near to a written one are sought among these. */
export function knownTypeNames(types: DataTypes, { keyword }: WrittenType): readonly string[] {
  if (keyword !== null) return types.names(keyword, "");
  return BARE_KINDS.flatMap((kind) => types.names(kind, ""));
}
