/** The parser's place in its tokens, and how it goes on after a mistake. */
import { joinSpans, type Span } from "../source.js";
import type { Complaints } from "./complaints.js";
import * as messages from "./messages.js";
import type { Complaint } from "./messages.js";
import { describeToken, type Token } from "./token.js";

/** How deep statements and expressions may nest, so that no pass runs out of stack. */
const MAXIMUM_DEPTH = 200;

const ITEM_KEYWORDS: ReadonlySet<string> = new Set(["probe", "global", "private", "function"]);
const BORDER_KEYWORDS: ReadonlySet<string> = new Set([
  ...ITEM_KEYWORDS,
  ..."if else for foreach while return delete break continue next try catch".split(" "),
]);

/**
 * After a mistake the cursor *fails*: it pretends to stand at the end of the text, so that every rule returns, and
 * reports nothing more, until a statement or an item border clears that. Trees made meanwhile are thrown away.
 */
export class Cursor {
  readonly #tokens: readonly Token[];
  readonly #complaints: Complaints;
  readonly #end: Token;
  #position = 0;
  #last: Token;
  /** While failing: stands in for every token. */
  #stop: Token | null = null;
  #aborted = false;
  #depth = 0;
  /** Brackets of the present statement that are open. */
  #openers: Token[] = [];

  /** The tokens end with one of kind `end`. */
  constructor(tokens: readonly Token[], end: Token, complaints: Complaints) {
    this.#tokens = tokens;
    this.#end = end;
    this.#complaints = complaints;
    this.#last = tokens[0] ?? end;
    if (complaints.exhausted) this.#abort();
  }

  get position(): number {
    return this.#position;
  }

  /** How many mistakes have been found so far. */
  get complaints(): number {
    return this.#complaints.count;
  }

  get failing(): boolean {
    return this.#stop !== null;
  }

  /** The token that is read next. */
  get token(): Token {
    return this.#stop ?? this.#at(this.#position);
  }

  /** The token after the one that is read next. */
  get following(): Token {
    return this.#stop ?? this.#at(this.#position + 1);
  }

  get atEnd(): boolean {
    return this.token.kind === "end";
  }

  /** The token after the parentheses that the following token opens; of kind `end` where they are not closed. */
  get afterParentheses(): Token {
    let depth = 0;
    for (let index = this.#position + 1; ; index++) {
      const token = this.#at(index);
      if (token.text === "(") depth++;
      else if (token.text === ")") depth--;
      if (depth <= 0 || token.kind === "end") return token.kind === "end" ? token : this.#at(index + 1);
    }
  }

