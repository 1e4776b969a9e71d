/** `=~` and `!~`, and what they found: `matched(n)`, `ngroups()`. */
import { compileRegex } from "../regex/index.js";
import type * as ast from "../syntax/ast.js";
import { type Body, type Checked } from "./body.js";
import { checkNumber, checkTyped, checkValue, typed } from "./expressions.js";
import { byteSpan } from "./literal_spans.js";
import * as messages from "./messages.js";

export function checkMatch(body: Body, node: ast.MatchExpression): Checked {
  const text = checkTyped(body, node.text, "string", node.negated ? "`!~`" : "`=~`");
  const regex = compileRegex(node.pattern.value);
  if ("problem" in regex) {
    const { message, offset } = regex.problem;
    return body.refuse(
      byteSpan(node.pattern, offset, Math.min(offset + 1, node.pattern.value.length)),
      messages.badPattern(message),
    );
  }
  const { negated, span } = node;
  return typed(node, "long", () => ({ kind: "match", type: "long", span, negated, text: text.build(), regex }));
}

/** Null where the call is none of these. */
export function checkMatched(body: Body, node: ast.CallExpression): Checked | null {
  const { span } = node;
  const [group] = node.arguments;
  if (node.name === "matched" && group && node.arguments.length === 1) {
    const number = checkNumber(body, group, "`matched`");
    return typed(node, "string", () => ({ kind: "matched", type: "string", span, group: number.build() }));
  }
  if (node.name === "ngroups" && node.arguments.length === 0)
    return typed(node, "long", () => ({ kind: "groupCount", type: "long", span }));
  if (node.name !== "matched" && node.name !== "ngroups") return null;
  for (const argument of node.arguments) checkValue(body, argument);
  return body.refuse(
    span,
    messages.wrongArgumentCount(node.name, [node.name === "matched" ? 1 : 0], node.arguments.length),
  );
}
