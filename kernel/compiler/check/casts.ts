/** `@cast` and `@var`: objects in the kernel's memory that a type or a symbol's name leads to. */
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
import type { Expression } from "./program.js";
import { findWrittenType, literalText, typesOf } from "./written_types.js";

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
  return body.refuse(node.span, complaints.untypedSymbol(name));
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
  if (found) return found;
  const known = typesOf(body, module).flatMap((types) => types.names("variable", ""));
  body.report(first.span, complaints.noSuchSymbol(symbolOf(name), known));
  return wrong;
}

/** `name@file.c`: which file it is in is for kernels with more to tell than BTF. */
function symbolOf(name: string): string {
  return name.replace(/@.*$/, "");
}

/** Without a complaint: null where nothing tells of such a variable. */
export function lookUpVariable(body: Body, written: string, module: string | null, span: Span): Place | null {
  const name = symbolOf(written);
  const address = body.context.target.kernelSymbol(name);
  if (address === null) return null;
  const data = new DataVariable();
  for (const types of typesOf(body, module)) {
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
