/** `=~` in user space, and what the last one found. */
import type { Expression } from "../check/program.js";
import { findGroups, matches } from "../regex/index.js";
import type { ClosureCompiler, ValueClosure } from "./frame.js";
import { ScriptError } from "./runtime.js";

type Kind<Name extends Expression["kind"]> = Extract<Expression, { kind: Name }>;

export function compileMatch({ regex, text, negated }: Kind<"match">, compiler: ClosureCompiler): ValueClosure {
  const subject = compiler.text(text);
  const [found, missing] = negated ? [0n, 1n] : [1n, 0n];
  return (frame) => {
    const value = subject(frame);
    if (!matches(regex.automaton, value)) return missing;
    frame.execution.lastMatch = { text: value, regex, groups: null };
    return found;
  };
}

export function compileMatched({ group, span }: Kind<"matched">, compiler: ClosureCompiler): ValueClosure {
  const number = compiler.long(group);
  return (frame) => {
    const last = frame.execution.lastMatch;
    if (!last) throw new ScriptError("no match has succeeded yet", span);
    last.groups ??= findGroups(last.regex.machine, last.text);
    const index = number(frame);
    const range = last.groups?.[Number(index)];
    if (range === undefined) throw new ScriptError(`the pattern has no group ${index}`, span);
    return range === null ? "" : last.text.slice(...range);
  };
}

export function compileGroupCount(): ValueClosure {
  // The whole match counts as one.
  return (frame) => BigInt((frame.execution.lastMatch?.regex.machine.groups ?? -1) + 1);
}
