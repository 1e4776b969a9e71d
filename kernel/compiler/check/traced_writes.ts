/** `$x = value`, `$p->member += 2` and their kin: a guru's changes to the variables of a program that is traced. */
import type { ContextVariable } from "../catalogue.js";
import type * as ast from "../syntax/ast.js";
import { resolveType } from "../types/layout.js";
import { wrong, type Body, type Checked } from "./body.js";
import { checkObject, ownVariable } from "./casts.js";
import { isType, memberPlace, numberBytes, type Place } from "./data_access.js";
import { DataVariable } from "./data_flow.js";
import * as complaints from "./data_messages.js";
import { checkNumber, checkValue, typed } from "./expressions.js";
import * as messages from "./messages.js";
import { noSuchVariable } from "./targets.js";
import type { Expression } from "./program.js";

type Change = Pick<Extract<Expression, { kind: "writeMemory" }>, "operator" | "operatorSpan" | "gives">;

/** Whether what is assigned to belongs to what is traced, and is none of the script's variables. */
export function isTraced(body: Body, target: ast.Expression): boolean {
  if (target.kind === "target") return !body.frame.variables.get(target.name)?.isAssignable;
  return target.kind === "member" || target.kind === "at";
}

/** `value` null: by one. */
export function checkTracedWrite(
  body: Body,
  node: ast.AssignmentExpression | ast.IncrementExpression,
  value: ast.Expression | null,
  change: Change,
): Checked {
  const { span, target } = node;
  const text = messages.sourceText(target);
  // What cannot be written to asks for no type of what is written.
  const refuse = (complaint: messages.Complaint): Checked => {
    if (value) checkValue(body, value);
    return body.refuse(target.span, complaint);
  };
  if (body.kind === "condition") return refuse(messages.assignmentInCondition());
  if (!body.context.isGuru) return refuse(complaints.writeNeedsGuru(text));
  const place = placeOf(body, target);
  if (!place) {
    if (value) checkValue(body, value);
    return wrong(span);
  }
  const refusal = body.context.target.refusal({ kind: "write_user" });
  if (refusal !== null) return refuse(complaints.writeRefused(text, refusal));
  const built = value && checkNumber(body, value, `\`${node.operator}\``);
  body.usage.memory ??= span;
  place.data.listen((state) => {
    if (!isType(state)) return;
    if ((state.types.space ?? "kernel") !== "user") body.report(target.span, complaints.writeToKernel(text));
    else if (place.value) body.report(target.span, complaints.notInMemory(text));
    else if (place.bits()) body.report(target.span, complaints.writeToBits(text));
    else if (numberBytes(state) === null) body.report(target.span, complaints.writeToAggregate(text, state));
  });
  return typed(node, "long", () => {
    const type = place.data.reference!;
    const one: Expression = { kind: "number", type: "long", span, value: 1n };
    return {
      kind: "writeMemory",
      type: "long",
      span,
      ...change,
      space: "user",
      address: place.address(),
      bytes: numberBytes(type)!,
      signed: resolveType(type).signed,
      value: built ? built.build() : one,
    };
  });
}

/** Null after a complaint. */
function placeOf(body: Body, target: ast.Expression): Place | null {
  const fail = (complaint: messages.Complaint): null => {
    body.report(target.span, complaint);
    return null;
  };
  if (target.kind === "member") return memberPlace(body, target);
  if (target.kind === "at") return checkObject(body, target) ?? fail(messages.notAssignable(messages.describe(target)));
  if (target.kind !== "target") return fail(messages.notAssignable(messages.describe(target)));
  const { frame } = body;
  const variable = frame.variables.get(target.name);
  if (variable) {
    if (variable.unreadable !== undefined) return fail(messages.outOfReach(target.name, variable.unreadable));
    return placeOfVariable(target, variable) ?? fail(complaints.notInMemory(target.name));
  }
  if (frame.entries?.variables.has(target.name)) return fail(complaints.notInMemory(target.name));
  const own = ownVariable(body, target);
  if (own && "complaint" in own) return fail(own.complaint);
  return own ?? fail(noSuchVariable(body, target.name));
}

function placeOfVariable({ span }: ast.TargetVariable, variable: ContextVariable): Place | null {
  const { address, data, name, summary } = variable;
  if (!address || !data) return null;
  const at = { name, type: "long", summary, kernel: address } as const;
  return {
    span,
    data: new DataVariable(data),
    address: () => ({ kind: "context", type: "long", span, variable: at }),
    bits: () => null,
  };
}
