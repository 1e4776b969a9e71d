/** Statements, except loops. Each is checked at once and built when all types are known. */
import type * as ast from "../syntax/ast.js";
import { assignName } from "./assignments.js";
import { unbuildable, type Body } from "./body.js";
import type { DataVariable } from "./data_flow.js";
import { definedness } from "./defined.js";
import { doubtCondition, doubtStatement } from "./doubts.js";
import { checkKey, findArray } from "./elements.js";
import { checkExpression, checkNumber, checkValue } from "./expressions.js";
import { checkFor, checkForeach, checkWhile } from "./loops.js";
import * as messages from "./messages.js";
import type { Local, Statement } from "./program.js";
import type { TypeVariable } from "./types.js";

/** Makes the statement's typed tree. */
export type BuildStatement = () => Statement;

export function checkStatement(body: Body, node: ast.Statement): BuildStatement {
  return body.deeper(node.span, () => dispatch(body, node)) ?? (() => unbuildable(node.span));
}

function dispatch(body: Body, node: ast.Statement): BuildStatement {
  const { span } = node;
  switch (node.kind) {
    case "block":
      return checkBlock(body, node);
    case "empty":
      return () => ({ kind: "block", statements: [], span });
    case "expression": {
      doubtStatement(body, node.expression);
      const expression = checkExpression(body, node.expression, false);
      return () => ({ kind: "expression", expression: expression.build(), span });
    }
    case "if":
      return checkIf(body, node);
    case "while":
      return checkWhile(body, node);
    case "for":
      return checkFor(body, node);
    case "foreach":
      return checkForeach(body, node);
    case "delete":
      return checkDelete(body, node);
    case "break":
    case "continue":
    case "next":
      return checkJump(body, node);
    case "return":
      return checkReturn(body, node);
    case "try":
      return checkTry(body, node);
    case "embedded":
      body.report(span, messages.embeddedCode(node.code));
      return () => unbuildable(span);
  }
}

export function checkBlock(body: Body, node: ast.Block): BuildStatement {
  const statements = node.statements.map((statement) => checkStatement(body, statement));
  return () => ({ kind: "block", statements: statements.map((build) => build()), span: node.span });
}

function checkIf(body: Body, node: ast.IfStatement): BuildStatement {
  const { span } = node;
  const decided = definedness(body, node.condition);
  if (decided !== null) {
    const taken = decided ? node.then : node.otherwise;
    return taken ? checkStatement(body, taken) : () => ({ kind: "block", statements: [], span });
  }
  doubtCondition(body, node.condition);
  const condition = checkNumber(body, node.condition, "`if`");
  const then = checkStatement(body, node.then);
  const otherwise = node.otherwise && checkStatement(body, node.otherwise);
  return () => ({ kind: "if", condition: condition.build(), then: then(), otherwise: otherwise && otherwise(), span });
}

function checkDelete(body: Body, node: ast.DeleteStatement): BuildStatement {
  const { span } = node;
  const global = body.findGlobal(node.name);
  if (!global) {
    if (node.key) findArray(body, node.name);
    else body.report(node.name.span, messages.deleteOfLocal(node.name.name, body.context.globals.user.keys()));
    return () => unbuildable(span);
  }
  // Emptying the whole of a global tells nothing of its type, and does nothing to one that has none yet.
  body.usage.global(global, "write", node.key && span);
  body.forbidWrite(global, span);
  const key = node.key && checkKey(body, global, node.key, span);
  return () =>
    global.variableOrNull
      ? { kind: "delete", global: global.variable, key: key && key.map((part) => part && part.build()), span }
      : { kind: "block", statements: [], span };
}

function checkJump(body: Body, node: ast.JumpStatement): BuildStatement {
  const { kind, span } = node;
  if (kind === "next") {
    if (body.owner) body.owner.fallsThrough = true;
  } else if (body.loopDepth === 0) body.report(span, messages.jumpOutsideLoop(kind));
  return () => ({ kind, span });
}

function checkReturn(body: Body, node: ast.ReturnStatement): BuildStatement {
  const { span } = node;
  const { owner } = body;
  const value = node.value && checkValue(body, node.value);
  if (!owner) body.report(span, messages.returnOutsideFunction());
  else if (value && node.value) {
    body.context.inference.requireValue(value.type, {
      span: node.value.span,
      subject: messages.describe(node.value),
      reason: () => messages.valueNeeded(),
    });
    body.context.inference.unify(value.type, owner.returns, {
      span: node.value.span,
      subject: messages.describe(node.value),
      reason: (wanted) => messages.functionReturns(owner.name, wanted),
    });
    value.data?.flowInto(owner.returnsData);
  }
  return () => ({ kind: "return", value: value && value.build(), span });
}

function checkTry(body: Body, node: ast.TryStatement): BuildStatement {
  const { span, variable } = node;
  const attempt = checkBlock(body, node.body);
  const caught = variable && bindName(body, variable);
  if (caught && variable) {
    body.context.inference.require(caught.type, "string", {
      span: variable.span,
      subject: messages.describe(variable),
      reason: () => messages.caughtMessage(),
    });
  }
  const handler = checkBlock(body, node.handler);
  return () => ({
    kind: "try",
    body: attempt(),
    variable: caught && caught.local(),
    handler: caught ? caught.inside(handler) : handler(),
    span,
  });
}

/** A name that a statement itself gives values to. */
export interface BoundName {
  readonly type: TypeVariable;
  readonly data: DataVariable;
  readonly local: () => Local;
  /** The statement's body; where the name is a global's, the global gets the value first. */
  readonly inside: (build: BuildStatement) => Statement;
}

/** Binds a loop variable or a caught message; null after a complaint. */
export function bindName(body: Body, node: ast.Identifier): BoundName | null {
  const { span, name } = node;
  const target = assignName(body, node, false);
  if (!target) return null;
  if (!body.findGlobal(node)) {
    const symbol = body.frame.assign(name, span);
    return { type: symbol.type, data: symbol.data, local: () => symbol.local, inside: (build) => build() };
  }
  const hidden = body.frame.declareHidden(name, span);
  hidden.type.join(target.type);
  hidden.data.flowInto(target.data);
  const inside = (build: BuildStatement): Statement => {
    const { local } = hidden;
    const value = { kind: "local", type: local.type, span, local } as const;
    const expression = {
      kind: "assign",
      type: local.type,
      span,
      target: target.build(),
      operator: null,
      operatorSpan: span,
      value,
    } as const;
    const rest = build();
    return { kind: "block", statements: [{ kind: "expression", expression, span }, rest], span: rest.span };
  };
  return { type: hidden.type, data: hidden.data, local: () => hidden.local, inside };
}
