/** Types, modules and symbols that a script names in the arguments of `@cast`, `@var` and their kin. */
import type * as ast from "../syntax/ast.js";
import type { DataTypes, TypeReference } from "../types/data_type.js";
import { resolveType } from "../types/layout.js";
import { findType, knownTypeNames, parseTypeName } from "../types/type_name.js";
import type { Body } from "./body.js";
import * as complaints from "./data_messages.js";

/** A type as written, and whether the script wrote it as a pointer. */
export interface NamedType {
  readonly reference: TypeReference;
  readonly isPointer: boolean;
}

/** What a quoted argument says; null, after a complaint, where it is something else. */
export function literalText(body: Body, node: ast.Expression, user: string, what: string): string | null {
  if (node.kind === "string") return node.value;
  body.report(node.span, complaints.literalNeeded(user, what));
  return null;
}

/** `"a:b"` names modules in the order of search, `"kernel<linux/sched.h>"` the kernel with a header that is not needed here. */
export function typesOf(body: Body, module: string | null): readonly DataTypes[] {
  const names = (module ?? "kernel").replaceAll(/<[^>]*>/g, "").split(":");
  return names.flatMap((name) => body.context.target.dataTypes(...moduleArgument(name)) ?? []);
}

function moduleArgument(name: string): [string?] {
  return name === "" || name === "kernel" || name === "vmlinux" ? [] : [name];
}

/** Without a complaint: null where there is no such type. */
export function lookUpType(body: Body, text: string, module: string | null): NamedType | null {
  const written = parseTypeName(text);
  if (!written) return null;
  for (const types of typesOf(body, module)) {
    const reference = findType(types, written);
    if (reference) return { reference, isPointer: resolveType(reference).kind === "pointer" && written.pointers > 0 };
  }
  return null;
}

/** Null, after a complaint, where there is no such type. */
export function findWrittenType(
  body: Body,
  node: ast.Expression,
  moduleNode: ast.Expression | undefined,
  user: string,
): NamedType | null {
  const text = literalText(body, node, user, "a type");
  const module = moduleNode ? literalText(body, moduleNode, user, "a module") : null;
  if (text === null || (moduleNode && module === null)) return null;
  const found = lookUpType(body, text, module);
  if (found) return found;
  const written = parseTypeName(text);
  const [types] = typesOf(body, module);
  if (!written) body.report(node.span, complaints.badTypeName(text));
  else if (!types) body.report((moduleNode ?? node).span, complaints.noTypes(module));
  else body.report(node.span, complaints.noSuchType(text, written.name, knownTypeNames(types, written)));
  return null;
}
