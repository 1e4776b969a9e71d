/** Names that an unfinished cell declares and uses itself, as far as its text tells without being parsed. */
import { blankedTexts, type Piece } from "./cursor_context.js";
import { LANGUAGE } from "./language.js";

export interface DeclaredNames {
  readonly globals: readonly string[];
  readonly functions: readonly { readonly name: string; readonly signature: string }[];
  readonly macros: readonly string[];
  /** Of probe points. */
  readonly aliases: readonly string[];
}

/** `piece` is what is being written, which declares nothing yet. */
export function declaredNames(code: string, piece: Piece): DeclaredNames {
  const text = withoutPiece(blankedTexts(code), piece);
  const globals = [...text.matchAll(/\bglobal\s+([^;{}\n]*)/g)].flatMap(([, list = ""]) =>
    [...list.replace(/\[[^\]]*\]|=[^,]*/g, "").matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name),
  );
  const functions = [...text.matchAll(/\bfunction\s+(\w+)(?::(\w+))?\s*(\([^)]*\))(?:\s*:\s*(\w+))?/g)].map(
    ([, name = "", before, parameters = "()", behind]) => ({
      name,
      signature: `${parameters}${(before ?? behind) ? `:${before ?? behind}` : ""}`,
    }),
  );
  const macros = [...text.matchAll(/@define\s+(\w+)/g)].map(([, name = ""]) => name);
  const aliases = [...text.matchAll(/\bprobe\s+([\w.]+)\s*\+?=(?!=)/g)].map(([, name = ""]) => name);
  return { globals, functions, macros, aliases };
}

/** Variables of the handler or function around the cursor; outside of both, those of the cell's statements. */
export function localNames(code: string, piece: Piece): string[] {
  const text = withoutPiece(blankedTexts(code), piece);
  const { globals, functions, macros, aliases } = declaredNames(code, piece);
  const taken = new Set([...LANGUAGE.map(({ name }) => name), ...globals, ...functions.map(({ name }) => name)]);
  for (const name of [...macros, ...aliases]) taken.add(name);
  const names = itemAround(text, piece.start).match(/(?<![\w$@.%])[A-Za-z_]\w*(?!\w*\s*[(.])/g) ?? [];
  return [...new Set(names)].filter((name) => name.length > 1 && !taken.has(name));
}

function withoutPiece(text: string, { start }: Piece): string {
  return `${text.slice(0, start)}${text.slice(start).replace(/^[@$]*\w*/, (name) => " ".repeat(name.length))}`;
}

/** The item with the block that is open at the cursor, from its keyword on; everything outside of blocks where none is. */
function itemAround(text: string, cursor: number): string {
  let [depth, start, itemStart] = [0, 0, 0];
  let outside = "";
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === "{" && depth++ === 0) start = itemStart;
    else if (character === "}" && depth > 0 && --depth === 0) {
      if (start <= cursor && cursor <= index) return text.slice(start, index);
      itemStart = index + 1;
    } else if (depth === 0) outside += character;
  }
  return depth > 0 && start <= cursor
    ? text.slice(start)
    : outside.replace(/\b(?:probe|global|function)\b[^\n;]*/g, " ");
}
