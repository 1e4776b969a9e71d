/**
 * Whole values as text: `$x$` with the members of a struct, `$x$$` with theirs as well, `$$parms` and its kin. They become formats of
 * member reads, so that neither back end knows of them.
 */
import type * as ast from "../syntax/ast.js";
import type { ContextVariable } from "../catalogue.js";
import type { TypeReference } from "../types/data_type.js";
import { namedMembers, resolveType, sizeOf, targetOf, type FoundMember } from "../types/layout.js";
import type { FormatConversion, FormatPiece } from "../text/pieces.js";
import type { Span } from "../source.js";
import type { Body, Checked } from "./body.js";
import { containerOf, isType, numberBytes, readPlace } from "./data_access.js";
import { DataVariable } from "./data_flow.js";
import { checkValue, typed } from "./expressions.js";
import { addOffset } from "./memory_reads.js";
import { sourceText } from "./messages.js";
import type { Expression } from "./program.js";
import { valueType } from "./scope.js";
import { TypeVariable } from "./types.js";

/** Elements of an array that are shown; the rest is three dots. */
const MOST_ELEMENTS = 16;

/** Numbers in one format: each waits in a register until its text is made. */
const MOST_NUMBERS = 8;

/** `$x$`, `$x->y$$`, `$$parms$` */
export function checkPretty(body: Body, node: ast.PrettyExpression): Checked {
  const { operand, span, depth } = node;
  const variable = operand.kind === "target" ? body.frame.variables.get(operand.name) : undefined;
  if (variable?.lists) return checkListing(body, node, variable, depth);
  const value = checkValue(body, operand);
  // What the kernel tells no type of is shown as what it is.
  if (variable && !variable.data) return typed(node, "string", () => plainText(value.build()));
  const data = value.data ?? new DataVariable(value.type.state === "error" ? "wrong" : null);
  const result = new DataVariable();
  data.listen((state) => {
    if (isType(state) && !isNumber(state)) body.usage.memory ??= span;
    result.join(state);
  });
  body.context.accesses.push({ base: data, result, owner: body.owner, span, text: sourceText(operand) });
  const kept = keptOnce(body, value);
  return typed(node, "string", () => textOfValue(span, data.reference!, kept(), depth, body.context.longestText));
}

function isNumber(type: TypeReference): boolean {
  const { kind } = resolveType(type);
  return kind === "int" || kind === "enum";
}

function plainText(value: Expression): Expression {
  const { span } = value;
  const piece = value.type === "string" ? TEXT : NUMBER;
  return { kind: "format", type: "string", span, toString: true, pieces: [piece], arguments: [value] };
}

/** The value, evaluated where it is first needed and kept for the rest of the text. */
function keptOnce(body: Body, value: Checked): () => () => Expression {
  const { span } = value;
  const hidden = body.frame.declareHidden(sourceText(value), span);
  hidden.type.join(new TypeVariable("long", { span }));
  return () => {
    const { local } = hidden;
    const read = { kind: "local", type: "long", span, local } as const;
    let isKept = false;
    return () => {
      if (isKept) return read;
      isKept = true;
      const built = value.build();
      return { kind: "assign", type: "long", span, target: read, operator: null, operatorSpan: span, value: built };
    };
  };
}

/** What takes the place of a text of which something cannot be read. */
const UNREADABLE = "ERROR";

function textOfValue(
  span: Span,
  type: TypeReference,
  value: () => Expression,
  depth: 1 | 2,
  longest: number,
): Expression {
  const writer = new Writer(span, depth === 1 ? 1 : Infinity, longest);
  const { kind } = resolveType(type);
  const target = kind === "pointer" ? containerOf(type) : null;
  writer.value(target ?? type, value, 0);
  const otherwise: Expression = { kind: "text", type: "string", span, value: UNREADABLE };
  return { kind: "attempt", type: "string", span, value: writer.finish(), otherwise };
}

const NUMBER: FormatConversion = { kind: "conversion", conversion: "d", flag: null, width: null, precision: null };
const UNSIGNED: FormatConversion = { ...NUMBER, conversion: "u" };
const POINTER: FormatConversion = { ...NUMBER, conversion: "p" };
const HEXADECIMAL: FormatConversion = { ...NUMBER, conversion: "x", flag: "#" };
const TEXT: FormatConversion = { ...NUMBER, conversion: "s" };

/** Puts a text together of formats with few numbers each. Values are made where they are needed, in order. */
class Writer {
  private readonly formats: Expression[] = [];
  private pieces: FormatPiece[] = [];
  private values: Expression[] = [];
  /** The least that the text so far can take. */
  private length = 0;

  constructor(
    private readonly span: Span,
    /** Structs and arrays are opened this deep. */
    private readonly depth: number,
    /** Nobody would see members beyond the longest text. */
    private readonly longest: number,
  ) {}

  finish(): Expression {
    this.endFormat();
    const { span, formats } = this;
    const [only] = formats;
    if (only && formats.length === 1) return only;
    const pieces = formats.map(() => TEXT);
    return { kind: "format", type: "string", span, toString: true, pieces, arguments: formats };
  }

