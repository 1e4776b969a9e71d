/** `@define` and the uses of what it defines. */
import { joinSpans, type Span } from "../source.js";
import type { Complaints } from "./complaints.js";
import * as messages from "./messages.js";
import { describeToken, type Token } from "./token.js";

export interface Macro {
  readonly name: string;
  /** Null for a macro that is used without parentheses. */
  readonly parameters: readonly string[] | null;
  readonly body: readonly Token[];
  /** Of the name in the definition. */
  readonly span: Span;
}

/** So many tokens may come from macros in one text. */
const MAXIMUM_EXPANSION = 20_000;
const MAXIMUM_ARGUMENT_NESTING = 50;

interface Frame {
  readonly tokens: readonly Token[];
  position: number;
  /** The macro that the tokens are the expansion of. */
  readonly macro: string | null;
}

/** Reads tokens with macros expanded. Tokens of a macro's body get the place of its use. */
export class MacroStream {
  readonly defined = new Map<string, Macro>();
  readonly #library: ReadonlyMap<string, Macro>;
  readonly #complaints: Complaints;
  readonly end: Token;
  #frames: Frame[];
  #expanded = 0;
  #argumentNesting = 0;

  /** The tokens end with one of kind `end`. */
  constructor(tokens: readonly Token[], library: ReadonlyMap<string, Macro>, complaints: Complaints) {
    this.#frames = [{ tokens, position: 0, macro: null }];
    this.end = tokens[tokens.length - 1] as Token;
    this.#library = library;
    this.#complaints = complaints;
  }

  /** The next token with macros expanded and definitions taken out; at the end the end token, again and again. */
  next(): Token {
    for (;;) {
      const token = this.nextRaw();
      if (token.kind !== "operator" || token.text[0] !== "@") return token;
      if (token.text === "@define") this.#define(token);
      else {
        const macro = this.#find(token.text.slice(1));
        if (!macro) return token;
        this.#expand(token, macro);
      }
    }
  }

  /** The next token as it stands, from the innermost expansion. */
  nextRaw(): Token {
    const token = this.#peek();
    const frame = this.#frames.at(-1);
    if (frame && token.kind !== "end") frame.position++;
    return token;
  }

  #peek(): Token {
    // Past the limit what is left would only be refused token by token.
    if (this.#expanded > MAXIMUM_EXPANSION) return this.end;
    for (;;) {
      const frame = this.#frames.at(-1);
      const token = frame?.tokens[frame.position];
      if (token) return token;
      if (!frame || this.#frames.length === 1) return this.end;
      this.#frames.pop();
    }
  }

  #find(name: string): Macro | undefined {
    return this.defined.get(name) ?? this.#library.get(name);
  }

