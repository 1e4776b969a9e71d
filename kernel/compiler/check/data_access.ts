/** `$x->member`, `$x[index]`, `&$x->member`: places in the kernel's memory, reached through the types that lead there. */
import type { Span } from "../source.js";
import type * as ast from "../syntax/ast.js";
import type { TypeReference } from "../types/data_type.js";
import { findMember, isAggregate, pointerTo, resolveType, sizeOf, targetOf } from "../types/layout.js";
import type { Body, CheckContext, Checked } from "./body.js";
import { checkObject, ownVariable } from "./casts.js";
import { DataVariable, type DataState } from "./data_flow.js";
import * as complaints from "./data_messages.js";
import { checkNumber, checkValue, typed } from "./expressions.js";
import { addOffset, multiply, readBits, readMemory } from "./memory_reads.js";
import { describe, sourceText } from "./messages.js";
import type { Expression } from "./program.js";

/** Something that lies in memory. */
export interface Place {
  readonly span: Span;
  /** Of what lies there. */
  readonly data: DataVariable;
  readonly address: () => Expression;
  /** Where it is a bitfield: which bits, from the address. */
  readonly bits: () => Bits | null;
  /** Where the compiler left the value and no place for it. */
  readonly value?: () => Expression;
}

export interface Bits {
  readonly offset: number;
  readonly size: number;
}

/** The value of `$x->member` or `$x[index]`. */
export function checkMember(body: Body, node: ast.MemberExpression): Checked {
  return placeValue(body, node, memberPlace(body, node));
}

/** What is read of a place: a number, or the address of what is larger than one. */
export function placeValue(body: Body, node: ast.Expression, place: Place): Checked {
  const data = new DataVariable();
  place.data.listen((state) => {
    if (isType(state)) {
      const type = resolveType(state);
      const isReadable = isAggregate(type) || numberBytes(state) !== null;
      if (!isReadable) body.report(node.span, complaints.notReadable(describe(node), state));
      else if (!isAggregate(type)) body.usage.memory ??= node.span;
      data.join(isReadable ? state : "wrong");
    } else data.join(state);
  });
  const build = (): Expression => readPlace(place, place.data.reference!);
  return { ...typed(node, "long", build), data };
}

/** What is read of a place whose type is known. */
export function readPlace(
  { span, address, bits, value }: Pick<Place, "span" | "address" | "bits" | "value">,
  type: TypeReference,
): Expression {
  if (value) return value();
  const { signed } = resolveType(type);
  const space = type.types.space ?? "kernel";
  const field = bits();
  if (field) return readBits(space, address(), field.offset, field.size, signed, span);
  const bytes = numberBytes(type);
  return bytes === null ? address() : readMemory(space, address(), bytes, signed, span);
}

/** Bytes of a type that is read as one number; null for all others. */
export function numberBytes(reference: TypeReference): number | null {
  const { kind, size } = resolveType(reference);
  if (kind === "pointer") return 8;
  return (kind === "int" || kind === "enum") && size <= 8 && size > 0 ? size : null;
}

/** `&place` */
export function checkAddress(body: Body, node: ast.AddressExpression): Checked {
  const place = findPlace(body, node.operand);
  if (!place || place.value) return body.refuse(node.operand.span, complaints.noAddress(describe(node.operand)));
  const data = new DataVariable();
  place.data.listen((state) => {
    if (isType(state) && place.bits()) {
      body.report(node.span, complaints.addressOfBits(describe(node.operand)));
      data.join("wrong");
    } else data.join(isType(state) ? pointerTo(state) : state);
  });
  return { ...typed(node, "long", place.address), data };
}

/** The place that an expression names; null where it names none. */
function findPlace(body: Body, node: ast.Expression): Place | null {
  if (node.kind === "member") return memberPlace(body, node);
  if (node.kind === "at") return checkObject(body, node);
  if (node.kind !== "target") return null;
  if (!isBrought(body, node.name)) {
    const own = ownVariable(body, node);
    if (own && !("complaint" in own)) return own;
  }
  // A struct that a variable holds is known by its address already.
  const value = checkValue(body, node);
  const type = value.data?.reference;
  return type && value.data && isAggregate(resolveType(type)) ? placeAt(node.span, value.data, value.build) : null;
}

/** Whether the probe itself, or the entry of what returns, has the variable. */
export function isBrought({ frame }: Body, name: string): boolean {
  return frame.variables.has(name) || (frame.entries?.variables.has(name) ?? false);
}

