/**
 * `@entry(…)` in the probe on a return: what an expression came to when the function was entered. A handler of its own at the entry
 * keeps the values, by thread and by how deep the calls of one thread are nested; the handler at the return takes them out. A
 * return without an entry (the probe came in mid-call) is passed over.
 */
import type { ContextVariable, KernelProbe, ResolvedProbe } from "../catalogue.js";
import type { Span } from "../source.js";
import type * as ast from "../syntax/ast.js";
import { Body, type Checked, type CheckContext } from "./body.js";
import { checkValue } from "./expressions.js";
import { GlobalSymbol } from "./globals.js";
import * as messages from "./messages.js";
import type { Expression, Handler, Statement, Target } from "./program.js";
import { Frame, valueType, type LocalSymbol } from "./scope.js";
import { TypeVariable } from "./types.js";

/** Calls that may be going on at once, of all threads together. */
const MOST_CALLS = 16_384;

interface EntryValue {
  /** As written, so that the same expression is kept once. */
  readonly text: string;
  readonly checked: Checked;
  /** Where it is kept, by thread and depth. */
  readonly kept: GlobalSymbol;
  /** What the handler at the return reads. */
  readonly local: LocalSymbol;
}

export class EntryValues {
  readonly #context: CheckContext;
  readonly #probe: KernelProbe;
  readonly #body: Body;
  readonly #values: EntryValue[] = [];
  readonly #span: Span;
  readonly #depths: GlobalSymbol;
  #isOpen = false;

  /** Null where the probe is on no return. */
  static of(context: CheckContext, probe: ResolvedProbe, point: string, span: Span): EntryValues | null {
    return probe.kind === "kernel" && probe.entry ? new EntryValues(context, probe.entry, point, span) : null;
  }

