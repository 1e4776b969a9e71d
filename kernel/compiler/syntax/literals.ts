/** What the text of a literal stands for. */

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** The text as UTF-8, one character a byte. */
export function toByteString(text: string): string {
  // eslint-disable-next-line no-control-regex
  if (/^[\0-\x7f]*$/.test(text)) return text;
  return Buffer.from(text, "utf8").toString("latin1");
}

/** The bytes between the quotes of a string: escapes as in C, a backslash before a line break joins the lines. */
export function decodeString(body: string): string {
  if (!body.includes("\\")) return toByteString(body);
  const pieces: string[] = [];
  const escape = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(\r?\n)|([^]|$))/gu;
  let position = 0;
  for (const match of body.matchAll(escape)) {
    pieces.push(toByteString(body.slice(position, match.index)));
    position = match.index + match[0].length;
    const [, hexadecimal, octal, lineBreak, character] = match;
    if (hexadecimal !== undefined) pieces.push(String.fromCharCode(parseInt(hexadecimal, 16)));
    else if (octal !== undefined) pieces.push(String.fromCharCode(parseInt(octal, 8) & 0xff));
    else if (lineBreak === undefined && character !== undefined) pieces.push(decodeEscape(character));
  }
  pieces.push(toByteString(body.slice(position)));
  return pieces.join("");
}

function decodeEscape(character: string): string {
  const code = SIMPLE_ESCAPES[character];
  return code === undefined ? toByteString(character) : String.fromCharCode(code);
}

/** The value wrapped to 64 signed bits, or what is wrong with it. */
export function decodeNumber(text: string): bigint | "malformed" | "too large" {
  const digits = /^(?:0[xX]([0-9a-fA-F]+)|0([0-7]*)|([1-9][0-9]*))$/.exec(text);
  if (!digits) return "malformed";
  const [, hexadecimal, octal, decimal] = digits;
  const significant = (hexadecimal ?? octal ?? decimal ?? "").replace(/^0+/, "") || "0";
  // 22 octal digits hold 2^64 - 1; a longer number need not be converted to know that it is too large.
  if (significant.length > 22) return "too large";
  const prefix = hexadecimal === undefined ? (octal === undefined ? "" : "0o") : "0x";
  const value = BigInt(prefix + significant);
  return value >= 1n << 64n ? "too large" : BigInt.asIntN(64, value);
}
