/** `@enum("NAME")` and `@enumname(value, "enum type")`: enumerations of the kernel, both ways. */
import type { TapsetFunction } from "../catalogue.js";
import { NO_NAME } from "../ir/fields.js";
import type * as ast from "../syntax/ast.js";
import type { TypeReference } from "../types/data_type.js";
import { resolveType } from "../types/layout.js";
import type { Body, Checked } from "./body.js";
import { isType } from "./data_access.js";
import { DataVariable } from "./data_flow.js";
import * as complaints from "./data_messages.js";
import { checkNumber, typed } from "./expressions.js";
import { constant } from "./memory_reads.js";
import * as messages from "./messages.js";
import { findWrittenType, literalText, sourcesOf, typesOf } from "./written_types.js";

/** The value of an enumerator, with its enumeration as its type. */
export function checkEnum(body: Body, node: ast.AtOperation): Checked {
  const { span } = node;
  const [first, second, extra] = node.arguments;
  if (!first || extra) return body.refuse(span, messages.wrongArgumentCount("@enum", [1, 2], node.arguments.length));
  const name = literalText(body, first, "`@enum`", "the name of an enumerator");
  const module = second ? literalText(body, second, "`@enum`", "a module") : null;
  if (name === null || (second && module === null)) return wrongNumber(node);
  const found = lookUpEnumerator(body, name, module);
  if (!found) {
    const sources = sourcesOf(body, module);
    const told = sources.flatMap((source) => ("types" in source ? [source.owner] : []));
    const [missing] = sources.flatMap((source) => ("types" in source ? [] : [source]));
    const isMissing = missing && (module !== null || told.length === 0);
    body.report(
      isMissing && second ? second.span : first.span,
      isMissing ? missing : complaints.noSuchEnumerator(name, [...new Set(told)]),
    );
    return wrongNumber(node);
  }
  return { ...typed(node, "long", () => constant(found.value, span)), data: new DataVariable(found.reference) };
}

function wrongNumber(node: ast.Expression): Checked {
  return { ...typed(node, "long", () => constant(0n, node.span)), data: new DataVariable("wrong") };
}

/** Without a complaint: null where there is none of that name. */
export function lookUpEnumerator(
  body: Body,
  name: string,
  module: string | null,
): { readonly value: bigint; readonly reference: TypeReference } | null {
  for (const types of typesOf(body, module)) {
    const id = types.enumeration(name);
    if (id === null) continue;
    const found = types.type(id).enumerators.find((enumerator) => enumerator.name === name);
    if (found) return { value: BigInt.asIntN(64, found.value), reference: { types, id } };
  }
  return null;
}

/** The enumerator of a value as text; the enumeration may be left out where the value's type tells it. "" for a value without a name. */
export function checkEnumName(body: Body, node: ast.AtOperation): Checked {
  const { span } = node;
  const [first, type, module, extra] = node.arguments;
  if (!first || extra)
    return body.refuse(span, messages.wrongArgumentCount("@enumname", [1, 2, 3], node.arguments.length));
  const value = checkNumber(body, first, "`@enumname`");
  const data = type ? new DataVariable() : (value.data ?? new DataVariable());
  if (type) data.join(findWrittenType(body, type, module, "`@enumname`")?.reference ?? "wrong");
  const result = new DataVariable();
  data.listen((state) => {
    if (isType(state) && resolveType(state).kind !== "enum") {
      body.report((type ?? first).span, complaints.notAnEnumeration(messages.describe(type ?? first)));
      result.join("wrong");
    } else result.join(state);
  });
  if (!type)
    body.context.accesses.push({ base: data, result, owner: body.owner, span, text: messages.sourceText(first) });
  return typed(node, "string", () => ({
    kind: "tapset",
    type: "string",
    span,
    function: nameFunction(data.reference!),
    arguments: [value.build()],
    isVoid: false,
  }));
}

function nameFunction(reference: TypeReference): TapsetFunction {
  const { name, id, enumerators } = resolveType(reference);
  const names = new Map<bigint, string>();
  // Of several names for one number the first is the one that is meant.
  for (const enumerator of enumerators) {
    const value = BigInt.asIntN(64, enumerator.value);
    if (!names.has(value)) names.set(value, enumerator.name);
  }
  // In the kernel a name travels as its place in the list: values may be negative, or far apart.
  const set = {
    id: `enum_${name === "" ? id : name}`,
    names: new Map([...names.values()].map((text, index) => [index, text])),
  };
  return {
    name: "@enumname",
    topic: "types",
    summary: "",
    parameters: [{ name: "value", type: "long", meaning: "" }],
    returns: "string",
    shape: { kind: "names", set },
    example: "",
    kernel: (emit, [value]) => {
      if (value?.kind !== "long") throw new Error("a value of an enumeration is a number");
      const place = emit.set(NO_NAME);
      const found = emit.label("named");
      [...names.keys()].forEach((number, index) => {
        const other = emit.label("other");
        emit.branch("ne", value.operand, emit.set(number), other);
        emit.assign(place, BigInt(index));
        emit.jump(found);
        emit.place(other);
      });
      emit.place(found);
      return { kind: "names", set, operand: place };
    },
    user: (_runtime, [value]) => names.get(value as bigint) ?? "",
  };
}
