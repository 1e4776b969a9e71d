/** One argument of a format, laid out as SystemTap lays it out. Strings are byte strings. */
import { escapeByte } from "./escape.js";
import type { ConversionFlag } from "./pieces.js";

/** A directive's flag and sizes, after the arguments that `*` stands for are known. */
export interface Layout {
  readonly flag: ConversionFlag | null;
  /** Flush left: by the flag, or by a width below zero. */
  readonly left: boolean;
  readonly width: number | null;
  readonly precision: number | null;
}

/** Reads bytes of the kernel's or of a process's memory; null where they cannot be read. */
export type MemoryReader = (address: bigint, length: number, user: boolean) => string | null;

/** `%m` or `%M` was given an address that cannot be read. */
export class MemoryReadError extends Error {
  override readonly name = "MemoryReadError";
  constructor(
    readonly address: bigint,
    readonly length: number,
    readonly user: boolean,
  ) {
    super(`${user ? "user" : "kernel"} read fault at 0x${BigInt.asUintN(64, address).toString(16)}`);
  }
}

/**
 * A number in the base of its conversion. Three things differ from C, as they do in SystemTap: `#` marks zero too
 * (`0x0`, `00`), a precision does not switch off the flag `0`, and a precision of 0 does not hide a zero.
 */
export function printNumber(value: bigint, conversion: "d" | "u" | "x" | "X" | "o", layout: Layout): string {
  const signed = BigInt.asIntN(64, value);
  const magnitude = conversion !== "d" ? BigInt.asUintN(64, value) : signed < 0n ? -signed : signed;
  const base = conversion === "x" || conversion === "X" ? 16 : conversion === "o" ? 8 : 10;
  const lower = magnitude.toString(base).padStart(layout.precision ?? 0, "0");
  const digits = conversion === "X" ? lower.toUpperCase() : lower;
  const prefix = numberPrefix(conversion, signed < 0n, layout.flag);
  if (layout.flag === "0" && !layout.left) return prefix + digits.padStart((layout.width ?? 0) - prefix.length, "0");
  return pad(prefix + digits, layout);
}

function numberPrefix(conversion: string, negative: boolean, flag: ConversionFlag | null): string {
  if (conversion === "d") {
    if (negative) return "-";
    return flag === "+" || flag === " " ? flag : "";
  }
  if (flag !== "#") return "";
  return { x: "0x", X: "0X", o: "0" }[conversion] ?? "";
}

/** A string; a precision cuts it, and the flag `0` ends it with a NUL byte. */
export function printString(text: string, layout: Layout): string {
  return terminate(pad(layout.precision === null ? text : text.slice(0, layout.precision), layout), layout);
}

/** The lowest byte; the flag `#` writes what cannot be printed as C would. */
export function printByte(value: bigint, layout: Layout): string {
  const byte = String.fromCharCode(Number(BigInt.asUintN(8, value)));
  return pad(layout.flag === "#" ? escapeByte(byte, "'") : byte, layout);
}

const BINARY_SIZES: readonly (number | null)[] = [1, 2, 4, 8];

/**
 * The bytes of a number in the order of the machine, which is little-endian on all we support. The precision says how
 * many of 1, 2, 4 and 8, the width how many with NUL padding; each stands in for the other where it is missing.
 */
export function printBinary(value: bigint, layout: Layout): string {
  const given = BINARY_SIZES.includes(layout.precision) ? layout.precision : null;
  const size = given ?? (BINARY_SIZES.includes(layout.width) ? layout.width : null) ?? 8;
  let bytes = "";
  for (let index = 0; index < size; index++) {
    bytes += String.fromCharCode(Number(BigInt.asUintN(8, value >> BigInt(8 * index))));
  }
  return pad(bytes, layout, "\0");
}

/** Memory at an address; the flag `#` means a process's memory. */
export function readMemory(address: bigint, layout: Layout, read: MemoryReader | undefined): string {
  const length = Math.max(layout.precision ?? 1, 1);
  const user = layout.flag === "#";
  const bytes = read?.(address, length, user) ?? null;
  if (bytes === null) throw new MemoryReadError(address, length, user);
  return bytes;
}

/** Bytes of memory as they are or as hexadecimal digits. */
export function printMemory(bytes: string, layout: Layout, hexadecimal: boolean): string {
  return terminate(pad(hexadecimal ? toHexadecimal(bytes) : bytes, layout), layout);
}

function toHexadecimal(bytes: string): string {
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

function pad(text: string, layout: Layout, filler = " "): string {
  const width = layout.width ?? 0;
  return layout.left ? text.padEnd(width, filler) : text.padStart(width, filler);
}

function terminate(text: string, layout: Layout): string {
  return layout.flag === "0" ? `${text}\0` : text;
}
