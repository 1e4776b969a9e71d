/** What `tokenize`, which is written in the language, is made of. */
import type { TapsetFunction } from "../compiler/catalogue.js";
import { text, textArgument } from "./arguments.js";
import { emitAfterToken, emitToken } from "./kernel_tokens.js";

const parameters = [
  { name: "text", type: "string", meaning: "what is left of the text" },
  { name: "delimiters", type: "string", meaning: "each of its bytes ends a token" },
] as const;

/** The first token that is not empty, and what follows its delimiter. */
function splitToken(text: string, delimiters: string): { readonly token: string; readonly rest: string } {
  const isDelimiter = (index: number): boolean => delimiters.includes(text.charAt(index));
  let start = 0;
  while (start < text.length && isDelimiter(start)) start++;
  let end = start;
  while (end < text.length && !isDelimiter(end)) end++;
  return { token: text.slice(start, end), rest: text.slice(end + 1) };
}

export const tokenFunctions: readonly TapsetFunction[] = [
  {
    name: "__next_token",
    topic: "strings",
    summary: "The first token of a text that is not empty.",
    parameters,
    returns: "string",
    example: 'println(__next_token(" a b", " "))',
    kernel: (emit, args) => emitToken(emit, text(args, 0), text(args, 1)),
    user: (_runtime, args) => splitToken(textArgument(args, 0), textArgument(args, 1)).token,
  },
  {
    name: "__after_token",
    topic: "strings",
    summary: "What follows the first token of a text and its delimiter.",
    parameters,
    returns: "string",
    example: 'println(__after_token(" a b", " "))',
    kernel: (emit, args) => emitAfterToken(emit, text(args, 0), text(args, 1)),
    user: (_runtime, args) => splitToken(textArgument(args, 0), textArgument(args, 1)).rest,
  },
];
