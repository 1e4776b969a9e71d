/** Inside quotes: types, modules and symbols, where the language expects their names there. */
import type { DataTypeKind, DataTypes } from "../../compiler/types/data_type.js";
import type { Session } from "../session.js";
import { MOST_MATCHES, plainMatches, type Candidates } from "./match.js";

type Expected = "type" | "module" | "symbol";

/** By what stands before the opening quote. */
const EXPECTED: readonly (readonly [RegExp, Expected])[] = [
  [/@(?:cast|container_of)\s*\([^"]*,\s*"[^"]*"\s*,\s*$/, "module"],
  [/@cast_module_sizeof\s*\(\s*$/, "module"],
  [/@(?:cast|container_of)\s*\((?:[^"()]|\([^"()]*\))*,\s*$/, "type"],
  [/@(?:type_defined|type_member_defined|cast_sizeof)\s*\(\s*$/, "type"],
  [/@cast_module_sizeof\s*\(\s*"[^"]*"\s*,\s*$/, "type"],
  [/@var\s*\(\s*$/, "symbol"],
  [/@var\s*\(\s*"[^"]*"\s*,\s*$/, "module"],
];

export function textMatches(session: Session, code: string, cursor: number): Candidates {
  const before = code.slice(0, cursor);
  const text = /"((?:\\.|[^"\\])*)$/.exec(before)?.[1] ?? "";
  const head = before.slice(0, cursor - text.length - 1);
  const expected = EXPECTED.find(([pattern]) => pattern.test(head))?.[1];
  if (expected === undefined) return { piece: { text, start: cursor - text.length }, matches: [] };
  if (expected === "module") {
    const names = ["kernel", ...session.target(0).functions.modules()];
    return { piece: { text, start: cursor - text.length }, matches: plainMatches(names, "module") };
  }
  const word = /\w*$/.exec(text)?.[0] ?? "";
  const piece = { text: word, start: cursor - word.length };
  const types = session.target(0).dataTypes();
  if (!types) return { piece, matches: [] };
  const keyword = /\b(struct|union|enum)\s+\w*$/.exec(text)?.[1];
  const kinds = expected === "symbol" ? (["variable"] as const) : keyword ? [keyword as DataTypeKind] : KINDS;
  return { piece, ...namesOf(types, kinds, word) };
}

const KINDS: readonly DataTypeKind[] = ["struct", "union", "enum", "typedef"];

function namesOf(types: DataTypes, kinds: readonly DataTypeKind[], start: string): Omit<Candidates, "piece"> {
  const all = kinds.flatMap((kind) => [...new Set(types.names(kind, start))].map((text) => ({ text, type: kind })));
  const sorted = all.toSorted((left, right) => (left.text < right.text ? -1 : 1));
  return { matches: sorted.slice(0, MOST_MATCHES), more: Math.max(0, sorted.length - MOST_MATCHES) };
}
