/** Functions of the script are put in line where they are called; eBPF's own calls take five numbers and no strings. */
import { withCounts } from "../actions.js";
import type { UserFunction } from "../check/program.js";
import type { Emitter, Exit } from "./emitter.js";
import { raise } from "./errors.js";
import { loadField, storeField } from "./fields.js";
import { callRecursive, raiseIfNestedTooDeep } from "./recursion.js";
import { Scope, type Slot } from "./scope.js";
import { lowerStatement } from "./statements.js";
import type { KernelValue } from "./values.js";

/** Null where the function returns nothing. */
export function callFunction(
  caller: Scope,
  definition: UserFunction,
  args: readonly KernelValue[],
): KernelValue | null {
  const { emit } = caller;
  const calledFrom = emit.currentSpan;
  raiseIfNestedTooDeep(caller);
  const group = emit.callGroups.groupOf(definition);
  if (group) return callRecursive(caller, definition, group, args);
  const outerCalls = emit.calls;
  const calls = [{ function: definition.name, span: calledFrom }, ...outerCalls];
  const result =
    definition.returns === null
      ? null
      : caller.newSlot(definition.returns === "long" ? { kind: "long" } : caller.shapes.returned(definition));
  const end = emit.exit("returned");
  let candidate: UserFunction | null = definition;
  while (candidate) {
    const next = emit.exit("overload");
    emit.calls = calls;
    inline(caller, emit, candidate, args, result, end, next);
    emit.calls = outerCalls;
    emit.leave(end);
    emit.placeExit(next);
    candidate = candidate.alternative;
  }
  emit.at(calledFrom);
  raise(emit, "all functions exhausted");
  emit.placeExit(end);
  return result ? loadField(emit, result.shape, result.offset) : null;
}

function inline(
  caller: Scope,
  emit: Emitter,
  definition: UserFunction,
  args: readonly KernelValue[],
  result: Slot | null,
  end: Exit,
  next: Exit,
): void {
  const scope = new Scope(emit, caller.shapes, { definition, result }, end, next, [...caller.stack, definition]);
  emit.temporaries(() => {
    scope.declare(definition.locals);
    definition.parameters.forEach((parameter, index) => {
      const argument = args[index];
      const slot = scope.slot(parameter);
      if (argument) storeField(emit, argument, slot.shape, slot.offset);
    });
    if (result) scope.clear(result);
    lowerStatement(scope, withCounts(definition.body));
  });
}
