/**
 * What a statistic's numbers count, where the script tells: `lat <<< gettimeofday_ns() - start` is nanoseconds, and a thousandth
 * of it microseconds. Where a script does what may change the unit, none is told.
 */
import type { Expression, Local, Statement, TypedProgram } from "../compiler/check/program.js";
import { walkExpressions } from "../compiler/ir/walk.js";

export function unitsOf(program: TypedProgram): ReadonlyMap<string, string> {
  const recorded = new Agreement<string>();
  for (const { body } of [...program.handlers, ...program.functions]) {
    const locals = unitsOfLocals(body);
    walkExpressions(body, (expression) => {
      if (expression.kind === "record") recorded.add(expression.target.global.name, unitOf(expression.value, locals));
    });
  }
  return recorded.agreed();
}

/** One unit for each name, as long as nothing contradicts it. */
class Agreement<Name> {
  readonly #units = new Map<Name, string>();
  readonly #contested = new Set<Name>();

  add(name: Name, unit: string | undefined): void {
    if (unit === undefined) return;
    if ((this.#units.get(name) ?? unit) !== unit) this.#contested.add(name);
    this.#units.set(name, unit);
  }

  agreed(): ReadonlyMap<Name, string> {
    return new Map([...this.#units].filter(([name]) => !this.#contested.has(name)));
  }
}

type LocalUnits = ReadonlyMap<Local, string>;

/** Of what is assigned once or alike, in the order of the text. */
function unitsOfLocals(body: Statement): LocalUnits {
  const assigned = new Agreement<Local>();
  walkExpressions(body, (expression) => {
    if (expression.kind !== "assign" || expression.target.kind !== "local") return;
    const { target, operator, value } = expression;
    const isKept = operator === null || operator === "+" || operator === "-";
    assigned.add(target.local, isKept ? unitOf(value, assigned.agreed()) : CHANGED);
  });
  return new Map([...assigned.agreed()].filter(([, unit]) => unit !== CHANGED));
}

/** No unit: contradicts every one. */
const CHANGED = "";

function unitOf(expression: Expression, locals: LocalUnits): string | undefined {
  const of = (part: Expression): string | undefined => unitOf(part, locals) || undefined;
  switch (expression.kind) {
    case "tapset":
      return expression.function.unit;
    case "local":
      return locals.get(expression.local);
    case "assign":
      return expression.operator === null ? of(expression.value) : undefined;
    case "unary":
      return expression.operator === "-" ? of(expression.operand) : undefined;
    case "conditional":
      return alike(of(expression.then), of(expression.otherwise));
    case "arithmetic":
      return unitOfArithmetic(expression, of);
    default:
      return undefined;
  }
}

function unitOfArithmetic(
  { operator, left, right }: Extract<Expression, { kind: "arithmetic" }>,
  of: (part: Expression) => string | undefined,
): string | undefined {
  switch (operator) {
    case "+":
    case "-":
      return alike(of(left), of(right));
    case "%":
      return of(left);
    case "/":
      return right.kind === "number" ? scaled(of(left), right.value, -1) : undefined;
    case "*":
      if (right.kind === "number") return scaled(of(left), right.value, 1);
      if (left.kind === "number") return scaled(of(right), left.value, 1);
      return product(of(left), of(right));
    default:
      return undefined;
  }
}

/** A number of which nothing is known is one of what it is added to. */
function alike(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left === right ? left : undefined;
}

/** So many of something are as many of it. */
function product(left: string | undefined, right: string | undefined): string | undefined {
  return left === undefined || right === undefined ? (left ?? right) : undefined;
}

/** Each a thousand of the one behind it. */
const TIMES = ["s", "ms", "us", "ns"];

const STEPS: ReadonlyMap<bigint, number> = new Map([
  [1000n, 1],
  [1_000_000n, 2],
  [1_000_000_000n, 3],
]);

/** The unit that a time has when it is multiplied or divided by a power of a thousand. */
function scaled(unit: string | undefined, factor: bigint, direction: 1 | -1): string | undefined {
  const at = TIMES.indexOf(unit ?? "");
  const steps = STEPS.get(factor);
  return at === -1 || steps === undefined ? undefined : TIMES[at + direction * steps];
}
