/** Places inside a string literal: its bytes are not its characters, and escapes are longer than what they stand for. */
import type { Span } from "../source.js";
import type { StringLiteral } from "../syntax/ast.js";

/** Where a range of the literal's bytes stands in the script; the whole literal where that cannot be told. */
export function byteSpan(literal: StringLiteral, start: number, end: number): Span {
  const { source } = literal.span;
  const text = source.text.slice(literal.span.start, literal.span.end);
  const places = bytePlaces(text);
  const first = places?.[start];
  const last = places?.[end];
  // Text pasted by a macro or an argument is not what stands there.
  if (places?.length !== literal.value.length + 1 || first === undefined || last === undefined) return literal.span;
  return { source, start: literal.span.start + first, end: literal.span.start + last };
}

const ESCAPE = /\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|(?<joined>\r?\n)|[^])/y;
/** Adjacent literals are one; comments may stand between them. */
const JOINT = /"(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*|#[^\n]*)*"/y;

/** Offsets in the text at which each byte of the string starts, and the end; null for what is no literal. */
function bytePlaces(text: string): number[] | null {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return null;
  const places: number[] = [];
  let offset = 1;
  while (offset < text.length - 1) {
    const pattern = text[offset] === "\\" ? ESCAPE : text[offset] === '"' ? JOINT : null;
    let length = 1;
    let isByte = pattern !== JOINT;
    if (pattern) {
      pattern.lastIndex = offset;
      const matched = pattern.exec(text);
      if (!matched) return null;
      length = matched[0].length;
      isByte &&= matched.groups?.["joined"] === undefined;
    }
    if (isByte) {
      const character = pattern ? null : String.fromCodePoint(text.codePointAt(offset)!);
      if (character) length = character.length;
      const bytes = character ? new TextEncoder().encode(character).length : 1;
      for (let index = 0; index < bytes; index++) places.push(offset);
    }
    offset += length;
  }
  return [...places, offset];
}
