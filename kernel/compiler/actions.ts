/**
 * How statements count against MAXACTION, in user space as in the kernel: those that follow each other count together, where the
 * first of them begins, up to the one behind which the way may part. So code in a straight line costs one look at the limit.
 */
import type { Statement, UserFunction } from "./check/program.js";
import type { Span } from "./source.js";
import { walkExpressions, walkStatements } from "./ir/walk.js";

/** The body with its counts put in. Each turn of a loop in it counts as one more statement, since the loop's body may be empty. */
export function withCounts(body: Statement): Statement {
  return counted(body, null);
}

/** `turnOf`: the place of the loop whose turn the body is. */
function counted(body: Statement, turnOf: Span | null): Statement {
  const statements: Statement[] = [];
  let stretch: Statement[] = [];
  let start = turnOf;
  const close = (): void => {
    const span = start ?? stretch[0]?.span;
    if (span) statements.push({ kind: "countActions", actions: stretch.length + (start ? 1 : 0), span });
    for (const statement of stretch) statements.push(countedParts(statement));
    stretch = [];
    start = null;
  };
  for (const statement of statementsOf(body)) {
    stretch.push(statement);
    if (statement.kind !== "expression" && statement.kind !== "delete") close();
  }
  close();
  return { kind: "block", statements, span: body.span };
}

function countedParts(statement: Statement): Statement {
  switch (statement.kind) {
    case "if":
      return {
        ...statement,
        then: withCounts(statement.then),
        otherwise: statement.otherwise && withCounts(statement.otherwise),
      };
    case "loop":
    case "foreach":
    case "foreachBucket":
      return { ...statement, body: counted(statement.body, statement.span) };
    case "try":
      return { ...statement, body: withCounts(statement.body), handler: withCounts(statement.handler) };
    default:
      return statement;
  }
}

/** Those of blocks in blocks, too: a handler stands among the bodies of its aliases. */
export function statementsOf(body: Statement): readonly Statement[] {
  return body.kind === "block" ? body.statements.flatMap(statementsOf) : [body];
}

/** How many statements a run executes at most; null where it may be any number. No function may come back to itself. */
export function mostActions(body: Statement): number | null {
  const known = new Map<UserFunction, number | null>();
  const ofBody = (statement: Statement): number | null => {
    let actions: number | null = 0;
    const add = (more: number | null): void => {
      actions = actions === null || more === null ? null : actions + more;
    };
    walkStatements(statement, (child) => {
      const repeats = child.kind === "loop" || child.kind === "foreach" || child.kind === "foreachBucket";
      if (child.kind !== "block") add(repeats ? null : 1);
    });
    walkExpressions(statement, (expression) => {
      if (expression.kind === "call") add(ofFunction(expression.function));
    });
    return actions;
  };
  const ofFunction = (definition: UserFunction): number | null => {
    let actions = known.get(definition);
    if (actions !== undefined) return actions;
    actions = 0;
    for (let candidate: UserFunction | null = definition; candidate; candidate = candidate.alternative) {
      const more = ofBody(candidate.body);
      actions = actions === null || more === null ? null : actions + more;
    }
    known.set(definition, actions);
    return actions;
  };
  return ofBody(body);
}
