/** Reads of memory in closures, from whatever memory their surroundings have. */
import type { Expression, MemorySpace } from "../check/program.js";
import type { Span } from "../source.js";
import { unsupported, type ClosureCompiler, type Frame, type ValueClosure } from "./frame.js";
import { ScriptError } from "./runtime.js";

type Kind<Name extends Expression["kind"]> = Extract<Expression, { readonly kind: Name }>;

function fault(space: MemorySpace, address: bigint, span: Span): ScriptError {
  return new ScriptError(`${space} read fault at 0x${BigInt.asUintN(64, address).toString(16)}`, span);
}

function read(frame: Frame, space: MemorySpace, address: bigint, bytes: number): Uint8Array | null {
  const { memory } = frame.execution.runtime;
  if (!memory) throw unsupported("a read of memory");
  return memory(space, BigInt.asUintN(64, address), bytes);
}

export function compileMemory(expression: Kind<"memory">, compiler: ClosureCompiler): ValueClosure {
  const { space, bytes, signed, span } = expression;
  const address = compiler.long(expression.address);
  return (frame) => {
    const at = address(frame);
    const found = read(frame, space, at, bytes);
    if (!found) throw fault(space, at, span);
    // Both architectures have the lowest byte first.
    const value = found.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return signed ? BigInt.asIntN(bytes * 8, value) : BigInt.asIntN(64, value);
  };
}

export function compileMemoryText(expression: Kind<"memoryText">, compiler: ClosureCompiler): ValueClosure {
  const { space, length, span } = expression;
  const address = compiler.long(expression.address);
  return (frame) => {
    const at = address(frame);
    const longest = frame.execution.runtime.limits.maxStringLength - 1;
    let text = "";
    for (const most = Math.min(longest, length ?? longest); text.length < most;) {
      const byte = read(frame, space, at + BigInt(text.length), 1)?.[0];
      if (byte === undefined) throw fault(space, at, span);
      if (byte === 0) break;
      text += String.fromCharCode(byte);
    }
    return text;
  };
}

export function compileAttempt(expression: Kind<"attempt">, compiler: ClosureCompiler): ValueClosure {
  const value = compiler.text(expression.value);
  const otherwise = compiler.text(expression.otherwise);
  return (frame) => {
    try {
      return value(frame);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      return otherwise(frame);
    }
  };
}
