/**
 * A function's body cut up at calls that may come back to the function itself: what stands before such a call is done
 * and kept in locals, the call stands alone, and what is behind goes on from there. So a body can be left in the middle and
 * entered there again; what has no such call in it stays one piece.
 */
import type { Expression, Foreach, Local, Statement, UserFunction, ValueType } from "../check/program.js";
import { KernelCannot } from "./kernel_cannot.js";
import { operandsOf, present, refill, withKey } from "./operands.js";
import { walkExpression, walkExpressions } from "./walk.js";

export type CallExpression = Extract<Expression, { kind: "call" }>;

export type Piece =
  | { readonly kind: "plain"; readonly statement: Statement }
  | { readonly kind: "sequence"; readonly pieces: readonly Piece[] }
  /** `live`: what is kept for later besides the function's own locals. */
  | {
      readonly kind: "call";
      readonly call: CallExpression;
      readonly into: Local | null;
      readonly live: readonly Local[];
    }
  | { readonly kind: "if"; readonly condition: Expression; readonly then: Piece; readonly otherwise: Piece | null }
  /** `prepare` comes before each test. */
  | {
      readonly kind: "loop";
      readonly statement: Extract<Statement, { kind: "loop" }>;
      readonly prepare: Piece;
      readonly condition: Expression | null;
      readonly body: Piece;
      readonly step: Piece;
    }
  | { readonly kind: "foreach"; readonly statement: Foreach; readonly body: Piece }
  | {
      readonly kind: "try";
      readonly statement: Extract<Statement, { kind: "try" }>;
      readonly body: Piece;
      readonly handler: Piece;
    };

/** A local that the script does not have, and the expression whose value is kept in it. */
export interface KeptValue {
  readonly local: Local;
  readonly of: Expression;
}

export interface Resumable {
  readonly body: Piece;
  readonly kept: readonly KeptValue[];
}

/** `group`: functions whose calls are to stand alone. */
export function makeResumable(body: Statement, group: ReadonlySet<UserFunction>): Resumable {
  const cutter = new Cutter(group);
  return { body: cutter.statement(body), kept: cutter.kept };
}

class Cutter {
  readonly kept: KeptValue[] = [];
  private live: Local[] = [];

  constructor(private readonly group: ReadonlySet<UserFunction>) {}

  statement(statement: Statement): Piece {
    if (!this.firstCall(statement)) return { kind: "plain", statement };
    const outer = this.live;
    this.live = [...outer];
    try {
      return this.cut(statement);
    } finally {
      this.live = outer;
    }
  }

  private cut(statement: Statement): Piece {
    const pieces: Piece[] = [];
    const plain = (part: Statement): void => void pieces.push({ kind: "plain", statement: part });
    switch (statement.kind) {
      case "block":
        return sequence(statement.statements.map((child) => this.statement(child)));
      case "expression": {
        const expression = this.take(statement.expression, pieces);
        plain({ ...statement, expression });
        return sequence(pieces);
      }
      case "if": {
        const condition = this.take(statement.condition, pieces);
        const then = this.statement(statement.then);
        const otherwise = statement.otherwise && this.statement(statement.otherwise);
        return sequence([...pieces, { kind: "if", condition, then, otherwise }]);
      }
      case "loop": {
        const condition = statement.condition && this.take(statement.condition, pieces);
        const { step, span } = statement;
        return {
          kind: "loop",
          statement,
          prepare: sequence(pieces),
          condition,
          body: this.statement(statement.body),
          step: step ? this.statement({ kind: "expression", expression: step, span }) : sequence([]),
        };
      }
      case "foreach": {
        const { limit } = statement;
        const [first, ...parts] = this.takeAll([...present([limit]), ...present(statement.slice ?? [])], pieces);
        const given = limit || !first ? parts : [first, ...parts];
        const slice = statement.slice && refill(statement.slice, given);
        const loop = { ...statement, slice, limit: limit && (first ?? null) };
        return sequence([...pieces, this.foreach(loop)]);
      }
      case "foreachBucket": {
        const inside = this.firstCall(statement.body);
        if (inside) throw refusal(inside, "a loop over the buckets of a histogram");
        const { histogram, limit } = statement;
        const list = this.takeAll([...present([limit]), ...(histogram.target.key ?? [])], pieces);
        const key = limit ? list.slice(1) : list;
        const changed = { ...histogram, target: withKey(histogram.target, key) };
        plain({ ...statement, limit: limit && (list[0] ?? null), histogram: changed });
        return sequence(pieces);
      }
      case "delete": {
        const key = statement.key && refill(statement.key, this.takeAll(present(statement.key), pieces));
        plain({ ...statement, key });
        return sequence(pieces);
      }
      case "return": {
        const value = statement.value && this.take(statement.value, pieces);
        plain({ ...statement, value });
        return sequence(pieces);
      }
      case "try":
        return {
          kind: "try",
          statement,
          body: this.statement(statement.body),
          handler: this.statement(statement.handler),
        };
      default:
        return { kind: "plain", statement };
    }
  }

