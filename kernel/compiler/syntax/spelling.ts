/** Guesses at keywords that were misspelt; used only where the text would otherwise be refused or make no sense. */
import type { Cursor } from "./cursor.js";

const ITEMS = ["probe", "global", "private", "function"];
/** Of other languages. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(["def", "fn", "func", "sub", "fun"]);
const LOOPS = ["foreach", "while"];

/** Whether one inserted, missing, wrong or swapped letter makes the difference. */
function isOneEditApart(word: string, other: string): boolean {
  if (Math.abs(word.length - other.length) > 1 || word === other) return false;
  let start = 0;
  while (start < word.length && word[start] === other[start]) start++;
  const rest = word.slice(start);
  const otherRest = other.slice(start);
  const swapped = otherRest.length > 1 ? otherRest.charAt(1) + otherRest.charAt(0) + otherRest.slice(2) : otherRest;
  return (
    rest.slice(1) === otherRest.slice(1) ||
    rest === otherRest.slice(1) ||
    rest.slice(1) === otherRest ||
    rest === swapped
  );
}

/** The item keyword that a word at the start of a line was meant to be. */
export function suggestItem(word: string): string | undefined {
  if (FUNCTION_WORDS.has(word)) return "function";
  return ITEMS.find((keyword) => isOneEditApart(word, keyword));
}

/**
 * The keyword that the statement's first word was meant to be, or null. Without separators `prob begin { }` and
 * `foreeach (a in b) { }` would be legal statements in a row, so only shapes that nobody means are taken.
 */
export function misspeltKeyword(cursor: Cursor): string | null {
  const { token, following } = cursor;
  if (token.kind !== "name") return null;
  if (following.text === "(") {
    const keyword = /^els?e?if$/.test(token.text) ? "else if" : LOOPS.find((loop) => isOneEditApart(token.text, loop));
    return keyword !== undefined && cursor.afterParentheses.text === "{" ? keyword : null;
  }
  if (following.gap !== "space" || (following.kind !== "name" && following.kind !== "keyword")) return null;
  return following.text === "in" ? null : (suggestItem(token.text) ?? null);
}
