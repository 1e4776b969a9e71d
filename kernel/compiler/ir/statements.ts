/** Statements of the typed program to code for the kernel. */
import type { Statement } from "../check/program.js";
import { caughtText, raise } from "./errors.js";
import { branchIfFalse, lower, lowerEffect, lowerKey } from "./expressions.js";
import { storeField } from "./fields.js";
import { lowerForeach } from "./walks/foreach.js";
import { lowerBucketLoop } from "./statistics/histograms.js";
import { KernelCannot } from "./kernel_cannot.js";
import { deleteAll, deleteElement } from "./maps.js";
import type { Scope } from "./scope.js";
import { deleteSlice } from "./slices.js";

/** More turns than MAXACTION lets through; `bpf_loop` itself takes up to 2^23. */
export const MOST_TURNS = 1n << 20n;

export function lowerStatement(scope: Scope, statement: Statement): void {
  try {
    lowerOne(scope, statement);
  } catch (error) {
    // The innermost statement says where.
    if (error instanceof KernelCannot) error.span ??= statement.span;
    throw error;
  }
}

function lowerOne(scope: Scope, statement: Statement): void {
  const { emit } = scope;
  if (statement.kind !== "block") emit.at(statement.span);
  switch (statement.kind) {
    case "block":
      for (const child of statement.statements) lowerStatement(scope, child);
      return;
    case "expression":
      return lowerEffect(scope, statement.expression);
    case "if": {
      const otherwise = emit.label("else");
      emit.temporaries(() => branchIfFalse(scope, statement.condition, otherwise));
      lowerStatement(scope, statement.then);
      if (!statement.otherwise) return emit.place(otherwise);
      const end = emit.label("end");
      emit.jump(end);
      emit.place(otherwise);
      lowerStatement(scope, statement.otherwise);
      return emit.place(end);
    }
    case "loop":
      return lowerLoop(scope, statement);
    case "foreach":
      return lowerForeach(scope, statement);
    case "foreachBucket":
      return lowerBucketLoop(scope, statement);
    case "delete":
      return emit.temporaries(() => {
        if (statement.key === null) return deleteAll(emit, statement.global);
        const key = statement.key.filter((part) => part !== null);
        if (key.length < statement.key.length) return deleteSlice(scope, statement.global, statement.key);
        deleteElement(emit, statement.global, lowerKey(scope, statement.global.name, key));
      });
    case "break":
    case "continue":
      if (!scope.loop) throw new Error(`${statement.kind} outside of a loop`);
      return emit.leave(statement.kind === "break" ? scope.loop.done : scope.loop.next);
    case "next":
      return emit.leave(scope.next);
    case "return":
      emit.temporaries(() => {
        if (!statement.value || !scope.function_?.result) return;
        storeField(emit, lower(scope, statement.value), scope.function_.result.shape, scope.function_.result.offset);
      });
      return emit.leave(scope.end);
    case "try":
      return lowerTry(scope, statement);
    case "countActions":
      if (emit.countsActions) emit.countActions(statement.actions, () => raise(emit, "MAXACTION exceeded"));
  }
}

function lowerLoop(scope: Scope, statement: Extract<Statement, { kind: "loop" }>): void {
  const { emit } = scope;
  const done = emit.exit("loopdone");
  const outer = scope.loop;
  emit.loop(MOST_TURNS, () => {
    emit.at(statement.span);
    const next = emit.exit("turn");
    scope.loop = { done, next };
    emit.temporaries(() => {
      if (!statement.condition) return;
      const end = emit.label("while");
      const go = emit.label("go");
      branchIfFalse(scope, statement.condition, end);
      emit.jump(go);
      emit.place(end);
      emit.leave(done);
      emit.place(go);
    });
    lowerStatement(scope, statement.body);
    emit.placeExit(next);
    if (statement.step) lowerEffect(scope, statement.step);
  });
  scope.loop = outer;
  emit.placeExit(done);
}

function lowerTry(scope: Scope, statement: Extract<Statement, { kind: "try" }>): void {
  const { emit } = scope;
  const outer = { exit: emit.errorExit, text: emit.catchesText };
  const { frames } = emit;
  const depth = frames && emit.allocate(8);
  if (frames && depth !== null) emit.store("scratch", depth, frames.count());
  const caught = emit.exit("caught");
  const end = emit.exit("tried");
  emit.errorExit = caught;
  emit.catchesText = statement.variable !== null;
  lowerStatement(scope, statement.body);
  emit.errorExit = outer.exit;
  emit.catchesText = outer.text;
  emit.leave(end);
  emit.placeExit(caught);
  // Calls that had not come back never will.
  if (frames && depth !== null) frames.setCount(emit.load("scratch", depth));
  if (statement.variable) {
    const slot = scope.slot(statement.variable);
    storeField(emit, caughtText(emit), slot.shape, slot.offset);
  }
  lowerStatement(scope, statement.handler);
  emit.placeExit(end);
}
