/** Statements to closures; loops have a file of their own. */
import type { Statement } from "../check/program.js";
import {
  BREAK,
  CONTINUE,
  NEXT,
  NORMAL,
  RETURN,
  type ClosureCompiler,
  type Signal,
  type StatementClosure,
} from "./frame.js";
import { compileDelete } from "./globals.js";
import { compileBucketLoop, compileForeach, compileLoop } from "./loops.js";
import { ScriptError } from "./runtime.js";

type Kind<Name extends Statement["kind"]> = Extract<Statement, { readonly kind: Name }>;

/** The closure that runs a statement. */
export function compileStatementNode(statement: Statement, compiler: ClosureCompiler): StatementClosure {
  const { span } = statement;
  switch (statement.kind) {
    case "block":
      return compileBlock(statement, compiler);
    case "expression": {
      const evaluate = compiler.value(statement.expression);
      return (frame) => {
        evaluate(frame);
        return NORMAL;
      };
    }
    case "if":
      return compileIf(statement, compiler);
    case "loop":
      return compileLoop(statement, compiler);
    case "foreach":
      return compileForeach(statement, compiler);
    case "foreachBucket":
      return compileBucketLoop(statement, compiler);
    case "delete":
      return compileDelete(statement, compiler);
    case "break":
    case "continue":
    case "next": {
      const signal = JUMPS[statement.kind];
      return () => signal;
    }
    case "return":
      return compileReturn(statement, compiler);
    case "try":
      return compileTry(statement, compiler);
    case "countActions": {
      const { actions } = statement;
      return (frame) => {
        frame.execution.countActions(actions, span);
        return NORMAL;
      };
    }
  }
}

const JUMPS: Readonly<Record<"break" | "continue" | "next", Signal>> = { break: BREAK, continue: CONTINUE, next: NEXT };

function compileBlock(block: Kind<"block">, compiler: ClosureCompiler): StatementClosure {
  const closures = block.statements.map((statement) => compiler.statement(statement));
  const [first, second, third] = closures;
  if (!first) return () => NORMAL;
  if (!second) return first;
  // A count and one statement: the body of most loops.
  if (!third) return (frame) => first(frame) || second(frame);
  return (frame) => {
    for (const closure of closures) {
      const signal = closure(frame);
      if (signal !== NORMAL) return signal;
    }
    return NORMAL;
  };
}

function compileIf(statement: Kind<"if">, compiler: ClosureCompiler): StatementClosure {
  const condition = compiler.long(statement.condition);
  const then = compiler.statement(statement.then);
  const otherwise = statement.otherwise ? compiler.statement(statement.otherwise) : () => NORMAL as Signal;
  return (frame) => (condition(frame) !== 0n ? then(frame) : otherwise(frame));
}

function compileReturn(statement: Kind<"return">, compiler: ClosureCompiler): StatementClosure {
  const value = statement.value && compiler.stored(statement.value);
  return (frame) => {
    if (value) frame.returned = value(frame);
    return RETURN;
  };
}

function compileTry(statement: Kind<"try">, compiler: ClosureCompiler): StatementClosure {
  const { variable } = statement;
  const body = compiler.statement(statement.body);
  const handler = compiler.statement(statement.handler);
  return (frame) => {
    try {
      return body(frame);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      if (variable) frame.locals[variable.index] = frame.execution.bound(error.message);
    }
    return handler(frame);
  };
}
