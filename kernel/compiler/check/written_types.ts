/** Types, modules and symbols that a script names in the arguments of `@cast`, `@var` and their kin. */
import type { ProgramFile } from "../program_file.js";
import type * as ast from "../syntax/ast.js";
import type { DataTypes, TypeReference } from "../types/data_type.js";
import { resolveType } from "../types/layout.js";
import { findType, knownTypeNames, parseTypeName } from "../types/type_name.js";
import type { Body } from "./body.js";
import * as complaints from "./data_messages.js";
import type { Complaint } from "./messages.js";

/** A type as written, and whether the script wrote it as a pointer. */
export interface NamedType {
  readonly reference: TypeReference;
  readonly isPointer: boolean;
}

/** Someone who tells types: the kernel, a module of it, a program. */
interface TypeSource {
  readonly types: DataTypes;
  /** As messages call it. */
  readonly owner: string;
}

/** What a quoted argument says; null, after a complaint, where it is something else. */
export function literalText(body: Body, node: ast.Expression, user: string, what: string): string | null {
  if (node.kind === "string") return node.value;
  body.report(node.span, complaints.literalNeeded(user, what));
  return null;
}

/** Without a complaint: whoever tells types, in the order of search. */
export function typesOf(body: Body, module: string | null): readonly DataTypes[] {
  return sourcesOf(body, module).flatMap((source) => ("types" in source ? [source.types] : []));
}

/**
 * `"a:b"` names modules and programs in the order of search. Without a name the program whose code the probe is on comes first, and the
 * kernel then.
 */
export function sourcesOf(body: Body, module: string | null): readonly (TypeSource | Complaint)[] {
  if (module !== null) return module.split(":").map((name) => sourceNamed(body, name));
  const own = body.frame.program?.file;
  const kernel = ofKernel(body, null);
  if (!own) return [kernel];
  if (own.debug) return [{ types: own.debug.types, owner: `\`${own.path}\`` }, kernel];
  return "types" in kernel ? [{ ...kernel, types: numbersInPrograms(kernel.types) }, kernel] : [kernel];
}

/** C's numbers are the same in a program that tells nothing of its types, but lie in its own memory. */
function numbersInPrograms(types: DataTypes): DataTypes {
  return {
    space: "user",
    type: (id) => types.type(id),
    find: (name, kind) => (kind === "int" || kind === "float" ? types.find(name, kind) : null),
    names: () => [],
    enumeration: () => null,
  };
}

const THIS_KERNEL = "this kernel";

function ofKernel(body: Body, module: string | null): TypeSource | Complaint {
  const types = body.context.target.dataTypes(...(module === null ? [] : [module]));
  if (!types) return complaints.noTypes(module);
  return { types, owner: module === null ? THIS_KERNEL : `the module \`${module}\`` };
}

/** Whether a name means the kernel itself; a header behind it, as in `kernel<linux/sched.h>`, is not needed. */
export function isKernelName(name: string): boolean {
  return /^(?:kernel|vmlinux)?$/.test(name.replace(/(?<=^kernel)<[^>]*>$/, ""));
}

function sourceNamed(body: Body, name: string): TypeSource | Complaint {
  if (isKernelName(name)) return ofKernel(body, null);
  if (/^<.*>$/.test(name)) return complaints.headerTypes(name);
  const module = name.includes("/") ? null : ofKernel(body, name);
  if (module && "types" in module) return module;
  const file = programNamed(body, name);
  if ("reason" in file) return module ?? complaints.noSuchProgram(name, file.reason);
  return file.debug
    ? { types: file.debug.types, owner: `\`${file.path}\`` }
    : complaints.noDebugInformation(file.path, "types");
}

/** A program or library by its path, or by a name that PATH or the probed program knows. */
export function programNamed(body: Body, name: string): ProgramFile | { readonly reason: string } {
  const { programs } = body.context.target;
  const own = body.frame.program?.file;
  if (own && own.path.endsWith(`/${name}`)) return own;
  const library = own && !name.includes("/") ? programs.library(name, own) : null;
  return library && !("reason" in library) ? library : programs.find(name);
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
  if (!written) {
    body.report(node.span, complaints.badTypeName(text));
    return null;
  }
  const sources = sourcesOf(body, module);
  const told = sources.flatMap((source) => ("types" in source ? [source] : []));
  const [missing] = sources.flatMap((source) => ("types" in source ? [] : [source]));
  // Who was named and tells nothing is more likely to be the mistake than who tells other types.
  if (missing && (module !== null || told.length === 0)) body.report((moduleNode ?? node).span, missing);
  else {
    const known = told.flatMap(({ types }) => knownTypeNames(types, written));
    const owners = [...new Set(told.map(({ owner }) => owner))];
    body.report(node.span, complaints.noSuchType(text, written.name, owners, known));
  }
  return null;
}