  private foreach(statement: Foreach): Piece {
    const body = this.statement(statement.body);
    return body.kind === "plain" ? { kind: "plain", statement } : { kind: "foreach", statement, body };
  }

  private firstCall(part: Statement | Expression): CallExpression | null {
    let found: CallExpression | null = null;
    const visit = (expression: Expression): void => {
      if (expression.kind === "call" && this.group.has(expression.function)) found ??= expression;
    };
    if ("type" in part) walkExpression(part, visit);
    else walkExpressions(part, visit);
    return found;
  }

  /** Does what has to be done before, and leaves an expression without calls of the group. */
  private take(expression: Expression, pieces: Piece[]): Expression {
    if (!this.firstCall(expression)) return expression;
    if (expression.kind === "logical") return this.takeLogical(expression, pieces);
    if (expression.kind === "conditional") return this.takeConditional(expression, pieces);
    const operands = operandsOf(expression);
    const taken = operands.with(this.takeAll(operands.list, pieces));
    if (taken.kind !== "call" || !this.group.has(taken.function)) return taken;
    const live = [...this.live];
    const into = taken.isVoid ? null : this.keep(taken);
    pieces.push({ kind: "call", call: taken, into, live });
    // The value of a function that returns nothing is never used.
    return into ? read(into, taken) : { kind: "number", type: "long", span: taken.span, value: 0n };
  }

  /** Each operand before the last call is evaluated before it. */
  private takeAll(expressions: readonly Expression[], pieces: Piece[]): Expression[] {
    const last = expressions.findLastIndex((expression) => this.firstCall(expression));
    return expressions.map((expression, index) => {
      if (index > last || expression.kind === "number" || expression.kind === "text") return expression;
      const taken = this.take(expression, pieces);
      return index === last || this.live.some((local) => taken.kind === "local" && taken.local === local)
        ? taken
        : this.assign(this.keep(expression), taken, pieces);
    });
  }

  private takeLogical(expression: Extract<Expression, { kind: "logical" }>, pieces: Piece[]): Expression {
    const result = this.keep(expression);
    const { span } = expression;
    const number = (value: bigint): Expression => ({ kind: "number", type: "long", span, value });
    const setTo = (value: bigint): Piece => {
      const own: Piece[] = [];
      this.assign(result, number(value), own);
      return sequence(own);
    };
    const condition = this.take(expression.left, pieces);
    const behind: Piece[] = [];
    const second = this.take(expression.right, behind);
    const decide = sequence([...behind, { kind: "if", condition: second, then: setTo(1n), otherwise: setTo(0n) }]);
    const isAnd = expression.operator === "&&";
    const [then, otherwise] = isAnd ? [decide, setTo(0n)] : [setTo(1n), decide];
    pieces.push({ kind: "if", condition, then, otherwise });
    return read(result, expression);
  }

  private takeConditional(expression: Extract<Expression, { kind: "conditional" }>, pieces: Piece[]): Expression {
    const result = this.keep(expression);
    const condition = this.take(expression.condition, pieces);
    const choice = (value: Expression): Piece => {
      const own: Piece[] = [];
      this.assign(result, this.take(value, own), own);
      return sequence(own);
    };
    pieces.push({
      kind: "if",
      condition,
      then: choice(expression.then),
      otherwise: choice(expression.otherwise),
    });
    return read(result, expression);
  }

  private keep(of: Expression): Local {
    const local: Local = { index: -1, name: "(kept)", type: of.type, isOfLoop: false };
    this.kept.push({ local, of });
    this.live.push(local);
    return local;
  }

  private assign(local: Local, value: Expression, pieces: Piece[]): Expression {
    const { span } = value;
    const target = read(local, value) as Extract<Expression, { kind: "local" }>;
    const { type }: { type: ValueType } = value;
    pieces.push({
      kind: "plain",
      statement: {
        kind: "expression",
        span,
        expression: { kind: "assign", type, span, target, operator: null, operatorSpan: span, value },
      },
    });
    return target;
  }
}

function read(local: Local, { span, type }: Expression): Expression {
  return { kind: "local", type, span, local };
}

function sequence(pieces: readonly Piece[]): Piece {
  return pieces.length === 1 ? pieces[0]! : { kind: "sequence", pieces };
}

function refusal(call: CallExpression, where: string): KernelCannot {
  const error = new KernelCannot(
    `${call.function.name}() calls itself from ${where}, which cannot run inside a probe`,
    "collect in an array what it is to be called with, and call it in a loop behind",
  );
  error.span = call.span;
  return error;
}
