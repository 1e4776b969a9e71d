/** Checks the bodies of functions, probes and bare statements as a whole. */
import type { ProbedProgram, ResolvedProbe } from "../catalogue.js";
import type * as ast from "../syntax/ast.js";
import { writtenNames } from "../syntax/written_names.js";
import { Body, unbuildable, type CheckContext } from "./body.js";
import { EntryValues } from "./entry_values.js";
import { checkNumber } from "./expressions.js";
import type { FunctionSymbol } from "./functions.js";
import * as messages from "./messages.js";
import type { ExpandedProbe } from "./points.js";
import type { Expression, Handler, Statement } from "./program.js";
import { Frame } from "./scope.js";
import { checkBlock, checkStatement, type BuildStatement } from "./statements.js";
import type { Usage } from "./usage.js";

/** Functions that are called deeper than this in the tree are checked later, lest the stack run out. */
const MAXIMUM_CALL_DEPTH = 300;

/** Checks a function when it is first called, so that a mistake shows at the call rather than in the function. */
export function ensureChecked(context: CheckContext, symbol: FunctionSymbol, depth = 0): void {
  if (symbol.isQueued) return;
  symbol.isQueued = true;
  if (depth > MAXIMUM_CALL_DEPTH) context.functions.waiting.push(symbol);
  else checkFunction(context, symbol, depth);
}

/** Checks functions that had to wait. */
export function checkWaiting(context: CheckContext): void {
  const { waiting } = context.functions;
  for (let symbol = waiting.shift(); symbol; symbol = waiting.shift()) checkFunction(context, symbol, 0);
}

function checkFunction(context: CheckContext, symbol: FunctionSymbol, depth: number): void {
  const { definition } = symbol;
  const body = new Body(context, "function", symbol.unit, symbol.frame, symbol.usage, symbol, depth);
  if (definition.body.kind === "embedded") {
    body.report(definition.body.span, messages.embeddedCode(definition.body.code));
    symbol.returns.poison();
    symbol.buildBody = () => unbuildable(definition.body.span);
    for (const parameter of symbol.parameters) parameter.type.poison();
    return;
  }
  symbol.frame.setText([definition.body]);
  symbol.buildBody = checkBlock(body, definition.body);
  const { following } = symbol;
  if (!following || !symbol.fallsThrough) return;
  // Candidates stand in for one another, so that their types are the same.
  symbol.usage.function(following, definition.nameSpan);
  ensureChecked(context, following, depth + 1);
  following.returnsData.flowInto(symbol.returnsData);
  symbol.parameters.forEach((parameter, index) => {
    parameter.data.flowInto(following.parameters[index]!.data);
    context.inference.unify(following.parameters[index]!.type, parameter.type, {
      span: following.definition.parameters[index]!.span,
      subject: messages.describeName(following.parameters[index]!.name),
      reason: (wanted) => messages.parameterIs(symbol.name, parameter.name, wanted),
    });
  });
  context.inference.unify(following.returns, symbol.returns, {
    span: following.definition.nameSpan,
    subject: messages.describeName(following.name),
    reason: (wanted) => messages.functionReturns(symbol.name, wanted),
  });
}

/** Where code runs, and what it uses there. */
export interface CheckedPlace {
  readonly probe: ResolvedProbe;
  readonly point: string;
  readonly usage: Usage;
  readonly frame: Frame;
}

/** A probe, checked and waiting to be built. */
export interface CheckedHandler extends CheckedPlace {
  readonly build: () => Handler;
}

export function checkHandler(
  context: CheckContext,
  expanded: ExpandedProbe,
  definition: ast.ProbeDefinition,
): CheckedHandler[] {
  const { probe, point } = expanded;
  const { span } = definition;
  const entries = EntryValues.of(context, probe, point, span);
  const frame = new Frame(probe.variables, writtenNames(definition.body), entries, programOf(probe));
  const body = new Body(context, "handler", null, frame);
  const around = [...expanded.prologues, ...expanded.epilogues].map(({ node }) => node);
  frame.setText([...around, definition.body]);
  const blocks = [
    ...expanded.prologues.map(({ node, unit }) => checkBlock(body.inUnit(unit), node)),
    checkBlock(body, definition.body),
    ...expanded.epilogues.map(({ node, unit }) => checkBlock(body.inUnit(unit), node)),
  ];
  const condition = checkConditions(context, expanded, body.usage);
  const isEntryUsed = entries?.isUsed ?? false;
  const atReturn = entries?.statementsAtReturn(frame) ?? [];
  const build = (): Handler => ({
    probe,
    point,
    // What the entry kept is taken out even while the probe is disarmed.
    condition: isEntryUsed ? null : condition(),
    locals: frame.layOut(),
    body: sequence(
      [
        ...atReturn.map((statement) => () => [statement()]),
        () => (isEntryUsed ? endUnless(condition()) : []),
        () => frame.initialisers(),
        ...blocks.map((block) => () => [block()]),
      ],
      span,
    ),
    span,
    isStatements: false,
  });
  const handler: CheckedHandler = { probe, point, usage: body.usage, frame, build };
  return entries && isEntryUsed ? [entries.handler(point), handler] : [handler];
}

function programOf(probe: ResolvedProbe): ProbedProgram | null {
  return (probe.kind === "kernel" && probe.program) || null;
}

function endUnless(condition: Expression | null): Statement[] {
  if (!condition) return [];
  const { span } = condition;
  const isFalse: Expression = { kind: "unary", type: "long", span, operator: "!", operand: condition };
  return [{ kind: "if", condition: isFalse, then: { kind: "next", span }, otherwise: null, span }];
}

function sequence(parts: readonly (() => Statement[])[], span: Statement["span"]): Statement {
  const statements = parts.flatMap((part) => part());
  const [only, second] = statements;
  return only && !second ? only : { kind: "block", statements, span };
}

function checkConditions(context: CheckContext, expanded: ExpandedProbe, usage: Usage): () => Expression | null {
  const conditions = expanded.conditions.map(({ node, unit }) =>
    checkNumber(new Body(context, "condition", unit, new Frame(new Map()), usage), node, "a probe's condition"),
  );
  return () =>
    conditions
      .map((condition) => condition.build())
      .reduce<Expression | null>(
        (left, right) =>
          left ? { kind: "logical", type: "long", span: right.span, operator: "&&", left, right } : right,
        null,
      );
}

/** The bare statements of a cell, in their order. */
export interface CheckedStatements {
  readonly body: Body;
  readonly statements: BuildStatement[];
}

export function checkBareStatements(
  context: CheckContext,
  nodes: readonly ast.Statement[],
  displayed: ast.Expression | null,
): CheckedStatements {
  const body = new Body(context, "statements", null, new Frame(new Map()));
  body.frame.setText(displayed ? [...nodes, displayed] : nodes);
  return { body, statements: nodes.map((node) => checkStatement(body, node)) };
}

/** They run at once, in user space. */
export function statementsPlace({ body }: CheckedStatements): CheckedPlace {
  return {
    probe: { kind: "user", moment: { kind: "statements" }, variables: new Map() },
    point: "cell",
    usage: body.usage,
    frame: body.frame,
  };
}

/** The handler that they form; null where there are none. */
export function buildBareStatements(checked: CheckedStatements, span: Statement["span"]): Handler | null {
  const { body, statements } = checked;
  const { probe, point } = statementsPlace(checked);
  if (statements.length === 0) return null;
  return {
    probe,
    point,
    condition: null,
    locals: body.frame.layOut(),
    body: { kind: "block", statements: statements.map((build) => build()), span },
    span,
    isStatements: true,
  };
}
