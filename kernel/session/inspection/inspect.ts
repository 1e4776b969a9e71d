/** What the word or the probe point at the cursor means. */
import type { MimeBundle } from "../../protocol/interpreter.js";
import { contextVariables, insideAt, magicLineBefore } from "../cursor_context.js";
import type { Session } from "../session.js";
import { memberPages, quotedTypePages, variablePage } from "./data.js";
import { helpBundle, type HelpPage } from "./help_page.js";
import { magicPages } from "./magics.js";
import { familyPages, globalPages, namePages } from "./names.js";
import { pointAround, pointPages } from "./points.js";

/** Null where the word at the cursor means nothing here. `cursor` counts code points. Never throws, whatever the text. */
export function inspect(session: Session, code: string, cursor: number, detail: 0 | 1): MimeBundle | null {
  const offset = Array.from(code).slice(0, Math.max(0, cursor)).join("").length;
  const pages = pagesAt(session, code, offset, detail);
  if (pages.length === 0) return null;
  return helpBundle(pages, detail === 1);
}

function pagesAt(session: Session, code: string, cursor: number, detail: 0 | 1): readonly HelpPage[] {
  const { start, end } = wordAround(code, cursor);
  const word = code.slice(start, end);
  const line = magicLineBefore(code, Math.max(end, start + 1)) ?? magicLineBefore(code, start);
  if (line !== null) return magicPages(word, line);
  const point = pointAround(code, end);
  if (point !== null) return pointPages(session, point, detail);
  const place = insideAt(code, start);
  if (place === "string") return quotedTypePages(session, code, start, word, detail);
  if (word === "" || place !== "script") return [];
  if (/->\s*$/.test(code.slice(0, start))) return memberPages(session, code, start, word, detail);
  const variable = contextVariables(session, code, start).get(word);
  const pages = [
    ...globalPages(session, word, detail),
    ...(variable ? [variablePage(variable, detail)] : []),
    ...namePages(session, word, detail),
  ];
  return pages.length > 0 ? pages : familyPages(session, word);
}

/** Operators that help knows, the longer ones first where one starts like another. */
const OPERATOR = /<<<|=~|!~|->|%\(|%\?|%:|%\)/g;

/** The word that the cursor touches; an operator where it touches no word. */
function wordAround(code: string, cursor: number): { readonly start: number; readonly end: number } {
  const isWord = (index: number): boolean => /[\w$@]/.test(code.charAt(index));
  let start = cursor;
  if (!isWord(start) && !isWord(start - 1)) {
    const operator = [...code.matchAll(OPERATOR)].find(
      ({ index, 0: text }) => index <= cursor && cursor <= index + text.length,
    );
    if (operator) return { start: operator.index, end: operator.index + operator[0].length };
  }
  // Behind an opening parenthesis, what is called is meant.
  if (!isWord(start) && !isWord(start - 1) && code[start - 1] === "(") start--;
  while (start > 0 && isWord(start - 1)) start--;
  let end = start;
  while (end < code.length && isWord(end)) end++;
  return { start, end };
}