  #complain(token: Pick<Token, "span">, complaint: messages.Complaint): void {
    this.#complaints.report(token.span, complaint);
  }

  #define(keyword: Token): void {
    const name = this.#peek();
    if (name.kind !== "name") {
      this.#complain(name, messages.malformedDefinition("a name", describeToken(name)));
      return this.#skipDefinition();
    }
    this.nextRaw();
    const parameters = this.#peek().text === "(" ? this.#readParameters() : null;
    const opener = this.#peek();
    if (opener.text !== "%(") {
      this.#complain(opener, messages.malformedDefinition("`%(`", describeToken(opener)));
      return this.#skipDefinition();
    }
    this.nextRaw();
    const body = this.#readBody(opener);
    const span = opener.span.source === name.span.source ? name.span : keyword.span;
    const first = this.defined.get(name.text);
    if (first) this.#complain(name, messages.duplicateMacro(name.text, first.span));
    else if (body) this.defined.set(name.text, { name: name.text, parameters, body, span });
  }

  /** Passes over the body of a definition that has no use, if one begins on this line. */
  #skipDefinition(): void {
    for (let token = this.#peek(); token.kind !== "end" && token.gap !== "line"; token = this.#peek()) {
      this.nextRaw();
      if (token.text !== "%(") continue;
      this.#readBody(token);
      return;
    }
  }

  #readParameters(): readonly string[] {
    const parameters: string[] = [];
    this.nextRaw();
    for (;;) {
      const token = this.#peek();
      if (token.text === ")" && parameters.length === 0) break;
      if (token.kind !== "name" && token.kind !== "keyword") {
        this.#complain(token, messages.malformedDefinition("the name of a parameter", describeToken(token)));
        break;
      }
      parameters.push(token.text);
      this.nextRaw();
      if (this.#peek().text !== ",") break;
      this.nextRaw();
    }
    const closer = this.#peek();
    if (closer.text === ")") this.nextRaw();
    else this.#complain(closer, messages.malformedDefinition("`,` or `)`", describeToken(closer)));
    return parameters;
  }

  /** Null where the body is not closed. */
  #readBody(opener: Token): readonly Token[] | null {
    const body: Token[] = [];
    let isNested = false;
    for (let depth = 0; ;) {
      const token = this.nextRaw();
      if (token.kind === "end") {
        this.#complain(opener, messages.unclosedDefinition());
        return null;
      }
      if (token.text === "@define") {
        isNested = true;
        this.#complain(token, messages.nestedDefinition());
      }
      if (token.text === "%(") depth++;
      else if (token.text === "%)" && depth-- === 0) return isNested ? null : body;
      body.push(token);
    }
  }

  #expand(use: Token, macro: Macro): void {
    const given = macro.parameters === null ? { values: [], closer: use } : this.#readArguments(use, macro);
    if (given === null) return this.#standIn(use);
    if (this.#frames.some((frame) => frame.macro === macro.name)) {
      this.#complain(use, messages.recursiveMacro(macro.name, macro.span));
      return this.#standIn(use);
    }
    const { values, closer } = given;
    const span = closer.span.source === use.span.source ? joinSpans(use.span, closer.span) : use.span;
    const tokens: Token[] = [];
    for (const token of macro.body) {
      const gap = tokens.length === 0 ? use.gap : token.gap;
      const parameter = token.text[0] === "@" ? (macro.parameters?.indexOf(token.text.slice(1)) ?? -1) : -1;
      if (parameter < 0) tokens.push({ ...token, span, gap, definition: macro.span });
      else (values[parameter] ?? []).forEach((value, index) => tokens.push(index === 0 ? { ...value, gap } : value));
    }
    this.#expanded += tokens.length + 1;
    if (this.#expanded > MAXIMUM_EXPANSION) this.#complain(use, messages.expansionTooLarge());
    else this.#frames.push({ tokens, position: 0, macro: macro.name });
  }

  /** Puts a value where a macro cannot be expanded, so that what is around it still parses. */
  #standIn({ span, gap }: Token): void {
    this.#frames.push({ tokens: [{ kind: "number", text: "0", value: 0n, span, gap }], position: 0, macro: null });
  }

  /** The arguments, each with its own macros expanded already, so that a macro may be used in its own argument. */
  #readArguments(use: Token, macro: Macro): { values: readonly (readonly Token[])[]; closer: Token } | null {
    const expected = macro.parameters?.length ?? 0;
    if (this.#peek().text !== "(") {
      this.#complain(use, messages.macroNeedsArguments(macro.name, expected, macro.span));
      return null;
    }
    this.nextRaw();
    const values: Token[][] = [[]];
    let closer = use;
    for (let depth = 0; ;) {
      const token = this.nextRaw();
      if (token.kind === "end") {
        this.#complain(use, messages.unclosedMacroCall(macro.name));
        return null;
      }
      if (token.text === ")" && depth === 0) {
        closer = token;
        break;
      }
      if (token.text === "(" || token.text === "[") depth++;
      else if (token.text === ")" || token.text === "]") depth--;
      if (token.text === "," && depth === 0) values.push([]);
      else values.at(-1)?.push(token);
    }
    const given = values.length === 1 && values[0]?.length === 0 ? 0 : values.length;
    // `@m()` gives one empty argument to a macro that takes one.
    if (given !== expected && !(given === 0 && expected === 1)) {
      this.#complain(use, messages.macroArguments(macro.name, expected, given, macro.span));
      return null;
    }
    return { values: values.map((value) => this.#expandArgument(use, value)), closer };
  }

  #expandArgument(use: Token, tokens: readonly Token[]): readonly Token[] {
    if (!tokens.some((token) => token.text[0] === "@" && this.#find(token.text.slice(1)))) return tokens;
    if (this.#argumentNesting >= MAXIMUM_ARGUMENT_NESTING) {
      this.#complain(use, messages.tooDeep(MAXIMUM_ARGUMENT_NESTING));
      return [];
    }
    const frames = this.#frames;
    // The macros being expanded stay known, so that recursion through an argument is found.
    const active = frames.map(({ macro }) => ({ tokens: [], position: 0, macro }));
    this.#frames = [{ tokens: [], position: 0, macro: null }, ...active, { tokens, position: 0, macro: null }];
    this.#argumentNesting++;
    const expanded: Token[] = [];
    for (let token = this.next(); token.kind !== "end"; token = this.next()) expanded.push(token);
    this.#argumentNesting--;
    this.#frames = frames;
    return expanded;
  }
}