  #at(index: number): Token {
    return this.#tokens[index] ?? this.#end;
  }

  /** Whether the next token is this operator or keyword. */
  at(text: string): boolean {
    return this.token.text === text;
  }

  atItemKeyword(): boolean {
    return this.token.kind === "keyword" && ITEM_KEYWORDS.has(this.token.text);
  }

  take(): Token {
    if (this.#stop) return this.#stop;
    this.#last = this.#at(this.#position);
    if (this.#position < this.#tokens.length) this.#position++;
    return this.#last;
  }

  accept(text: string): Token | null {
    return this.at(text) ? this.take() : null;
  }

  /** Takes the token or fails. */
  expect(text: string, hint?: string): Token {
    if (!this.at(text)) this.unexpected(`\`${text}\``, hint);
    return this.take();
  }

  /** Takes an opening bracket, which `close` takes the partner of. */
  open(text: "(" | "[" | "{", hint?: string): Token {
    if (!this.at(text)) this.unexpected(`\`${text}\``, hint);
    const opener = this.take();
    if (!this.failing) this.#openers.push(opener);
    return opener;
  }

  /** `isList`: commas separate what is inside. */
  close(opener: Token, isList = false): void {
    const closer = opener.text === "(" ? ")" : opener.text === "[" ? "]" : "}";
    if (!this.at(closer)) {
      return this.fail(messages.unclosedBracket(closer, describeToken(this.token), opener.text, opener.span, isList));
    }
    this.take();
    this.#openers.pop();
  }

  /** From the first token of something to the last one taken. */
  spanFrom(start: Span): Span {
    return joinSpans(start, this.#last.span.end < start.end ? start : this.#last.span);
  }

  unexpected(expected: string, hint?: string): void {
    this.fail(messages.unexpected(expected, describeToken(this.token), hint));
  }

  fail(complaint: Complaint, token = this.token): void {
    if (this.#stop) return;
    this.report(complaint, token);
    this.#stop = { kind: "end", text: "", gap: "none", span: token.span };
  }

  /** Reports without failing: the text can be read on. */
  report(complaint: Complaint, token: Pick<Token, "span" | "definition" | "afterJunk">): void {
    if (this.#stop || token.afterJunk) return;
    const { definition } = token;
    const isExpansion = complaint.related === undefined && definition !== undefined;
    const related = isExpansion ? { related: { message: "in a macro defined here", span: definition } } : {};
    this.#complaints.report(token.span, { ...complaint, ...related });
    if (this.#complaints.exhausted) this.#abort();
  }

  /** Reports at `span`, and goes on behind the next block, of which nothing else is said. */
  reportSkipped(complaint: Complaint, span: Span): void {
    const { start } = this.token.span;
    let depth = 0;
    while (!this.atEnd) {
      const { text } = this.take();
      if (text === "{") depth++;
      if (text === "}" && --depth <= 0) break;
    }
    this.#complaints.withdraw({ ...span, start, end: this.#last.span.end });
    this.#complaints.report(span, complaint);
  }

  /** Counts a level of nesting; false and failing where there are too many. */
  enter(): boolean {
    if (this.#depth >= MAXIMUM_DEPTH) {
      this.fail(messages.tooDeep(MAXIMUM_DEPTH));
      this.#abort();
      return false;
    }
    this.#depth++;
    return true;
  }

  leave(): void {
    this.#depth--;
  }

  #abort(): void {
    this.#aborted = true;
    this.#stop ??= { kind: "end", text: "", gap: "none", span: this.#end.span };
  }

  /**
   * Inside the head of something that has a body: goes on after the head's closing bracket (`head`) or at the
   * body's `{`, if that is to be found before the next statement.
   */
  recover(goal: "head" | "body"): boolean {
    if (!this.#stop || this.#aborted) return !this.#stop;
    const found = this.#scan(goal);
    if (found === null) return false;
    this.#resume(found);
    return true;
  }

  #resume(position: number): void {
    this.#position = position;
    this.#stop = null;
    this.#openers = [];
    this.#last = this.#at(Math.max(0, position - 1));
  }

  /**
   * Where to go on: at the `{` of a body, or in a head behind its closing parenthesis. That is the last one on its
   * line which has no partner, since the mistake may be a parenthesis too many or too few.
   */
  #scan(goal: "head" | "body"): number | null {
    const open = this.#openers.map((token) => token.text);
    let closed: number | null = null;
    // The first bracket is the head's own until it is closed; those behind it are none of its.
    let isHeadOpen = true;
    for (let index = this.#position; ; index++) {
      const { kind, text, gap } = this.#at(index);
      if (kind === "end" || (index > this.#position && this.#isBorder(index))) return closed;
      if (closed !== null && gap === "line") return closed;
      if (text === "{" && this.#at(index - 1).text !== ".") return open.includes("{") ? closed : index;
      if (text === "(" || text === "[" || text === "{") open.push(text);
      else if (text === ";" && open.length === 0) return closed;
      else if (text === ")" || text === "]" || text === "}") {
        const partner = open.lastIndexOf(text === ")" ? "(" : text === "]" ? "[" : "{");
        if (partner < 0 && text === "}") return closed;
        if (partner >= 0) open.length = partner;
        const closesHead = partner < 0 || (partner === 0 && isHeadOpen);
        if (partner === 0) isHeadOpen = false;
        if (closesHead && text === ")" && goal === "head") closed = index + 1;
      }
    }
  }

  #isBorder(index: number): boolean {
    const token = this.#at(index);
    // `.function` and `->next` are names.
    return (
      token.kind === "keyword" && BORDER_KEYWORDS.has(token.text) && !/^(?:\.|->|\{|,)$/.test(this.#at(index - 1).text)
    );
  }

  /** Ends failing at the next border of statements or items; `before` is where the one that failed began. */
  resynchronise(before: number): void {
    if (!this.#stop || this.#aborted) return;
    const closed = this.#openers[0]?.text === "(" ? this.#scan("head") : null;
    this.#resume(closed !== null && this.#at(closed).text !== "{" ? closed : this.#position);
    if (this.#position === before) this.#position++;
    for (; ; this.#position++) {
      const { kind, text, gap } = this.#at(this.#position);
      if (kind === "end" || text === "}" || text === "{" || gap === "line" || this.#isBorder(this.#position)) break;
      if (text === ";") {
        this.#position++;
        break;
      }
    }
    if (this.#position > this.#tokens.length) this.#position = this.#tokens.length;
    this.#last = this.#at(Math.max(0, this.#position - 1));
  }
}
