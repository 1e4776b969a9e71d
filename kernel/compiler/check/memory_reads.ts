/** Reads of memory as expressions: numbers of any width, bits of them, and the arithmetic of addresses. */
import type { Span } from "../source.js";
import type { ArithmeticOperator, Expression, MemorySpace } from "./program.js";

export function constant(value: bigint, span: Span): Expression {
  return { kind: "number", type: "long", span, value: BigInt.asIntN(64, value) };
}

export function readMemory(
  space: MemorySpace,
  address: Expression,
  bytes: number,
  signed: boolean,
  span: Span,
): Expression {
  return { kind: "memory", type: "long", span, space, address, bytes, signed };
}

export function operate(operator: ArithmeticOperator, left: Expression, right: Expression, span: Span): Expression {
  return { kind: "arithmetic", type: "long", span, operator, operatorSpan: span, left, right };
}

/** Constants are put together, so that an offset is one addition however many members it goes through. */
export function addOffset(base: Expression, offset: Expression | number, span: Span): Expression {
  const added = typeof offset === "number" ? constant(BigInt(offset), span) : offset;
  if (added.kind !== "number") return operate("+", base, added, span);
  if (added.value === 0n) return base;
  if (base.kind === "number") return constant(base.value + added.value, span);
  if (base.kind === "arithmetic" && base.operator === "+" && base.right.kind === "number") {
    return operate("+", base.left, constant(base.right.value + added.value, span), span);
  }
  return operate("+", base, added, span);
}

export function multiply(value: Expression, factor: number, span: Span): Expression {
  if (value.kind === "number") return constant(value.value * BigInt(factor), span);
  return factor === 1 ? value : operate("*", value, constant(BigInt(factor), span), span);
}

/**
 * A bitfield of at most 64 bits, `first` being its lowest one counted from the address. Only the bytes that hold it are read: what lies
 * behind a struct may be unreadable. Nine bytes are needed only where a packed struct ignores all alignment.
 */
export function readBits(
  space: MemorySpace,
  address: Expression,
  first: number,
  size: number,
  signed: boolean,
  span: Span,
): Expression {
  const bytes = Math.ceil((first + size) / 8);
  if (bytes <= 8) return extractBits(readMemory(space, address, bytes, false, span), first, size, signed, span);
  const low = readMemory(space, address, 8, false, span);
  const high = readMemory(space, addOffset(address, 8, span), 1, false, span);
  const lowPart = operate(">>>", low, constant(BigInt(first), span), span);
  const highPart = operate("<<", high, constant(BigInt(64 - first), span), span);
  return extractBits(operate("|", lowPart, highPart, span), 0, size, signed, span);
}

function extractBits(value: Expression, first: number, size: number, signed: boolean, span: Span): Expression {
  const left = 64 - first - size;
  const raised = left === 0 ? value : operate("<<", value, constant(BigInt(left), span), span);
  if (size === 64) return raised;
  return operate(signed ? ">>" : ">>>", raised, constant(BigInt(64 - size), span), span);
}
