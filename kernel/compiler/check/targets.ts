/** What a script asks of the traced program or kernel: `$name`, and the operators that start with `@`. */
import type * as ast from "../syntax/ast.js";
import type { Body, Checked } from "./body.js";
import { definedness, evaluateDefined } from "./defined.js";
import * as messages from "./messages.js";
import { valueType } from "./scope.js";

/** `$fd`: a variable of the probe point, its dollar sign in its name. */
export function checkTargetVariable(body: Body, node: ast.TargetVariable): Checked {
  const { span, name } = node;
  const variable = body.frame.variables.get(name);
  if (!variable) {
    const known = [...body.frame.variables.keys()];
    return body.refuse(
      span,
      body.kind === "handler" ? messages.noSuchTarget(name, known) : messages.targetOutsideProbe(name),
    );
  }
  const symbol = body.frame.find(name, span);
  const build = (): ReturnType<Checked["build"]> => ({
    kind: "context",
    type: valueType(symbol.type.state),
    span,
    variable,
  });
  return { type: symbol.type, span, result: "value", build };
}

/** Operators with as many arguments as each takes. */
const ARGUMENTS: ReadonlyMap<string, number> = new Map([["defined", 1]]);

/** What is decided by the variables that are there, and what reaches into the kernel's data. */
export function checkAtOperation(body: Body, node: ast.AtOperation): Checked {
  const answer = definedness(body, node);
  if (answer !== null) return evaluateDefined(node, answer);
  if (node.name === "probewrite") return checkProbewrite(body, node);
  const wanted = ARGUMENTS.get(node.name);
  const { name, span } = node;
  if (wanted !== undefined) {
    return body.refuse(span, messages.wrongArgumentCount(`@${name}`, [wanted], node.arguments.length));
  }
  return body.refuse(span, messages.atOperation(name));
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
