/** Calls: of functions in the script, of the tapset's, and of the printing functions that are part of the language. */
import type { TapsetFunction } from "../catalogue.js";
import type * as ast from "../syntax/ast.js";
import { DataVariable } from "./data_flow.js";
import { functionNeedsGuru } from "./data_messages.js";
import { lookUpType } from "./written_types.js";
import { ensureChecked } from "./bodies.js";
import type { Body, Checked } from "./body.js";
import { checkTyped, checkValue, typed } from "./expressions.js";
import type { FunctionSymbol } from "./functions.js";
import * as messages from "./messages.js";
import { checkPrint, isPrintFunction, PRINT_FUNCTIONS } from "./printing.js";
import { checkMatched } from "./regex.js";
import { TypeVariable } from "./types.js";

export function checkCall(body: Body, node: ast.CallExpression): Checked {
  if (body.kind === "condition") return body.refuse(node.span, messages.callInCondition(node.name));
  if (isPrintFunction(node.name)) return checkPrint(body, node, node.name);
  const count = node.arguments.length;
  const callee = body.context.functions.find(node.name, count, body.unit);
  if (callee?.kind === "script") return callFunction(body, node, callee.symbol);
  if (callee) return callTapset(body, node, callee.definition);
  const matched = checkMatched(body, node);
  if (matched) return matched;
  // Of what is not there, nothing tells what it takes: a statistic may be right.
  for (const argument of node.arguments) if (!isGlobalName(body, argument)) checkValue(body, argument);
  const arities = body.context.functions.arities(node.name, body.unit);
  if (arities.length > 0) return body.refuse(node.span, messages.wrongArgumentCount(node.name, arities, count));
  const names = [...PRINT_FUNCTIONS, ...body.context.functions.names()];
  return body.refuse(node.nameSpan, messages.noSuchFunction(node.name, names, isVariable(body, node)));
}

function isGlobalName(body: Body, node: ast.Expression): boolean {
  const global = node.kind === "name" ? body.findGlobal(node) : null;
  if (global) body.access(global, "read", node.span);
  return global !== null;
}

function isVariable(body: Body, { name, nameSpan }: ast.CallExpression): boolean {
  return body.frame.assignedNames().includes(name) || body.findGlobal({ name, span: nameSpan }) !== null;
}

function callFunction(body: Body, node: ast.CallExpression, symbol: FunctionSymbol): Checked {
  const { span } = node;
  body.call(symbol, span);
  ensureChecked(body.context, symbol, body.absoluteDepth);
  const values = node.arguments.map((argument, index) => {
    const value = checkValue(body, argument);
    body.context.inference.unify(value.type, symbol.parameters[index]!.type, {
      span: argument.span,
      subject: messages.describe(argument),
      reason: (wanted) => messages.parameterIs(symbol.name, symbol.parameters[index]!.name, wanted),
    });
    value.data?.flowInto(symbol.parameters[index]!.data);
    return value;
  });
  return {
    type: symbol.returns,
    span,
    result: symbol,
    data: symbol.returnsData,
    build: () => ({
      kind: "call",
      type: symbol.returnType ?? "long",
      span,
      function: symbol.built,
      arguments: values.map((value) => value.build()),
      isVoid: symbol.returnType === null,
    }),
  };
}

function callTapset(body: Body, node: ast.CallExpression, definition: TapsetFunction): Checked {
  const { span } = node;
  if (definition.needsGuru && !body.context.isGuru) return body.refuse(node.nameSpan, functionNeedsGuru(node.name));
  body.usage.tapsetFunction(definition, span);
  const values = definition.parameters.map((parameter, index) =>
    checkTyped(body, node.arguments[index]!, parameter.type, `\`${parameter.name}\` of \`${definition.name}\``),
  );
  const { returns } = definition;
  const named = definition.data === undefined ? null : lookUpType(body, definition.data, null);
  return {
    ...(named && { data: new DataVariable(named.reference) }),
    type: returns === null ? TypeVariable.error() : new TypeVariable(returns, { span }),
    span,
    result: returns === null ? "nothing" : "value",
    build: () => ({
      kind: "tapset",
      type: returns ?? "long",
      span,
      function: definition,
      arguments: values.map((value) => value.build()),
      isVoid: returns === null,
    }),
  };
}

/** An operation of the language as the call of a function that is made for it: of no parameters, giving a number. */
export function callReader(body: Body, node: ast.AtOperation, reader: TapsetFunction): Checked {
  const { span } = node;
  body.usage.tapsetFunction(reader, span);
  return typed(node, "long", () => ({
    kind: "tapset",
    type: "long",
    span,
    function: reader,
    arguments: [],
    isVoid: false,
  }));
}

/** Whether an expression that stands alone has a value to show; known once all functions are checked. */
export function hasValue(checked: Checked): boolean {
  if (typeof checked.result === "string") return checked.result === "value";
  return checked.result.returns.state !== null;
}