  /** `value` is the number, or the address of what is larger than one. */
  value(type: TypeReference, value: () => Expression, level: number): void {
    const { kind, signed } = resolveType(type);
    if (kind === "struct" || kind === "union") this.members(type, value, level);
    else if (kind === "array") this.elements(type, value, level);
    else if (kind === "pointer" && isCharacter(targetOf(type))) this.textOrAddress(type, value);
    else if (kind === "pointer") this.argument(POINTER, value());
    else if (numberBytes(type) === null) this.text("?");
    else this.argument(signed ? NUMBER : UNSIGNED, value());
  }

  private get isFull(): boolean {
    return this.length >= this.longest;
  }

  private text(text: string): void {
    this.length += text.length;
    const last = this.pieces.at(-1);
    if (last?.kind === "literal") this.pieces[this.pieces.length - 1] = { kind: "literal", text: last.text + text };
    else this.pieces.push({ kind: "literal", text });
  }

  private argument(piece: FormatConversion, value: Expression): void {
    if (this.values.length >= MOST_NUMBERS) this.endFormat();
    this.pieces.push(piece);
    this.values.push(value);
    this.length++;
  }

  private endFormat(): void {
    const { span, pieces, values } = this;
    this.formats.push({ kind: "format", type: "string", span, toString: true, pieces, arguments: values });
    this.pieces = [];
    this.values = [];
  }

  private members(type: TypeReference, address: () => Expression, level: number): void {
    if (level >= this.depth) return this.text("{...}");
    this.text("{");
    namedMembers(type).forEach((member, index) => {
      if (this.isFull) return;
      this.text(`${index > 0 ? ", " : ""}.${member.name}=`);
      this.value(member.reference, () => readMember(member, address(), this.span), level + 1);
    });
    this.text("}");
  }

  private elements(type: TypeReference, address: () => Expression, level: number): void {
    const element = targetOf(type);
    const { elements } = resolveType(type);
    const size = sizeOf(element);
    if (isCharacter(element) && elements > 0) return this.quoted(type, address, elements);
    if (level >= this.depth) return this.text("[...]");
    this.text("[");
    for (let index = 0; index < Math.min(elements, MOST_ELEMENTS) && !this.isFull; index++) {
      if (index > 0) this.text(", ");
      const member = { reference: element, bitOffset: index * size * 8, bitSize: 0 };
      this.value(element, () => readMember(member, address(), this.span), level + 1);
    }
    if (elements > MOST_ELEMENTS) this.text(", ...");
    this.text("]");
  }

  private quoted({ types }: TypeReference, address: () => Expression, length: number | null): void {
    this.text('"');
    const { span } = this;
    const space = types.space ?? "kernel";
    this.argument(TEXT, { kind: "memoryText", type: "string", span, space, address: address(), length });
    this.text('"');
  }

  /** A pointer to characters: its text, or where it leads if there is none to be read. */
  private textOrAddress(type: TypeReference, pointer: () => Expression): void {
    const { span } = this;
    const quoted = new Writer(span, this.depth, this.longest);
    quoted.quoted(type, pointer, null);
    const value = quoted.finish();
    const otherwise: Expression = {
      kind: "format",
      type: "string",
      span,
      toString: true,
      pieces: [POINTER],
      arguments: [pointer()],
    };
    this.argument(TEXT, { kind: "attempt", type: "string", span, value, otherwise });
  }
}

/** `char`, and not the `u8` and its kin that are made of it: those are numbers. */
function isCharacter({ types, id }: TypeReference): boolean {
  const { kind, name } = types.type(id);
  return kind === "int" && name === "char";
}

function readMember({ reference, bitOffset, bitSize }: FoundMember, base: Expression, span: Span): Expression {
  const bytes = Math.floor(bitOffset / 8);
  const bits = bitSize === 0 ? null : { offset: bitOffset - bytes * 8, size: bitSize };
  return readPlace({ span, address: () => addOffset(base, bytes, span), bits: () => bits }, reference);
}

/** `$$parms`: `name=0x…` for each, `name=?` for what cannot be read, and with `$` or `$$` behind it each one's own text. */
export function checkListing(
  body: Body,
  node: ast.Expression,
  { lists = [] }: ContextVariable,
  depth: 0 | 1 | 2,
): Checked {
  const { span } = node;
  const parts = lists.map((name) => {
    if (body.frame.variables.get(name)?.unreadable !== undefined)
      return { name: name.replace(/^\$+/, ""), value: null };
    const target: ast.TargetVariable = { kind: "target", name, span };
    const operand: ast.Expression = depth === 0 ? target : { kind: "pretty", operand: target, depth, span };
    return { name: name.replace(/^\$+/, ""), value: checkValue(body, operand) };
  });
  return typed(node, "string", (): Expression => {
    const pieces = parts.flatMap(({ name, value }, index): FormatPiece[] => {
      const text = `${index > 0 ? " " : ""}${name}=`;
      if (!value) return [{ kind: "literal", text: `${text}?` }];
      return [{ kind: "literal", text }, valueType(value.type.state) === "string" ? TEXT : HEXADECIMAL];
    });
    const values = parts.flatMap(({ value }) => (value ? [value.build()] : []));
    return { kind: "format", type: "string", span, toString: true, pieces, arguments: values };
  });
}
