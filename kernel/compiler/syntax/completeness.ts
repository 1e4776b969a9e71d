/** Whether a text can be run as it is, or is only the beginning of one. */
import { Diagnostics } from "../diagnostic.js";
import { lineAt, type Source } from "../source.js";
import { lex } from "./lex.js";
import { BODY_EXPECTED, CONTINUABLE } from "./messages.js";
import { parseScript, type ParseOptions } from "./parse.js";
import type { Token } from "./token.js";

export type Completeness =
  | { readonly status: "complete" | "invalid" }
  /** `indent` is what the next line should start with. */
  | { readonly status: "incomplete"; readonly indent: string };

const CLOSERS: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]", "%(": "%)" };

/** A text is incomplete if its first mistake is that it ends. */
export function completeness(source: Source, options: ParseOptions): Completeness {
  const { diagnostics } = parseScript(source, options, new Diagnostics());
  const [first] = diagnostics.list
    .filter(({ severity }) => severity === "error")
    .toSorted((left, right) => left.span.start - right.span.start);
  if (!first) return { status: "complete" };
  if (first.span.start < source.text.length && !CONTINUABLE.has(first.code)) return { status: "invalid" };
  const tokens = lex(source, options.arguments).tokens.filter(({ kind }) => kind !== "end");
  return { status: "incomplete", indent: nextIndent(source, tokens, first.code === BODY_EXPECTED) };
}

/** One step deeper than the last line if that opens something. */
function nextIndent(source: Source, tokens: readonly Token[], bodyExpected: boolean): string {
  const end = source.text.trimEnd().length;
  const lastLine = lineAt(source, end);
  const indent = /^[ \t]*/.exec(lastLine)?.[0] ?? "";
  const lineStart = source.text.lastIndexOf("\n", end - 1) + 1;
  const opener = innermostOpener(tokens);
  const opens = bodyExpected || (opener !== undefined && opener.span.start >= lineStart);
  if (!opens) return indent;
  return indent + (/^\t/m.test(source.text) ? "\t" : "  ");
}

function innermostOpener(tokens: readonly Token[]): Token | undefined {
  const open: Token[] = [];
  for (const token of tokens) {
    const last = open.at(-1);
    if (Object.hasOwn(CLOSERS, token.text)) open.push(token);
    else if (last && CLOSERS[last.text] === token.text) open.pop();
  }
  return open.at(-1);
}
