/** The operators of the language on signed 64-bit numbers and byte strings. */
import type { ArithmeticOperator, ComparisonOperator } from "../check/program.js";
import type { Span } from "../source.js";
import { ScriptError, type Value } from "./runtime.js";

/** Wraps to a signed 64-bit number. */
export function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** An arithmetic operator as a function; the span is for division by 0. */
export function arithmetic(operator: ArithmeticOperator, span: Span): (left: bigint, right: bigint) => bigint {
  switch (operator) {
    case "+":
      return (left, right) => BigInt.asIntN(64, left + right);
    case "-":
      return (left, right) => BigInt.asIntN(64, left - right);
    case "*":
      return (left, right) => BigInt.asIntN(64, left * right);
    case "/":
      return (left, right) => {
        if (right === 0n) throw new ScriptError("division by 0", span);
        // The lowest number divided by -1 is the one quotient that does not fit.
        return BigInt.asIntN(64, left / right);
      };
    case "%":
      return (left, right) => {
        if (right === 0n) throw new ScriptError("division by 0", span);
        return left % right;
      };
    case "<<":
      return (left, right) => BigInt.asIntN(64, left << (right & 63n));
    case ">>":
      return (left, right) => left >> (right & 63n);
    case ">>>":
      return (left, right) => BigInt.asIntN(64, BigInt.asUintN(64, left) >> (right & 63n));
    case "&":
      return (left, right) => left & right;
    case "|":
      return (left, right) => left | right;
    case "^":
      return (left, right) => left ^ right;
  }
}

/** A comparison as a function. JavaScript orders byte strings as strcmp does, unit by unit. */
export function comparison(operator: ComparisonOperator): (left: Value, right: Value) => boolean {
  switch (operator) {
    case "<":
      return (left, right) => left < right;
    case ">":
      return (left, right) => left > right;
    case "<=":
      return (left, right) => left <= right;
    case ">=":
      return (left, right) => left >= right;
    case "==":
      return (left, right) => left === right;
    case "!=":
      return (left, right) => left !== right;
  }
}
