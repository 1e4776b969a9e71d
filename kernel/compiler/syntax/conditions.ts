/** What `%( … %?` tests: comparisons joined by `&&` and `||`, without parentheses. */
import type { Complaints } from "./complaints.js";
import { compareVersions, matchesWildcard } from "./versions.js";
import * as messages from "./messages.js";
import type { Complaint } from "./messages.js";
import { describeToken, type Token } from "./token.js";

/** What the preprocessor knows of the target, under the names that scripts use. */
export interface Conditions {
  /** The kernel's version without what a distribution adds: `6.1.0`. */
  readonly kernel_v: string;
  /** The whole release: `6.1.0-18-amd64`. */
  readonly kernel_vr: string;
  readonly arch: string;
  readonly runtime: string;
  readonly systemtap_v: string;
  readonly systemtap_privilege: string;
  readonly guru_mode: boolean;
  /** The value of `CONFIG_…`; undefined where it is not set, which compares as `n`. */
  config(name: string): string | undefined;
}

/** The left side of a comparison. Versions are ordered and may be matched by wildcards, texts are only matched. */
type Subject =
  | { readonly kind: "version" | "pattern" | "exact"; readonly value: string }
  | { readonly kind: "number"; readonly value: bigint };

const OPERATORS: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">="]);

/** Whether the condition holds; null where it is malformed, which is reported. `end` is the token after it. */
export function evaluateCondition(
  tokens: readonly Token[],
  end: Token,
  conditions: Conditions,
  complaints: Complaints,
): boolean | null {
  let any = false;
  let all = true;
  for (let position = 0; ; position += 4) {
    const [left = end, operator = end, right = end, joint = end] = tokens.slice(position, position + 4);
    const outcome = evaluateComparison(left, operator, right, conditions);
    if (typeof outcome !== "boolean") {
      complaints.report(outcome.token.span, outcome.complaint);
      return null;
    }
    all &&= outcome;
    if (joint === end) return any || all;
    if (joint.text === "||") {
      any ||= all;
      all = true;
    } else if (joint.text !== "&&") {
      complaints.report(joint.span, messages.malformedCondition("`&&`, `||` or `%?`", describeToken(joint)));
      return null;
    }
  }
}

function evaluateComparison(
  left: Token,
  operator: Token,
  right: Token,
  conditions: Conditions,
): boolean | { readonly token: Token; readonly complaint: Complaint } {
  const subject = subjectOf(left, conditions);
  if (subject === null) {
    const isName = left.kind === "name";
    const expected = messages.malformedCondition("something to test", describeToken(left));
    return { token: left, complaint: isName ? messages.unknownCondition(left.text) : expected };
  }
  if (!OPERATORS.has(operator.text)) {
    return { token: operator, complaint: messages.malformedCondition("a comparison", describeToken(operator)) };
  }
  const result = compare(left, subject, operator.text, right);
  return typeof result === "boolean" ? result : { token: right, complaint: result };
}

function subjectOf(token: Token, conditions: Conditions): Subject | null {
  if (token.kind === "number") return { kind: "number", value: token.value };
  if (token.kind === "string") return { kind: "exact", value: token.value };
  if (token.kind !== "name") return null;
  switch (token.text) {
    case "kernel_v":
    case "kernel_vr":
    case "systemtap_v":
      return { kind: "version", value: conditions[token.text] };
    case "arch":
    case "runtime":
      return { kind: "pattern", value: conditions[token.text] };
    case "systemtap_privilege":
      return { kind: "exact", value: conditions.systemtap_privilege };
    case "guru_mode":
      return { kind: "number", value: conditions.guru_mode ? 1n : 0n };
    default:
      return token.text.startsWith("CONFIG_") ? { kind: "pattern", value: conditions.config(token.text) ?? "n" } : null;
  }
}

function compare(left: Token, subject: Subject, operator: string, right: Token): boolean | Complaint {
  const name = left.kind === "name" ? `\`${left.text}\`` : describeToken(left);
  if (subject.kind === "number") {
    if (right.kind !== "number") return messages.conditionType(name, "a number");
    return holds(operator, subject.value < right.value ? -1 : subject.value > right.value ? 1 : 0);
  }
  if (right.kind !== "string") return messages.conditionType(name, "a string");
  const equality = operator === "==" || operator === "!=";
  const hasWildcard = /[*?[]/.test(right.value);
  if (subject.kind !== "exact" && equality && hasWildcard) {
    return matchesWildcard(subject.value, right.value) === (operator === "==");
  }
  if (subject.kind === "version") {
    if (hasWildcard) return messages.conditionOperator(`${name} with a wildcard`, operator);
    return holds(operator, compareVersions(subject.value, right.value));
  }
  if (subject.kind === "pattern" && !equality) return messages.conditionOperator(name, operator);
  return holds(operator, subject.value < right.value ? -1 : subject.value > right.value ? 1 : 0);
}

function holds(operator: string, order: number): boolean {
  switch (operator) {
    case "==":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    default:
      return order >= 0;
  }
}
