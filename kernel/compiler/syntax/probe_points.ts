/** Probe points. Braces are multiplied out here; wildcards stay in the names. */
import { joinSpans, type Span } from "../source.js";
import type { Expression, ProbeComponent, ProbePoint } from "./ast.js";
import type { Cursor } from "./cursor.js";
import { parseExpression } from "./expressions.js";
import * as messages from "./messages.js";
import { parseLiteral } from "./primaries.js";
import type { Token } from "./token.js";

/** Braces may multiply a point to so many. */
const MAXIMUM_POINTS = 4096;

/** `point, point`: never empty unless the cursor fails. */
export function parseProbePoints(cursor: Cursor): readonly ProbePoint[] {
  const points: ProbePoint[] = [];
  do {
    points.push(...parseProbePoint(cursor));
    if (points.length > MAXIMUM_POINTS) cursor.fail(messages.tooManyPoints(MAXIMUM_POINTS));
  } while (cursor.accept(","));
  return points;
}

/** One written point, which braces make several. */
function parseProbePoint(cursor: Cursor): readonly ProbePoint[] {
  const start = cursor.token.span;
  if (!cursor.enter()) return [];
  let points: readonly ProbePoint[] = [
    { components: [], optional: false, sufficient: false, condition: null, span: start },
  ];
  /** Components since the last group, which every point gets. */
  let run: ProbeComponent[] = [];
  let innerMark: Token | null = null;
  do {
    if (innerMark) cursor.fail(messages.misplacedMark(innerMark.text), innerMark);
    // In `probe { }` the point is missing; a group is never empty.
    if (cursor.at("{") && cursor.following.text !== "}") {
      const group = parseGroup(cursor);
      innerMark = group.mark;
      points = multiply(cursor, withComponents(points, run), group.points);
      run = [];
    } else run.push(parseComponent(cursor));
  } while (cursor.accept("."));
  points = parseMarks(cursor, withComponents(points, run), start);
  cursor.leave();
  return points;
}

function withComponents(points: readonly ProbePoint[], more: readonly ProbeComponent[]): readonly ProbePoint[] {
  return points.map((point) => ({ ...point, components: [...point.components, ...more] }));
}

/** Every head with every tail. Where that is too much, one of them: the place is reported once a list. */
function multiply(cursor: Cursor, heads: readonly ProbePoint[], tails: readonly ProbePoint[]): readonly ProbePoint[] {
  if (heads.length * tails.length > MAXIMUM_POINTS) {
    cursor.report(messages.tooManyPoints(MAXIMUM_POINTS), cursor.token);
    return heads.slice(0, 1);
  }
  return heads.flatMap((head) =>
    tails.map((tail) => ({ ...tail, components: [...head.components, ...tail.components], span: head.span })),
  );
}

/** `{a.b, c ?}`; the mark is the first one inside. */
function parseGroup(cursor: Cursor): { points: readonly ProbePoint[]; mark: Token | null } {
  const opener = cursor.open("{");
  const points: ProbePoint[] = [];
  let mark: Token | null = null;
  do {
    const inner = parseProbePoint(cursor);
    points.push(...inner);
    if (inner.some((point) => point.optional || point.condition !== null)) mark ??= opener;
  } while (cursor.accept(","));
  cursor.close(opener, true);
  return { points, mark };
}

/** `?`, `!` and `if (…)`, which belong to the whole point. */
function parseMarks(cursor: Cursor, points: readonly ProbePoint[], start: Span): readonly ProbePoint[] {
  const mark = cursor.accept("?") ?? cursor.accept("!");
  if (mark && (cursor.at(".") || (cursor.token.gap === "none" && cursor.token.kind === "name"))) {
    cursor.fail(messages.misplacedMark(mark.text), mark);
  }
  const condition = cursor.accept("if") ? parseExpression(cursor) : null;
  const span = cursor.spanFrom(start);
  return points.map((point) => ({
    components: point.components,
    optional: point.optional || mark !== null,
    sufficient: point.sufficient || mark?.text === "!",
    condition: both(point.condition, condition),
    span,
  }));
}

function both(left: Expression | null, right: Expression | null): Expression | null {
  if (!left || !right) return left ?? right;
  const span = joinSpans(left.span, right.span);
  return { kind: "binary", operator: "&&", operatorSpan: span, left, right, span };
}

/** `function("name")`: keywords are names here, and a name may hold wildcards. */
function parseComponent(cursor: Cursor): ProbeComponent {
  const start = cursor.token;
  if (!isNamePart(start) || start.kind === "number") cursor.unexpected("the name of a probe point", hintFor(start));
  let name = cursor.take().text;
  while (cursor.token.gap === "none" && isNamePart(cursor.token)) name += cursor.take().text;
  if (!cursor.at("(")) return { name, argument: null, span: cursor.spanFrom(start.span) };
  const opener = cursor.open("(");
  if (cursor.at(")")) cursor.fail(messages.emptyArgument(name), start);
  const argument = parseLiteral(cursor, `the argument of \`${name}\``);
  cursor.close(opener);
  return { name, argument, span: cursor.spanFrom(start.span) };
}

function isNamePart(token: Token): boolean {
  return token.kind === "name" || token.kind === "keyword" || token.kind === "number" || token.text === "*";
}

function hintFor(token: Token): string {
  if (token.kind === "string") return 'Write the family first, such as `kernel.function("name")` or `process("path")`.';
  return 'Write a point such as `begin`, `timer.s(5)` or `kernel.function("vfs_read")`.';
}
