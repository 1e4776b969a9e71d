/** Text to tokens: comments and white space fall away, script arguments are pasted in. */
import type { Source, Span } from "../source.js";
import { decodeNumber, decodeString, toByteString } from "./literals.js";
import * as messages from "./messages.js";
import { isKeyword, type Gap, type Token } from "./token.js";

export interface LexResult {
  /** The last one is of kind `end`. */
  readonly tokens: readonly Token[];
  /** Script arguments, counted from 1, that the text never mentions. */
  readonly unusedArguments: readonly number[];
}

/** Never fails: what is wrong stands in the tokens. */
export function lex(source: Source, scriptArguments: readonly string[]): LexResult {
  return new Lexer(source, scriptArguments).run();
}

/** The tokens that are more than their text, as far as only they know. */
type Draft = Token extends infer Kind ? (Kind extends Token ? Omit<Kind, "span" | "gap" | "text"> : never) : never;
/** The kinds of all others. */
type PlainKind = Exclude<Token["kind"], "number" | "string" | "embedded">;

const SPACE = /\s+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_$]*|\$[A-Za-z_$][A-Za-z0-9_$]*|\$/y;
const NUMBER = /[0-9][A-Za-z0-9_]*/y;
const SCRIPT_ARGUMENT = /[$@](?:[0-9]+|#)/y;
const AT_WORD = /@[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR =
  />>>=|<<<|>>>|<<=|>>=|<<|>>|->|=~|!~|==|!=|<=|>=|&&|\|\||\+\+|--|[-+*/%&^|.]=|%[()?:}]|[-+*/%&^|.<>=!~?:;,()[\]{}]/y;
const JUNK = /[^\0-\x7f]+|[^]/y;

/** Not before a word: there it is only apart from it. */
const NAMELESS_MAP = /@(?!\s*[A-Za-z_])/y;

/** How many lines without a quote a string may go on for. */
const MOST_BROKEN_LINES = 20;

/**
 * The closing quote of a string with line breaks in it; null where its quote was rather forgotten. A line with an odd
 * number of quotes closes what an earlier line has opened.
 */
function brokenStringEnd(text: string, lineEnd: number): number | null {
  for (let start = lineEnd + 1, lines = 0; start < text.length && lines < MOST_BROKEN_LINES; lines++) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const quotes = [...text.slice(start, end).matchAll(/\\.|"/g)].filter(([piece]) => piece === '"');
    if (quotes.length % 2 === 1) return start + quotes[0]!.index;
    if (quotes.length > 0) return null;
    start = end + 1;
  }
  return null;
}

class Lexer {
  readonly #source: Source;
  readonly #arguments: readonly string[];
  readonly #used = new Set<number>();
  readonly #tokens: Token[] = [];
  /** What is still to be read, after a paste the pasted text followed by the rest of the source. */
  #text: string;
  #position = 0;
  #gap: Gap = "line";
  /** The first `length` characters of the text were pasted in place of the source's characters `start` to `end`. */
  #paste = { length: 0, start: 0, end: 0 };

  constructor(source: Source, scriptArguments: readonly string[]) {
    this.#source = source;
    this.#text = source.text;
    this.#arguments = scriptArguments;
  }

  run(): LexResult {
    while (this.#position < this.#text.length) this.#step();
    this.#emitPlain(this.#position, "end");
    const unusedArguments = this.#arguments.map((_, index) => index + 1).filter((number) => !this.#used.has(number));
    return { tokens: this.#tokens, unusedArguments };
  }

  #step(): void {
    const start = this.#position;
    if (this.#match(SPACE)) return this.#space(this.#text.slice(start, this.#position).includes("\n"));
    const first = this.#text.charAt(start);
    const second = this.#text.charAt(start + 1);
    if (first === "#" || (first === "/" && second === "/")) return this.#lineComment();
    if (first === "/" && second === "*") return this.#blockComment();
    if (first === '"') return this.#string();
    if (first === "%" && second === "{") return this.#embeddedCode();
    if ((first === "$" || first === "@") && this.#match(SCRIPT_ARGUMENT)) return this.#scriptArgument(start);
    if (this.#match(NAME)) {
      return this.#emitPlain(start, isKeyword(this.#text.slice(start, this.#position)) ? "keyword" : "name");
    }
    if (this.#match(NUMBER)) return this.#number(start);
    if (this.#match(AT_WORD) || this.#match(OPERATOR)) return this.#emitPlain(start, "operator");
    if (first === "'") return this.#singleQuoted();
    const isMap = this.#match(NAMELESS_MAP);
    if (!isMap) this.#match(JUNK);
    // bpftrace's nameless map is a name to the parser, so that the rest can be read.
    if (isMap) return this.#emit(start, { kind: "name", problem: messages.bareAt("counts") });
    this.#emit(start, { kind: "junk", problem: messages.strangeCharacter(this.#text.slice(start, this.#position)) });
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#position;
    const found = pattern.test(this.#text);
    if (found) this.#position = pattern.lastIndex;
    return found;
  }

  #span(start: number, end: number): Span {
    const { length, start: pasteStart, end: pasteEnd } = this.#paste;
    const shift = pasteEnd - length;
    return {
      source: this.#source,
      start: start < length ? pasteStart : start + shift,
      end: length > 0 && end <= length ? pasteEnd : end + shift,
    };
  }

  /** By far most tokens: nothing is copied for them. */
  #emitPlain(start: number, kind: PlainKind): void {
    const text = this.#text.slice(start, this.#position);
    this.#tokens.push({ kind, text, span: this.#span(start, this.#position), gap: this.#gap });
    this.#gap = "none";
  }

  #emit(start: number, draft: Draft, span = this.#span(start, this.#position)): void {
    this.#tokens.push({ ...draft, text: this.#text.slice(start, this.#position), span, gap: this.#gap });
    this.#gap = "none";
  }

  #space(hasLineBreak: boolean): void {
    if (hasLineBreak) this.#gap = "line";
    else if (this.#gap === "none") this.#gap = "space";
  }

  #lineComment(): void {
    const end = this.#text.indexOf("\n", this.#position);
    this.#position = end < 0 ? this.#text.length : end;
    this.#space(false);
  }

  #blockComment(): void {
    const start = this.#position;
    const end = this.#text.indexOf("*/", start + 2);
    this.#position = end < 0 ? this.#text.length : end + 2;
    if (end < 0) this.#emit(start, { kind: "junk", problem: messages.unclosedComment() }, this.#span(start, start + 2));
    else this.#space(this.#text.slice(start, end).includes("\n"));
  }

  #string(): void {
    const start = this.#position;
    const text = this.#text;
    let end = start + 1;
    while (end < text.length && text[end] !== '"' && text[end] !== "\n") {
      if (text[end] === "\\") end += text.startsWith("\r\n", end + 1) ? 3 : 2;
      else end++;
    }
    const continues = end > text.length || (end === text.length && /\\\r?\n$/.test(text));
    end = Math.min(end, text.length);
    const closed = text[end] === '"';
    if (!closed && !continues) end = brokenStringEnd(text, end) ?? end;
    this.#position = text[end] === '"' ? end + 1 : end;
    const value = decodeString(text.slice(start + 1, end));
    if (closed) this.#emit(start, { kind: "string", value });
    else this.#emit(start, { kind: "string", value, problem: messages.unclosedString(continues) });
  }

  #singleQuoted(): void {
    const start = this.#position;
    const lineEnd = this.#text.indexOf("\n", start);
    const line = this.#text.slice(start, lineEnd < 0 ? undefined : lineEnd);
    const quoted = /^'(?:[^'\\]|\\.)*'/.exec(line.slice(0, 200));
    this.#position += quoted ? quoted[0].length : 1;
    if (!quoted) return this.#emit(start, { kind: "junk", problem: messages.singleQuote() });
    const value = decodeString(quoted[0].slice(1, -1));
    this.#emit(start, { kind: "string", value, problem: messages.singleQuote(value) });
  }

  #embeddedCode(): void {
    const start = this.#position;
    const end = this.#text.indexOf("%}", start + 2);
    this.#position = end < 0 ? this.#text.length : end + 2;
    const value = this.#text.slice(start + 2, end < 0 ? undefined : end);
    if (end >= 0) return this.#emit(start, { kind: "embedded", value });
    const problem = messages.unclosedEmbeddedCode();
    this.#emit(start, { kind: "embedded", value, problem }, this.#span(start, start + 2));
  }

  #number(start: number): void {
    const text = this.#text.slice(start, this.#position);
    const value = decodeNumber(text);
    if (typeof value === "bigint") return this.#emit(start, { kind: "number", value });
    const problem = value === "malformed" ? messages.malformedNumber(text) : messages.numberTooLarge(text);
    this.#emit(start, { kind: "number", value: 0n, problem });
  }

  #scriptArgument(start: number): void {
    const text = this.#text.slice(start, this.#position);
    const quoted = text[0] === "@";
    const stand = (value: string): Draft =>
      quoted ? { kind: "string", value } : { kind: "number", value: BigInt(value || 0) };
    if (start < this.#paste.length) return this.#emit(start, { ...stand(""), problem: messages.nestedArgument(text) });
    if (text[1] === "#") return this.#emit(start, stand(String(this.#arguments.length)));
    const number = Number(text.slice(1));
    const argument = this.#arguments[number - 1];
    if (argument === undefined) {
      const problem = messages.missingArgument(text, this.#arguments.length);
      return this.#emit(start, { ...stand(""), problem });
    }
    this.#used.add(number);
    if (quoted) return this.#emit(start, { kind: "string", value: toByteString(argument) });
    const { start: pasteStart, end: pasteEnd } = this.#span(start, this.#position);
    this.#text = argument + this.#text.slice(this.#position);
    this.#position = 0;
    this.#paste = { length: argument.length, start: pasteStart, end: pasteEnd };
  }
}