export function placeAt(span: Span, data: DataVariable, address: () => Expression): Place {
  return { span, data, address, bits: () => null };
}

/** What there is behind a `->` or in `[]`. */
interface Found {
  readonly reference: TypeReference;
  /** Bytes from where the base leads. */
  readonly offset: number;
  readonly bits: Bits | null;
}

export function memberPlace(body: Body, node: ast.MemberExpression): Place {
  const { span, access } = node;
  // `@cast(p, "int")[1]` is the number behind the one at `p`.
  const object = access.kind === "index" && node.base.kind === "at" ? checkObject(body, node.base) : null;
  const base: Pick<Checked, "data" | "build"> | Checked =
    object && !isIndexable(object.data)
      ? { data: pointerToObject(object), build: object.address }
      : ((object && placeValue(body, node.base, object)) ?? checkNumber(body, node.base, accessText(node)));
  const index = access.kind === "index" ? checkNumber(body, access.index, "`[]`") : null;
  const data = new DataVariable();
  const from = base.data ?? new DataVariable("type" in base && base.type.state === "error" ? "wrong" : null);
  let found: Found | null = null;
  from.listen((state) => {
    if (!isType(state)) return data.join(state === "wrong" ? "wrong" : null);
    found = access.kind === "member" ? findNamed(body, node, state, access.name) : findElement(body, node, state);
    data.join(found ? found.reference : "wrong");
  });
  body.context.accesses.push({ base: from, result: data, owner: body.owner, span, text: sourceText(node.base) });
  const address = (): Expression => {
    if (!found) throw new Error("a member is built whose struct is not known");
    if (!index) return addOffset(base.build(), found.offset, span);
    return addOffset(base.build(), multiply(index.build(), sizeOf(found.reference), span), span);
  };
  return { span, data, address, bits: () => found?.bits ?? null };
}

function accessText({ access }: ast.MemberExpression): string {
  return access.kind === "member" ? "`->`" : "`[]`";
}

function isIndexable(data: DataVariable): boolean {
  const kind = data.reference && resolveType(data.reference).kind;
  return kind === "pointer" || kind === "array";
}

function pointerToObject({ data }: Place): DataVariable {
  const pointer = new DataVariable();
  data.listen((state) => pointer.join(isType(state) ? pointerTo(state) : state));
  return pointer;
}

export function isType(state: DataState): state is TypeReference {
  return state !== null && state !== "mixed" && state !== "wrong";
}

/** The struct or union that `->` looks into: what the type is, or what it points to; null for all other types. */
export function containerOf(type: TypeReference): TypeReference | null {
  const reached = resolveType(type).kind === "pointer" ? targetOf(type) : type;
  const { kind } = resolveType(reached);
  return kind === "struct" || kind === "union" ? reached : null;
}

/** Null, after a complaint, where there is no such member. */
function findNamed(body: Body, node: ast.MemberExpression, type: TypeReference, name: string): Found | null {
  const container = containerOf(type);
  if (!container) {
    body.report(node.span, complaints.noMembers(describe(node.base), type));
    return null;
  }
  const member = findMember(container, name);
  if (!member) {
    body.report(node.span, complaints.noSuchMember(container, name));
    return null;
  }
  const { reference, bitOffset, bitSize } = member;
  if (bitSize === 0) return { reference, offset: bitOffset / 8, bits: null };
  const offset = Math.floor(bitOffset / 8);
  return { reference, offset, bits: { offset: bitOffset - offset * 8, size: bitSize } };
}

/** The elements that `[]` counts: of an array, or behind a pointer; null for all other types. */
export function elementOf(type: TypeReference): TypeReference | null {
  const { kind } = resolveType(type);
  return kind === "pointer" || kind === "array" ? targetOf(type) : null;
}

function findElement(body: Body, node: ast.MemberExpression, type: TypeReference): Found | null {
  const reference = elementOf(type);
  if (reference && sizeOf(reference) > 0) return { reference, offset: 0, bits: null };
  body.report(node.span, complaints.noElements(describe(node.base), type));
  return null;
}

/** Says of each member whose struct nothing tells, that nothing tells it. */
export function reportUntyped(context: CheckContext, isReached: (owner: Body["owner"]) => boolean): void {
  for (const { base, result, owner, span, text } of context.accesses) {
    if (isType(base.state) || base.state === "wrong" || !isReached(owner)) continue;
    complaints.report(context.diagnostics, span, complaints.untyped(text, base.state === "mixed"));
    result.join("wrong");
  }
}
