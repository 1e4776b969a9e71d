/** Statistics: what is recorded into them, what is taken out, and what they must therefore keep. */
import { positionAt, type Span } from "../source.js";
import type * as ast from "../syntax/ast.js";
import { wrong, type Body, type Checked } from "./body.js";
import { checkWholeKey } from "./elements.js";
import { checkValue, typed } from "./expressions.js";
import type { GlobalSymbol } from "./globals.js";
import * as messages from "./messages.js";
import type { Extractor, Histogram, LinearScale, StatisticTarget } from "./program.js";
import type { Access } from "./usage.js";

/** What the extractors of the language are called in a typed program; the others are not supported. */
const EXTRACTORS: ReadonlySet<ast.Extractor> = new Set<Extractor>(["count", "sum", "min", "max", "avg", "variance"]);

export interface CheckedStatistic {
  readonly global: GlobalSymbol;
  readonly build: () => StatisticTarget;
}

/** A global statistic or an element of an array of them; null after a complaint. `user` says who needs it. */
export function findStatistic(body: Body, node: ast.Expression, access: Access, user: string): CheckedStatistic | null {
  const base = node.kind === "element" ? node.base : node;
  if (base.kind !== "name") {
    body.report(node.span, messages.notAStatistic(user, messages.describe(node)));
    return null;
  }
  const global = body.findGlobal(base.name);
  if (!global) {
    body.report(base.span, messages.noSuchStatistic(base.name, body.context.globals.user.keys()));
    if (node.kind === "element") for (const part of node.key) if (part) checkValue(body, part);
    return null;
  }
  body.access(global, access, node.span);
  const key = node.kind === "element" ? checkWholeKey(body, global, node.key, node.span) : null;
  if (node.kind === "element" ? !key : !global.useAsScalar(node.span, body.context.diagnostics)) return null;
  body.context.inference.require(global.value, "statistic", {
    span: node.span,
    subject: messages.describe(node),
    reason: (wanted) => messages.needs(user, wanted),
    hint: messages.statisticHint(),
  });
  return { global, build: () => ({ global: global.variable, key: key && key.map((part) => part.build()) }) };
}

/** `@count(x)`, `@avg(x["read"])`, … */
export function checkExtraction(body: Body, node: ast.StatisticOperation): Checked {
  const { span } = node;
  const extractor = knownExtractor(body, node.extractor, span);
  const target = findStatistic(body, node.target, "read", `\`@${node.extractor}\``);
  if (!extractor) return wrong(span);
  if (!checkShift(body, node)) return wrong(span);
  if (!target) return typed(node, "long", () => wrong(span).build());
  if (extractor === "variance") wantVariance(body, target.global, span);
  return typed(node, "long", () => ({ kind: "extract", type: "long", span, extractor, target: target.build() }));
}

/** The extractor as the typed program knows it; null, after a complaint, where it has none such. */
export function knownExtractor(body: Body, extractor: ast.Extractor, span: Span): Extractor | null {
  if (isKnown(extractor)) return extractor;
  body.report(span, messages.unknownExtractor(extractor));
  return null;
}

function isKnown(extractor: ast.Extractor): extractor is Extractor {
  return EXTRACTORS.has(extractor);
}

/** Only `@variance` has a parameter: a shift, which exact arithmetic does not need. */
function checkShift(body: Body, { extractor, parameters }: ast.StatisticOperation): boolean {
  const [shift, extra] = parameters;
  if (!shift) return true;
  if (extractor !== "variance" || extra) {
    body.report((extra ?? shift).span, messages.extraParameter(extractor));
    return false;
  }
  if (shift.kind === "number" && shift.value >= 0n && shift.value <= 62n) return true;
  body.report(shift.span, messages.varianceShift());
  return false;
}

export function wantVariance(body: Body, global: GlobalSymbol, span: Span): void {
  if (global.keptParts && !global.keptParts.variance) reportMissingPart(body, global, "@variance", span);
  global.wantedParts.variance ??= span;
}

/** A histogram that is printed, indexed or walked; null after a complaint. */
export function checkHistogram(body: Body, node: ast.HistogramOperation): (() => Histogram) | null {
  const { span } = node;
  const user = node.scale === "log" ? "`@hist_log`" : "`@hist_linear`";
  const target = findStatistic(body, node.target, "read", user);
  const scale = node.scale === "log" ? null : checkLinearScale(body, node);
  if (!target || scale === "wrong") return null;
  const { global } = target;
  if (scale) {
    const kept = global.keptParts?.linear.some((known) => sameScale(known, scale)) ?? true;
    if (!kept) reportMissingPart(body, global, messages.linearHistogramText(scale), span);
    if (!global.wantedParts.linear.some((known) => sameScale(known.scale, scale))) {
      global.wantedParts.linear.push({ scale, span });
    }
  } else {
    if (global.keptParts && !global.keptParts.log) reportMissingPart(body, global, "@hist_log", span);
    global.wantedParts.log ??= span;
  }
  return () => ({ scale: scale ? { kind: "linear", ...scale } : { kind: "log" }, target: target.build(), span });
}

/** Two of the 128 buckets are for what lies outside the bounds. */
const MAXIMUM_BUCKETS = 126n;

function checkLinearScale(body: Body, node: ast.HistogramOperation): LinearScale | "wrong" {
  const [low, high, step] = node.bounds;
  const wide = node.bounds.find(({ value }) => BigInt.asIntN(32, value) !== value);
  if (!low || !high || !step || node.bounds.length > 3) body.report(node.span, messages.linearBounds());
  else if (wide) body.report(wide.span, messages.wideBound());
  else if (step.value <= 0n) body.report(step.span, messages.linearStep());
  else if (high.value < low.value) body.report(high.span, messages.reversedBounds());
  else {
    const buckets = (high.value - low.value) / step.value + 1n;
    if (buckets <= MAXIMUM_BUCKETS) return { low: low.value, high: high.value, step: step.value };
    body.report(node.span, messages.tooManyBuckets(buckets, MAXIMUM_BUCKETS));
  }
  return "wrong";
}

function sameScale(first: LinearScale, second: LinearScale): boolean {
  return first.low === second.low && first.high === second.high && first.step === second.step;
}

function reportMissingPart(body: Body, global: GlobalSymbol, part: string, span: Span): void {
  const { source, start } = global.declaredAt;
  const declared = { name: source.name, line: positionAt(source, start).line, span: global.declaredAt };
  body.report(span, messages.partNotKept(global.name, part, declared));
}
