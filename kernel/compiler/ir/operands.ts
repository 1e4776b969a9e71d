/** The operands of an expression, in the order in which they are evaluated, and the same expression with others in their place. */
import type { Expression, StatisticTarget } from "../check/program.js";

export interface Operands {
  readonly list: readonly Expression[];
  /** `list` has as many as the expression has. */
  with(list: readonly Expression[]): Expression;
}

/** What is evaluated always: of `&&`, `||` and `?:`, which leave out operands, there is nothing here. */
export function operandsOf(expression: Expression): Operands {
  switch (expression.kind) {
    case "element":
      return of(expression.key, (key) => ({ ...expression, key }));
    case "unary":
      return of([expression.operand], ([operand]) => ({ ...expression, operand: operand! }));
    case "arithmetic":
    case "concatenate":
    case "compare":
      return of([expression.left, expression.right], ([left, right]) => ({
        ...expression,
        left: left!,
        right: right!,
      }));
    case "assign": {
      const { target } = expression;
      if (target.kind !== "element") return of([expression.value], ([value]) => ({ ...expression, value: value! }));
      return of([...target.key, expression.value], (list) => ({
        ...expression,
        target: { ...target, key: list.slice(0, -1) },
        value: list.at(-1)!,
      }));
    }
    case "increment": {
      const { target } = expression;
      if (target.kind !== "element") return of([], () => expression);
      return of(target.key, (key) => ({ ...expression, target: { ...target, key } }));
    }
    case "record":
      return of([...(expression.target.key ?? []), expression.value], (list) => ({
        ...expression,
        target: withKey(expression.target, list.slice(0, -1)),
        value: list.at(-1)!,
      }));
    case "writeMemory":
      return of([expression.address, expression.value], ([address, value]) => ({
        ...expression,
        address: address!,
        value: value!,
      }));
    case "match":
      return of([expression.text], ([text]) => ({ ...expression, text: text! }));
    case "matched":
      return of([expression.group], ([group]) => ({ ...expression, group: group! }));
    case "membership":
      return of(present(expression.key), (list) => ({ ...expression, key: refill(expression.key, list) }));
    case "extract":
      return of(expression.target.key ?? [], (key) => ({ ...expression, target: withKey(expression.target, key) }));
    case "bucket": {
      const { histogram } = expression;
      return of([...(histogram.target.key ?? []), expression.index], (list) => ({
        ...expression,
        histogram: { ...histogram, target: withKey(histogram.target, list.slice(0, -1)) },
        index: list.at(-1)!,
      }));
    }
    case "printHistogram": {
      const { histogram } = expression;
      return of(histogram.target.key ?? [], (key) => ({
        ...expression,
        histogram: { ...histogram, target: withKey(histogram.target, key) },
      }));
    }
    case "call":
    case "tapset":
    case "format":
      return of(expression.arguments, (list) => ({ ...expression, arguments: list }));
    default:
      return of([], () => expression);
  }
}

/** The parts of a key that are given. */
export function present(key: readonly (Expression | null)[]): Expression[] {
  return key.filter((part) => part !== null);
}

/** Puts others where the key has parts that are given. */
export function refill(
  key: readonly (Expression | null)[],
  parts: readonly Expression[],
): readonly (Expression | null)[] {
  const rest = [...parts];
  return key.map((part) => part && (rest.shift() ?? part));
}

export function withKey(target: StatisticTarget, key: readonly Expression[]): StatisticTarget {
  return target.key === null ? target : { ...target, key };
}

function of(list: readonly Expression[], build: (list: readonly Expression[]) => Expression): Operands {
  return { list, with: build };
}
