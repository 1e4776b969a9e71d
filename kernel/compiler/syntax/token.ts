/** What the lexer makes and everything after it reads. */
import type { Span } from "../source.js";
import type { Complaint } from "./messages.js";

/** What stands between a token and the one before it; `line` holds at least one line break. */
export type Gap = "none" | "space" | "line";

interface TokenBase {
  /** As written; of a pasted script argument, as pasted. */
  readonly text: string;
  /** Of a token that came from a macro or a script argument: the place where that is used. */
  readonly span: Span;
  readonly gap: Gap;
  /** A mistake inside the token. It is kept here because a branch of `%( … %)` that is not taken may hold any. */
  readonly problem?: Complaint;
  /** What stood before it means nothing and was complained about, so that nothing else is said of what is missing there. */
  readonly afterJunk?: true;
  /** The definition of the macro that the token came from. */
  readonly definition?: Span;
}

/** `junk` is a character that means nothing; it always has a problem and never reaches the parser. */
export type Token =
  | (TokenBase & { readonly kind: "name" | "keyword" | "operator" | "end" | "junk" })
  | (TokenBase & { readonly kind: "number"; readonly value: bigint })
  /** The value is the decoded bytes of a string, or the C code between `%{` and `%}`. */
  | (TokenBase & { readonly kind: "string" | "embedded"; readonly value: string });

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "probe global private function if else for foreach in limit return delete while break continue next " +
    "string long try catch"
  ).split(" "),
);

export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word);
}

/** How a message names the token. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case "end":
      return "the end of the text";
    case "keyword":
      return `the keyword \`${token.text}\``;
    case "string":
      return "a string";
    case "embedded":
      return "embedded C code";
    case "number":
      return `the number ${token.text}`;
    default:
      return `\`${token.text}\``;
  }
}
