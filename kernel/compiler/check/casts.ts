/** `@cast` and `@var`: objects in the memory of the kernel or of a program that a type or a symbol's name leads to. */
import { HELPER } from "../bpf/helper_functions.js";
import type { ContextVariable } from "../catalogue.js";
import { long } from "../ir/values.js";
import type { Span } from "../source.js";
import type * as ast from "../syntax/ast.js";
import type { Body, Checked } from "./body.js";
import { placeAt, placeValue, type Place } from "./data_access.js";
import { DataVariable } from "./data_flow.js";
import * as complaints from "./data_messages.js";
import { checkNumber, typed } from "./expressions.js";
import { addOffset, constant, multiply, readMemory } from "./memory_reads.js";
import * as messages from "./messages.js";
import type { Complaint } from "./messages.js";
import type { Expression } from "./program.js";
import { findProgramVariable, readVariableName, type WrittenVariable } from "./program_variables.js";
import { findWrittenType, isKernelName, literalText, programNamed, typesOf } from "./written_types.js";

/** The object that `@cast(p, "type")` or `@var("name")` stands for; null where the operation stands for a value. */
export function checkObject(body: Body, node: ast.AtOperation): Place | null {
  if (node.name === "var") return checkVariable(body, node);
  if (node.name !== "cast") return null;
  const cast = checkCastArguments(body, node);
  if (!cast) return placeAt(node.span, new DataVariable("wrong"), () => constant(0n, node.span));
  return cast.type.isPointer ? null : placeAt(node.span, new DataVariable(cast.type.reference), cast.value.build);
}

/** The value of `@cast(p, "type")`: with a star the pointer itself, else what lies there, of which structs are known by their address. */
export function checkCast(body: Body, node: ast.AtOperation): Checked {
  const cast = checkCastArguments(body, node);
  if (!cast)
    return placeValue(
      body,
      node,
      placeAt(node.span, new DataVariable("wrong"), () => constant(0n, node.span)),
    );
  const { type, value } = cast;
  const data = new DataVariable(type.reference);
  if (type.isPointer) return { ...typed(node, "long", value.build), data };
  return placeValue(body, node, placeAt(node.span, data, value.build));
}

function checkCastArguments(
  body: Body,
  node: ast.AtOperation,
): { readonly type: NonNullable<ReturnType<typeof findWrittenType>>; readonly value: Checked } | null {
  const [pointer, type, module, extra] = node.arguments;
  if (!pointer || !type || extra) {
    body.report(node.span, messages.wrongArgumentCount("@cast", [2, 3], node.arguments.length));
    return null;
  }
  const value = checkNumber(body, pointer, "`@cast`");
  const found = findWrittenType(body, type, module, "`@cast`");
  return found && { type: found, value };
}

/** The value of `@var("name")`. */
export function checkVariableValue(body: Body, node: ast.AtOperation): Checked {
  const place = checkVariable(body, node);
  if (place.data.state !== null) return placeValue(body, node, place);
  const name = node.arguments[0]?.kind === "string" ? node.arguments[0].value : "";
  const own = body.frame.program?.file;
  const isOwn = own && own.addressOf(readVariableName(name).name) !== null;
  return body.refuse(node.span, complaints.untypedSymbol(name, isOwn ? own.path : null));
}

function checkVariable(body: Body, node: ast.AtOperation): Place {
  const { span } = node;
  const wrong = placeAt(span, new DataVariable("wrong"), () => constant(0n, span));
  const [first, second, extra] = node.arguments;
  if (!first || extra) {
    body.report(span, messages.wrongArgumentCount("@var", [1, 2], node.arguments.length));
    return wrong;
  }
  const name = literalText(body, first, "`@var`", "the name of a variable");
  const module = second ? literalText(body, second, "`@var`", "a module") : null;
  if (name === null || (second && module === null)) return wrong;
  const found = lookUpVariable(body, name, module, span);
  if (!("complaint" in found)) return found;
  body.report(found.isAboutModule && second ? second.span : first.span, found.complaint);
  return wrong;
}

/** Why a variable cannot be had. */
interface Missing {
  readonly complaint: Complaint;
  readonly isAboutModule?: boolean;
}

/** Without a complaint: it is for the caller to make. */
export function lookUpVariable(body: Body, text: string, module: string | null, span: Span): Place | Missing {
  const written = readVariableName(text);
  const { program } = body.frame;
  const names = module?.split(":") ?? [program ? program.file.path : "kernel", "kernel"];
  let missing: Missing | null = null;
  for (const name of names) {
    const found =
      isKernelName(name) || !isProgramName(body, name)
        ? kernelVariable(body, written.name, name, span)
        : programVariable(body, written, name, span);
    if (found && !("complaint" in found)) return found;
    missing ??= found;
  }
  if (missing) return missing;
  const owner = program && names.includes(program.file.path) ? program.file : null;
  const known = [
    ...(owner?.debug?.variableNames() ?? []),
    ...typesOf(body, module).flatMap((types) => types.names("variable", "")),
  ];
  return { complaint: complaints.noSuchSymbol(written.name, owner, known) };
}

/** `$name` where the probe brings no such variable: one of the program's own, of no function; null where it has none of the name. */
export function ownVariable(body: Body, { name, span }: ast.TargetVariable): Place | Missing | null {
  const { program } = body.frame;
  return program?.file.debug ? findProgramVariable(program, { name: name.slice(1), file: null }, span) : null;
}

/** A name without a slash is a module's, unless the probed program has a library of that name. */
function isProgramName(body: Body, name: string): boolean {
  return name.includes("/") || (body.frame.program !== null && body.context.target.dataTypes(name) === null);
}

function programVariable(body: Body, written: WrittenVariable, name: string, span: Span): Place | Missing | null {
  const { program } = body.frame;
  const file = program?.file.path === name ? program.file : programNamed(body, name);
  if ("reason" in file) return { complaint: complaints.noSuchProgram(name, file.reason), isAboutModule: true };
  if (!program || program.file.path !== file.path)
    return { complaint: complaints.otherProgram(written.name, file.path), isAboutModule: true };
  return findProgramVariable(program, written, span);
}

/** Which file it is in is for kernels with more to tell than BTF. */
function kernelVariable(body: Body, name: string, module: string, span: Span): Place | null {
  const address = body.context.target.kernelSymbol(name);
  if (address === null) return null;
  const data = new DataVariable();
  for (const types of typesOf(body, isKernelName(module) ? "kernel" : module)) {
    const id = types.find(name, "variable");
    if (id !== null) data.join({ types, id });
  }
  return placeAt(span, data, () => symbolAddress(body, address, span));
}

/** What each CPU has its own of is read on the CPU that the probe runs on. */
function symbolAddress(body: Body, address: bigint, span: Span): Expression {
  const { target } = body.context;
  const end = target.kernelSymbol("__per_cpu_end");
  const offsets = target.kernelSymbol("__per_cpu_offset");
  // Where per-CPU addresses count from zero, the first one has no address that could be told.
  const start = target.kernelSymbol("__per_cpu_start") ?? 0n;
  if (end === null || offsets === null || address < start || address >= end) return constant(address, span);
  const cpu: Expression = { kind: "context", type: "long", span, variable: THIS_CPU };
  const offset = readMemory("kernel", addOffset(constant(offsets, span), multiply(cpu, 8, span), span), 8, false, span);
  return addOffset(offset, constant(address, span), span);
}

const THIS_CPU: ContextVariable = {
  name: "cpu",
  type: "long",
  summary: "Number of the CPU.",
  kernel: (emit) => long(emit.call(HELPER.get_smp_processor_id, [])),
};
