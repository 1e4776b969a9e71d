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
import * as statisticsMessages from "./statistics_messages.js";

export interface CheckedStatistic {
  readonly global: GlobalSymbol;
  readonly build: () => StatisticTarget;
}

/** A global statistic or an element of an array of them; null after a complaint. `user` says who needs it. */
export function findStatistic(body: Body, node: ast.Expression, access: Access, user: string): CheckedStatistic | null {
  const base = node.kind === "element" ? node.base : node;
  if (base.kind !== "name") {
    body.report(node.span, statisticsMessages.notAStatistic(user, messages.describe(node)));
    return null;
  }
  const global = body.findGlobal(base);
  if (!global) {
    body.reportMissing(base, messages.noSuchStatistic(base.name, body.context.globals.user.keys()));
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
  const extractor = checkExtractor(body, node);
  const target = findStatistic(body, node.target, "read", `\`@${node.extractor}\``);
  if (!extractor) return wrong(span);
  if (!target) return typed(node, "long", () => wrong(span).build());
  wantParts(body, target.global, extractor, span);
  return typed(node, "long", () => ({ kind: "extract", type: "long", span, extractor, target: target.build() }));
}

/** The extractor as the typed program knows it, its parameter checked; null after a complaint. */
function checkExtractor(body: Body, { extractor, parameters, span }: ast.StatisticOperation): Extractor | null {
  const [parameter, second] = parameters;
  const takesOne = extractor === "variance" || extractor === "percentile";
  const extra = takesOne ? second : parameter;
  if (extra) {
    body.report(extra.span, statisticsMessages.extraParameter(extractor));
    return null;
  }
  if (extractor === "percentile") {
    if (parameter?.kind === "number" && parameter.value <= 100n) return { percent: parameter.value };
    body.report((parameter ?? { span }).span, statisticsMessages.percentOfPercentile());
    return null;
  }
  // The shift of @variance is for arithmetic that is not exact.
  if (parameter && !(parameter.kind === "number" && parameter.value >= 0n && parameter.value <= 62n)) {
    body.report(parameter.span, statisticsMessages.varianceShift());
    return null;
  }
  return plainExtractor(extractor);
}

/** An extractor that was written without a parameter. */
export function plainExtractor(extractor: Exclude<ast.Extractor, "percentile">): Extractor {
  return extractor === "median" ? { percent: 50n } : extractor;
}

/** Has the statistic keep what the extractor is computed from. */
export function wantParts(body: Body, global: GlobalSymbol, extractor: Extractor, span: Span): void {
  if (extractor === "variance") {
    if (global.keptParts && !global.keptParts.variance) reportMissingPart(body, global, "@variance", span);
    global.wantedParts.variance ??= span;
  } else if (typeof extractor === "object") {
    if (global.keptParts && !global.keptParts.percentiles) reportMissingPart(body, global, "@percentile", span);
    global.wantedParts.percentiles ??= span;
  }
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
    if (!kept) reportMissingPart(body, global, statisticsMessages.linearHistogramText(scale), span);
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
  if (!low || !high || !step || node.bounds.length > 3) body.report(node.span, statisticsMessages.linearBounds());
  else if (wide) body.report(wide.span, statisticsMessages.wideBound());
  else if (step.value <= 0n) body.report(step.span, statisticsMessages.linearStep());
  else if (high.value < low.value) body.report(high.span, statisticsMessages.reversedBounds());
  else {
    const buckets = (high.value - low.value) / step.value + 1n;
    if (buckets <= MAXIMUM_BUCKETS) return { low: low.value, high: high.value, step: step.value };
    body.report(node.span, statisticsMessages.tooManyBuckets(buckets, MAXIMUM_BUCKETS));
  }
  return "wrong";
}

function sameScale(first: LinearScale, second: LinearScale): boolean {
  return first.low === second.low && first.high === second.high && first.step === second.step;
}

function reportMissingPart(body: Body, global: GlobalSymbol, part: string, span: Span): void {
  // What is no statistic has been complained about as such.
  if (global.value.state !== "statistic") return;
  const { source, start } = global.declaredAt;
  const declared = { name: source.name, line: positionAt(source, start).line, span: global.declaredAt };
  body.report(span, statisticsMessages.partNotKept(global.name, part, declared));
}
