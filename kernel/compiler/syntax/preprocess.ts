/** Tokens to tokens: takes macro definitions out, expands macros, then decides `%( condition %? … %: … %)`. */
import type { Complaints } from "./complaints.js";
import { evaluateCondition, type Conditions } from "./conditions.js";
import { MacroStream, type Macro } from "./macros.js";
import * as messages from "./messages.js";
import type { Token } from "./token.js";

export type { Macro } from "./macros.js";

export interface PreprocessResult {
  /** Free of problems and junk; the last one is of kind `end`. */
  readonly tokens: readonly Token[];
  /** Those defined in these tokens. */
  readonly macros: ReadonlyMap<string, Macro>;
}

/** Reports the problems of every token that is left, too. */
export function preprocess(
  tokens: readonly Token[],
  conditions: Conditions,
  library: ReadonlyMap<string, Macro>,
  complaints: Complaints,
): PreprocessResult {
  const stream = new MacroStream(tokens, library, complaints);
  const output: Token[] = [];
  /** The openers of the conditionals whose branch is being copied. */
  const open: { readonly opener: Token; inOtherwise: boolean }[] = [];
  const complain = (token: Token, complaint: messages.Complaint): void => complaints.report(token.span, complaint);
  let afterJunk = false;

  for (;;) {
    const token = stream.next();
    if (token.problem) complain(token, token.problem);
    if (token.kind === "junk") {
      afterJunk = true;
      continue;
    }
    if (token.kind === "end" || complaints.exhausted) {
      for (const { opener } of open) complain(opener, messages.unclosedConditional());
      output.push(afterJunk ? { ...stream.end, afterJunk } : stream.end);
      return { tokens: output, macros: stream.defined };
    }
    if (token.text === "%(") {
      const taken = readCondition(token, stream, conditions, complaints);
      if (taken !== null) {
        const stop = taken ? null : skipBranch(stream);
        if (stop?.kind === "end") complain(token, messages.unclosedConditional());
        if (taken || stop?.text === "%:") open.push({ opener: token, inOtherwise: !taken });
      }
    } else if (token.text === "%:" && open.at(-1)?.inOtherwise === false) {
      const { opener } = open.pop() ?? { opener: token };
      let stop = skipBranch(stream);
      for (; stop.text === "%:"; stop = skipBranch(stream)) complain(stop, messages.strayConditional(stop.text));
      if (stop.kind === "end") complain(opener, messages.unclosedConditional());
    } else if (token.text === "%)" && open.length > 0) open.pop();
    else if (token.text === "%:" || token.text === "%)" || token.text === "%?") {
      complain(token, messages.strayConditional(token.text));
    } else {
      output.push(afterJunk ? { ...token, afterJunk } : token);
      // Such a string holds what would have closed brackets behind it.
      afterJunk = token.problem?.code === messages.UNCLOSED_STRING;
    }
  }
}

/**
 * Reads up to `%?`. A condition that cannot be decided counts as true, since its first branch is most often what
 * the author runs; null where the text ends or the conditional has no branches.
 */
function readCondition(
  opener: Token,
  stream: MacroStream,
  conditions: Conditions,
  complaints: Complaints,
): boolean | null {
  const tokens: Token[] = [];
  for (;;) {
    const token = stream.next();
    if (token.text === "%?") return evaluateCondition(tokens, token, conditions, complaints) ?? true;
    if (token.kind === "end") {
      complaints.report(opener.span, messages.unclosedConditional());
      return null;
    }
    if (token.text === "%)" || token.text === "%:" || token.text === "%(") {
      complaints.report(token.span, messages.malformedCondition("`%?`", `\`${token.text}\``));
      // Up to the end of the whole conditional; what it would have chosen is unknown.
      let stop = token;
      while (stop.text !== "%)" && stop.kind !== "end") stop = skipBranch(stream);
      return null;
    }
    if (token.problem) complaints.report(token.span, token.problem);
    if (token.kind !== "junk") tokens.push(token);
  }
}

/** Skips a branch and what is nested in it; returns the `%:`, `%)` or end that stopped it. */
function skipBranch(stream: MacroStream): Token {
  for (let depth = 0; ;) {
    const token = stream.nextRaw();
    if (token.kind === "end") return token;
    if (token.text === "%(") depth++;
    else if (depth === 0 && (token.text === "%:" || token.text === "%)")) return token;
    else if (token.text === "%)") depth--;
  }
}