  private constructor(context: CheckContext, probe: KernelProbe, point: string, span: Span) {
    this.#context = context;
    this.#probe = probe;
    this.#span = span;
    this.#body = new Body(context, "handler", null, new Frame(probe.variables, null, this, probe.program ?? null));
    this.#depths = hiddenArray(`entry.${span.source.name}.${span.start}.${point}`, span);
    for (const key of this.#depths.useAsArray(1, span, context.diagnostics) ?? []) key.join(number(span));
    this.#depths.value.join(number(span));
  }

  get isUsed(): boolean {
    return this.#values.length > 0;
  }

  /** Variables that the entry has. */
  get variables(): ReadonlyMap<string, ContextVariable> {
    return this.#probe.variables;
  }

  /** The expression's value at the entry, for the handler that `body` is part of. */
  check(body: Body, node: ast.Expression): Checked {
    const { span } = node;
    const text = span.source.text.slice(span.start, span.end);
    if (this.#isOpen) return body.refuse(span, messages.entryInEntry());
    let value = this.#values.find((other) => other.text === text);
    if (!value) {
      this.#isOpen = true;
      const checked = checkValue(this.#body.inUnit(body.unit), node);
      this.#isOpen = false;
      const kept = hiddenArray(`${this.#depths.key}.${this.#values.length}`, span);
      for (const key of kept.useAsArray(2, span, this.#context.diagnostics) ?? []) key.join(number(span));
      const reason = { span, subject: messages.describe(node), reason: () => messages.valueNeeded() };
      const local = body.frame.declareHidden(text, span);
      this.#context.inference.unify(checked.type, kept.value, reason);
      this.#context.inference.unify(local.type, kept.value, reason);
      for (const usage of [body.usage, this.#body.usage]) {
        usage.global(kept, "read", span);
        usage.global(kept, "write", span);
        usage.global(this.#depths, "read", span);
        usage.global(this.#depths, "write", span);
      }
      value = { text, checked, kept, local };
      this.#values.push(value);
    }
    const { checked, local } = value;
    return { ...checked, span, result: "value", build: () => localValue(local, span) };
  }

  /** What the handler at the return starts with. */
  statementsAtReturn(frame: Frame): readonly (() => Statement)[] {
    if (!this.isUsed) return [];
    const span = this.#span;
    const thread = this.#hidden(frame, "thread");
    const depth = this.#hidden(frame, "depth");
    const isThere = this.#hidden(frame, "isThere");
    const last = this.#values.at(-1);
    const key = (): Expression[] => [localValue(thread, span), localValue(depth, span)];
    const depths = (): Target => element(this.#depths, [localValue(thread, span)], span);
    const skip = (local: LocalSymbol): Statement => ({
      kind: "if",
      condition: { kind: "unary", type: "long", span, operator: "!", operand: localValue(local, span) },
      then: { kind: "next", span },
      otherwise: null,
      span,
    });
    return [
      () => assign(localValue(thread, span), this.#thread(), span),
      () => assign(localValue(depth, span), depths(), span),
      () => skip(depth),
      () =>
        assign(
          localValue(isThere, span),
          { kind: "membership", type: "long", span, global: last!.kept.variable, key: key() },
          span,
        ),
      ...this.#values.flatMap(({ kept, local }) => [
        () => assign(localValue(local, span), element(kept, key(), span), span),
        (): Statement => ({ kind: "delete", global: kept.variable, key: key(), span }),
      ]),
      () => ({
        kind: "if",
        condition: compare(localValue(depth, span), 1n, span),
        then: { kind: "delete", global: this.#depths.variable, key: [localValue(thread, span)], span },
        otherwise: evaluate({ kind: "increment", type: "long", span, target: depths(), delta: -1, prefix: true }, span),
        span,
      }),
      () => skip(isThere),
    ];
  }

  /** The handler at the entry. */
  handler(point: string): {
    probe: ResolvedProbe;
    point: string;
    usage: Body["usage"];
    frame: Frame;
    build: () => Handler;
  } {
    const { frame, usage } = this.#body;
    const span = this.#span;
    const thread = this.#hidden(frame, "thread");
    const depth = this.#hidden(frame, "depth");
    const build = (): Handler => {
      const locals = frame.layOut();
      const deeper: Expression = {
        kind: "increment",
        type: "long",
        span,
        target: element(this.#depths, [localValue(thread, span)], span),
        delta: 1,
        prefix: true,
      };
      const statements = [
        assign(localValue(thread, span), this.#thread(), span),
        assign(localValue(depth, span), deeper, span),
        ...this.#values.map(({ kept, checked }) =>
          assign(
            element(kept, [localValue(thread, span), localValue(depth, span)], span),
            checked.build(),
            checked.span,
          ),
        ),
      ];
      return {
        probe: this.#probe,
        point,
        condition: null,
        locals,
        body: { kind: "block", statements, span },
        span,
        isStatements: false,
        isEntry: true,
      };
    };
    return { probe: this.#probe, point, usage, frame, build };
  }

  #hidden(frame: Frame, name: string): LocalSymbol {
    const symbol = frame.declareHidden(name, this.#span);
    symbol.type.join(number(this.#span));
    return symbol;
  }

  /** `tid()` */
  #thread(): Expression {
    const definition = this.#context.catalogue.functions.find(({ name }) => name === "tid");
    if (!definition) throw new Error("the catalogue has no function tid");
    return { kind: "tapset", type: "long", span: this.#span, function: definition, arguments: [], isVoid: false };
  }
}

/** As the tapset's own: no name in a script stands for it, and it is never shown. */
function hiddenArray(key: string, span: Span): GlobalSymbol {
  const declaration = { name: key, span, size: MOST_CALLS, wrap: false, initial: null } as const;
  return GlobalSymbol.declare(declaration, key, true);
}

function number(span: Span): TypeVariable {
  return new TypeVariable("long", { span });
}

function localValue(symbol: LocalSymbol, span: Span): Target {
  const { local } = symbol;
  return { kind: "local", type: local.type, span, local };
}

function element(symbol: GlobalSymbol, key: readonly Expression[], span: Span): Target {
  return { kind: "element", type: valueType(symbol.value.state), span, global: symbol.variable, key };
}

function compare(left: Expression, right: bigint, span: Span): Expression {
  const number: Expression = { kind: "number", type: "long", span, value: right };
  return { kind: "compare", type: "long", span, operator: "==", left, right: number };
}

function assign(target: Target, value: Expression, span: Span): Statement {
  return evaluate({ kind: "assign", type: target.type, span, target, operator: null, operatorSpan: span, value }, span);
}

function evaluate(expression: Expression, span: Span): Statement {
  return { kind: "expression", expression, span };
}
