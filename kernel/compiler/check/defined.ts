/** `@defined(…)` and its kin: answered while checking, so that what is not there is not looked at. */
import type * as ast from "../syntax/ast.js";
import type { TypeReference } from "../types/data_type.js";
import { findMember, pointerTo, resolveType, sizeOf } from "../types/layout.js";
import type { Body, Checked } from "./body.js";
import { lookUpVariable, ownVariable } from "./casts.js";
import { containerOf, elementOf } from "./data_access.js";
import { lookUpEnumerator } from "./enumerations.js";
import { typed } from "./expressions.js";
import type { Expression } from "./program.js";
import { lookUpType } from "./written_types.js";

/** What a condition made of `@defined` comes to; null where it depends on more than that. */
export function definedness(body: Body, node: ast.Expression): boolean | null {
  switch (node.kind) {
    case "at":
      return node.name === "defined" && node.arguments.length === 1 ? isDefined(body, node.arguments[0]!) : null;
    case "unary": {
      const operand = node.operator === "!" ? definedness(body, node.operand) : null;
      return operand === null ? null : !operand;
    }
    case "binary": {
      if (node.operator !== "&&" && node.operator !== "||") return null;
      const left = definedness(body, node.left);
      if (left === null) return null;
      const isDecided = node.operator === "&&" ? !left : left;
      return isDecided ? left : definedness(body, node.right);
    }
    default:
      return null;
  }
}

/** The type that is reached; `number` where there is a number without one, null where there is nothing. */
type Reached = TypeReference | "number" | null;

function isDefined(body: Body, node: ast.Expression): boolean {
  return reach(body, node) !== null;
}

/** Looks where an expression leads, as far as types are known by now, and complains of nothing. */
function reach(body: Body, node: ast.Expression): Reached {
  switch (node.kind) {
    case "target": {
      const variable = body.frame.variables.get(node.name) ?? body.frame.entries?.variables.get(node.name);
      if (variable) return variable.unreadable === undefined ? (variable.data ?? "number") : null;
      const place = ownVariable(body, node);
      return place && !("complaint" in place) ? (place.data.reference ?? "number") : null;
    }
    case "name": {
      const data = body.findGlobal(node)?.data ?? body.frame.find(node.name, node.span).data;
      return data.reference ?? "number";
    }
    case "call": {
      const callee = body.context.functions.find(node.name, node.arguments.length, body.unit);
      if (!callee) return null;
      return (callee.kind === "script" ? callee.symbol.returnsData.reference : null) ?? "number";
    }
    case "at":
      return reachOperation(body, node);
    case "member": {
      const base = reach(body, node.base);
      if (base === null || base === "number") return null;
      if (node.access.kind === "member") return memberType(base, node.access.name);
      const element = elementOf(base) ?? (node.base.kind === "at" ? base : null);
      return element && sizeOf(element) > 0 ? element : null;
    }
    case "address": {
      const place = reach(body, node.operand);
      return place === null || place === "number" ? place : pointerTo(place);
    }
    case "pretty":
      return reach(body, node.operand);
    default:
      return "number";
  }
}

function memberType(type: TypeReference | "number", name: string): Reached {
  const container = type === "number" ? null : containerOf(type);
  return (container && findMember(container, name)?.reference) ?? null;
}

function reachOperation(body: Body, node: ast.AtOperation): Reached {
  const [first, second, third] = node.arguments;
  const literal = (argument: ast.Expression | undefined): string | null =>
    argument?.kind === "string" ? argument.value : null;
  switch (node.name) {
    case "cast":
      return second ? typeNamed(body, second, third) : null;
    case "var": {
      const name = literal(first);
      const place = name === null ? null : lookUpVariable(body, name, literal(second), node.span);
      return place && !("complaint" in place) ? (place.data.reference ?? "number") : null;
    }
    case "enum": {
      const name = literal(first);
      return name === null ? null : (lookUpEnumerator(body, name, literal(second))?.reference ?? null);
    }
    default:
      return "number";
  }
}

function typeNamed(body: Body, type: ast.Expression, module: ast.Expression | undefined): TypeReference | null {
  if (type.kind !== "string" || (module && module.kind !== "string")) return null;
  const found = lookUpType(body, type.value, module?.kind === "string" ? module.value : null);
  return found && (resolveType(found.reference).kind === "other" ? null : found.reference);
}

/** The number that stands for the answer. */
export function evaluateDefined(node: ast.Expression, answer: boolean): Checked {
  const { span } = node;
  return typed(node, "long", (): Expression => ({ kind: "number", type: "long", span, value: answer ? 1n : 0n }));
}
