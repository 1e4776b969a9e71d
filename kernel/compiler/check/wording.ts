/** Words for types and places, and the reasons that a complaint about a type may give. */
import type { Span } from "../source.js";
import type { Expression } from "../syntax/ast.js";
import type { GlobalType, ValueType } from "./program.js";
import type { KnownType } from "./types.js";

/** The text of an expression as it was written. */
export function sourceText({ span }: { readonly span: Span }): string {
  return span.source.text.slice(span.start, span.end);
}

/** An expression as the subject of a sentence: itself where it is short. */
export function describe(node: Expression): string {
  const text = sourceText(node);
  return text.length > 0 && text.length <= 30 && !text.includes("\n") ? describeName(text) : "this";
}

export function describeName(name: string): string {
  return `\`${name}\``;
}

/** What may be known of a type, `value` being a number or a string. */
export type Kind = KnownType | "value";

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  long: "a number",
  string: "a string",
  statistic: "a statistic",
  value: "a number or a string",
};

const KIND_PLURALS: Readonly<Record<Kind, string>> = {
  long: "numbers",
  string: "strings",
  statistic: "statistics",
  value: "numbers or strings",
};

/** A global's type in the words of lists and tables: `array of long by string`. */
export function globalTypeText(type: GlobalType): string {
  switch (type.kind) {
    case "scalar":
      return type.value;
    case "statistic":
      return "statistic";
    case "array":
      return `array of ${type.value} by ${type.keys.join(", ")}`;
  }
}

function describeType(type: GlobalType): string {
  if (type.kind === "statistic") return KIND_NAMES.statistic;
  if (type.kind === "scalar") return KIND_NAMES[type.value];
  return `an array of ${KIND_PLURALS[type.value]} by ${type.keys.map((key) => KIND_NAMES[key]).join(" and ")}`;
}

// Who asks for a type, and why.

export const learntHere = (type: Kind): string => `this made it ${KIND_NAMES[type]}`;
export const needs = (user: string, wanted: Kind): string => `${user} needs ${KIND_NAMES[wanted]}`;
export const comparedWith = (other: string, wanted: Kind): string =>
  `it is compared with ${other}, ${KIND_NAMES[wanted]}`;
export const otherBranch = (other: string, wanted: Kind): string =>
  `the other branch, ${other}, is ${KIND_NAMES[wanted]}`;
export const holds = (name: string, wanted: Kind): string => `${name} holds ${KIND_NAMES[wanted]}`;
export const valueNeeded = (): string => "a number or a string is needed here";
export const assignedValue = (): string => "`=` assigns a number or a string";
export const caughtMessage = (): string => "`catch` gives it the message, a string";
export const bucketsAreNumbers = (): string => "the buckets of a histogram are numbers";
export const parameterIs = (callee: string, parameter: string, wanted: Kind): string =>
  `\`${parameter}\` of \`${callee}\` is ${KIND_NAMES[wanted]}`;
export const functionReturns = (name: string, wanted: Kind): string => `\`${name}\` returns ${KIND_NAMES[wanted]}`;
export const valuesAre = (array: string, wanted: Kind): string =>
  `the values of \`${array}\` are ${KIND_PLURALS[wanted]}`;
export const keyIs = (array: string, column: number, count: number, wanted: Kind): string =>
  count === 1
    ? `the keys of \`${array}\` are ${KIND_PLURALS[wanted]}`
    : `key ${column + 1} of \`${array}\` is ${KIND_NAMES[wanted]}`;
export const sortNeedsStatistics = (extractor: string): string => `sorting by @${extractor} needs statistics`;
export const directiveNeeds = (directive: string, wanted: Kind): string =>
  `\`${directive}\` prints ${KIND_NAMES[wanted]}`;
export const contextVariableType = (name: string, type: ValueType): string =>
  `the probe point brings \`${name}\`, ${KIND_NAMES[type]}`;

// Where a type comes from, and what to do about it.

export const directiveHint = (wanted: ValueType): string =>
  wanted === "string" ? "Print a number with `%d`." : "Print a string with `%s`.";
export const recordHint = (name: string): string => `Record a number in ${name} with \`<<<\`.`;
export const statisticHint = (): string =>
  "Record numbers with `<<<` in a global of its own; one name cannot hold both.";
export const statisticValueHint = (): string => "Read statistics inside the loop by their key.";

export const settledEarlier = (
  name: string,
  at: { readonly source: string; readonly line: number; readonly isDeclaration: boolean },
  type: GlobalType | null,
): string => {
  const place = `${at.source}, line ${at.line}`;
  if (at.isDeclaration) return `${place} declared \`${name}\`${type ? `, ${describeType(type)}` : ""}`;
  return `${place} made \`${name}\` ${type ? describeType(type) : "what it is"}`;
};

export const shapeLearntHere = (name: string, kind: "scalar" | "array"): string =>
  kind === "array" ? `this made \`${name}\` an array` : `this made \`${name}\` a variable without keys`;
