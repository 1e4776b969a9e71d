/** Escapes and numbers in texts. */
import { escapeByte } from "../compiler/text/escape.js";

/** As C writes a string, up to so many bytes; an escape that does not fit is left out whole. */
export function escapeText(text: string, limit: number): string {
  let escaped = "";
  for (const byte of text) {
    const next = escapeByte(byte, '"');
    if (escaped.length + next.length > limit) break;
    escaped += next;
  }
  return escaped;
}

/** Of all bases, in the order of their values. */
export const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** The number at the start of a text, as the kernel's simple_strtol reads it; 0 where there is none. */
export function parseLong(text: string, base: bigint): bigint {
  const isNegative = text.startsWith("-");
  let rest = text.slice(isNegative ? 1 : 0).toLowerCase();
  const isHexadecimal = /^0x[0-9a-f]/.test(rest);
  const radix = base !== 0n ? base : isHexadecimal ? 16n : rest.startsWith("0") ? 8n : 10n;
  if (radix === 16n && isHexadecimal) rest = rest.slice(2);
  let value = 0n;
  for (const character of rest) {
    const digit = BigInt(DIGITS.indexOf(character));
    if (digit < 0n || digit >= radix) break;
    value = value * radix + digit;
  }
  return BigInt.asIntN(64, isNegative ? -value : value);
}
