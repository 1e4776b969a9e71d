/** What a script asks of the traced program or kernel: `$name`, and the operators that start with `@`. */
import { isHiddenVariable } from "../catalogue.js";
import type * as ast from "../syntax/ast.js";
import { wrong, type Body, type Checked } from "./body.js";
import { checkPerf } from "./counters.js";
import { definedness, evaluateDefined } from "./defined.js";
import { checkCast, checkVariableValue, ownVariable } from "./casts.js";
import { placeValue } from "./data_access.js";
import { checkEnum, checkEnumName } from "./enumerations.js";
import { checkValue } from "./expressions.js";
import { checkRawRead, checkRegister } from "./raw_access.js";
import { checkListing } from "./pretty.js";
import * as messages from "./messages.js";
import { valueType } from "./scope.js";

/** `$fd`: a variable of the probe point, its dollar sign in its name. */
export function checkTargetVariable(body: Body, node: ast.TargetVariable): Checked {
  const { span, name } = node;
  const variable = body.frame.variables.get(name);
  const { entries } = body.frame;
  // A return that has lost what the function was called with takes it from the entry.
  if (!variable && entries?.variables.has(name)) return entries.check(body, node);
  if (!variable) {
    const own = ownVariable(body, node);
    if (own && "complaint" in own) return body.refuse(span, own.complaint);
    if (own) return placeValue(body, node, own);
    return body.refuse(span, noSuchVariable(body, name));
  }
  if (variable.unreadable !== undefined) return body.refuse(span, messages.outOfReach(name, variable.unreadable));
  if (variable.lists) return checkListing(body, node, variable, 0);
  const symbol = body.frame.find(name, span);
  const build = (): ReturnType<Checked["build"]> =>
    symbol.isLocal
      ? { kind: "local", type: symbol.local.type, span, local: symbol.local }
      : { kind: "context", type: valueType(symbol.type.state), span, variable };
  return { type: symbol.type, span, result: "value", data: symbol.data, build };
}

export function noSuchVariable({ frame, kind }: Body, name: string): messages.Complaint {
  if (kind !== "handler") return messages.targetOutsideProbe(name);
  const known = [...frame.variables.keys()].filter((one) => !isHiddenVariable(one));
  const others = frame.program?.file.debug?.variableNames().map((one) => `$${one}`) ?? [];
  return messages.noSuchTarget(name, known, others);
}

/** Operators with as many arguments as each takes. */
const ARGUMENTS: ReadonlyMap<string, readonly number[]> = new Map([
  ["defined", [1]],
  ["entry", [1]],
]);

/** What is decided by the variables that are there, and what reaches into the kernel's data. */
export function checkAtOperation(body: Body, node: ast.AtOperation): Checked {
  const answer = definedness(body, node);
  if (answer !== null) return evaluateDefined(node, answer);
  const [first, second] = node.arguments;
  if (node.name === "entry" && first && !second) return checkEntry(body, first);
  const { name, span } = node;
  const wanted = ARGUMENTS.get(name);
  if (wanted) return body.refuse(span, messages.wrongArgumentCount(`@${name}`, wanted, node.arguments.length));
  switch (name) {
    case "cast":
      return checkCast(body, node);
    case "var":
      return checkVariableValue(body, node);
    case "enum":
      return checkEnum(body, node);
    case "enumname":
      return checkEnumName(body, node);
    case "probewrite":
      return checkProbewrite(body, node);
    case "perf":
      return checkPerf(body, node);
    case "kderef":
    case "uderef":
      return checkRawRead(body, node, name === "kderef" ? "kernel" : "user");
    case "kregister":
    case "uregister":
      return checkRegister(body, node, name === "kregister" ? "kernel" : "user");
    default:
      // It has been told at an assignment.
      return body.context.missingGlobals.has(name) ? wrong(span) : body.refuse(span, messages.atOperation(name));
  }
}

/** `@probewrite(v)`: whether the handler that the user wrote changes `v`; the body of an alias asks for that. */
function checkProbewrite(body: Body, node: ast.AtOperation): Checked {
  const [variable, extra] = node.arguments;
  if (!variable || extra || (variable.kind !== "name" && variable.kind !== "target"))
    return body.refuse(node.span, messages.probewriteArgument());
  const { changedByHandler } = body.frame;
  if (!changedByHandler) return body.refuse(node.span, messages.probewriteOutsideProbe());
  return evaluateDefined(node, changedByHandler.has(variable.name));
}

/** `@entry(expression)` */
function checkEntry(body: Body, node: ast.Expression): Checked {
  const { entries } = body.frame;
  if (entries) return entries.check(body, node);
  checkValue(body, node);
  return body.refuse(node.span, messages.entryOutsideReturn());
}
