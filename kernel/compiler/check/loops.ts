/** Loops: `while`, `for`, and `foreach` over arrays and over the buckets of histograms. */
import type * as ast from "../syntax/ast.js";
import { unbuildable, type Body } from "./body.js";
import { doubtCondition } from "./doubts.js";
import { checkKey, findArray } from "./elements.js";
import { checkExpression, checkNumber, checkValue } from "./expressions.js";
import type { GlobalSymbol } from "./globals.js";
import * as messages from "./messages.js";
import type { Extractor, Sort, Statement } from "./program.js";
import { bindName, checkStatement, type BoundName, type BuildStatement } from "./statements.js";
import { checkHistogram, plainExtractor, wantParts } from "./statistics.js";
import * as statisticsMessages from "./statistics_messages.js";

export function checkWhile(body: Body, node: ast.WhileStatement): BuildStatement {
  const { span } = node;
  doubtCondition(body, node.condition);
  const condition = checkNumber(body, node.condition, "`while`");
  const inside = body.loop(null, () => checkStatement(body, node.body));
  return () => ({ kind: "loop", condition: condition.build(), step: null, body: inside(), span });
}

export function checkFor(body: Body, node: ast.ForStatement): BuildStatement {
  const { span } = node;
  const initial = node.initial && checkExpression(body, node.initial, false);
  const condition = node.condition && checkNumber(body, node.condition, "`for`");
  const inside = body.loop(null, () => checkStatement(body, node.body));
  const step = node.step && checkExpression(body, node.step, false);
  return () => {
    const loop: Statement = {
      kind: "loop",
      condition: condition && condition.build(),
      step: step && step.build(),
      body: inside(),
      span,
    };
    if (!initial) return loop;
    const first: Statement = { kind: "expression", expression: initial.build(), span: initial.span };
    return { kind: "block", statements: [first, loop], span };
  };
}

export function checkForeach(body: Body, node: ast.ForeachStatement): BuildStatement {
  return node.collection.kind === "histogram"
    ? checkBucketLoop(body, node, node.collection)
    : checkArrayLoop(body, node, node.collection);
}

/** Null after a complaint. */
function bindLoopName(body: Body, node: ast.Identifier): BoundName | null {
  if (!body.findGlobal(node)) body.frame.enterLoop(node.name, node.span);
  return bindName(body, node);
}

function checkLimit(body: Body, node: ast.ForeachStatement): ReturnType<typeof checkNumber> | null {
  return node.limit && checkNumber(body, node.limit, "`limit`");
}

/** The loop's body, with whatever must be done first where a loop variable is a global. */
function checkInside(
  body: Body,
  node: ast.ForeachStatement,
  array: GlobalSymbol | null,
  names: readonly (BoundName | null)[],
): BuildStatement {
  const inside = body.loop(array, () => checkStatement(body, node.body));
  return names.reduceRight<BuildStatement>((build, name) => (name ? () => name.inside(build) : build), inside);
}

function checkArrayLoop(body: Body, node: ast.ForeachStatement, collection: ast.Identifier): BuildStatement {
  const { span } = node;
  const array = findArray(body, collection);
  const keys = node.keys.map((key) => bindLoopName(body, key));
  const value = node.value && bindLoopName(body, node.value);
  const limit = checkLimit(body, node);
  if (array) body.access(array, "read", collection.span);
  const columns = array?.useAsArray(keys.length, collection.span, body.context.diagnostics);
  if (!array || !columns) {
    // The collection has been complained about: nothing is to be said of what would have come from it.
    for (const name of [...keys, value]) name?.type.poison();
    node.slice?.forEach((part) => part && checkValue(body, part));
    checkInside(body, node, null, []);
    return () => unbuildable(span);
  }
  node.keys.forEach((key, column) => {
    const name = keys[column];
    if (!name) return;
    array.keyData(column).flowInto(name.data);
    body.context.inference.unify(name.type, columns[column]!, {
      span: key.span,
      subject: messages.describe(key),
      reason: (wanted) => messages.keyIs(array.name, column, columns.length, wanted),
    });
  });
  if (value && node.value) bindValue(body, node.value, value, array);
  const slice = node.slice && checkKey(body, array, node.slice, span);
  const sort = node.sort && checkSort(body, node, node.sort, array);
  const inside = checkInside(body, node, array, [...keys, value]);
  return () => ({
    kind: "foreach",
    keys: keys.map((name) => (name ?? unbuildable(span)).local()),
    value: value && value.local(),
    global: array.variable,
    slice: slice && slice.map((part) => part && part.build()),
    sort: sort && sort(),
    limit: limit && limit.build(),
    body: inside(),
    span,
  });
}

function bindValue(body: Body, node: ast.Identifier, value: BoundName, array: GlobalSymbol): void {
  array.data.flowInto(value.data);
  const hint = array.value.state === "statistic" ? { hint: messages.statisticValueHint() } : {};
  const demand = { span: node.span, subject: messages.describe(node), ...hint };
  body.context.inference.requireValue(value.type, { ...demand, reason: () => messages.valueNeeded() });
  body.context.inference.unify(value.type, array.value, {
    ...demand,
    reason: (wanted) => messages.valuesAre(array.name, wanted),
  });
}

/** What the loop is sorted by; whether the values are statistics is known only when it is built. */
function checkSort(body: Body, node: ast.ForeachStatement, sort: ast.ForeachSort, array: GlobalSymbol): () => Sort {
  const descending = sort.direction === "descending";
  const { by } = sort;
  if (by.kind === "key") return () => ({ by: { kind: "key", column: by.column }, descending });
  if (by.extractor === null) {
    return () =>
      array.value.state === "statistic"
        ? { by: { kind: "extract", extractor: "count" }, descending }
        : { by: { kind: "value" }, descending };
  }
  const written = by.extractor;
  const extractor = sortExtractor(body, written, by.percent);
  if (!extractor) return () => unbuildable(node.span);
  wantParts(body, array, extractor, node.collection.span);
  body.context.inference.require(array.value, "statistic", {
    span: node.collection.span,
    subject: messages.describe(node.collection),
    reason: () => messages.sortNeedsStatistics(written),
  });
  return () => ({ by: { kind: "extract", extractor }, descending });
}

/** Null after a complaint. */
function sortExtractor(body: Body, written: ast.Extractor, percent: ast.NumberLiteral | undefined): Extractor | null {
  if (written !== "percentile") return plainExtractor(written);
  if (percent && percent.value >= 0n && percent.value <= 100n) return { percent: percent.value };
  // Where there is none, the parser has said so.
  if (percent) body.report(percent.span, statisticsMessages.percentOfPercentile());
  return null;
}

function checkBucketLoop(body: Body, node: ast.ForeachStatement, collection: ast.HistogramOperation): BuildStatement {
  const { span } = node;
  const histogram = checkHistogram(body, collection);
  const [key, extra] = node.keys;
  if (!key || extra) body.report((extra ?? node).span, statisticsMessages.oneBucketVariable());
  if (node.slice) body.report(collection.span, statisticsMessages.slicedHistogram());
  if (node.sort?.by.kind === "value") body.report(collection.span, statisticsMessages.sortedHistogram());
  const bucket = key ? bindLoopName(body, key) : null;
  const count = node.value && bindLoopName(body, node.value);
  for (const [name, symbol] of [
    [key, bucket],
    [node.value, count],
  ] as const) {
    if (!name || !symbol) continue;
    body.context.inference.require(symbol.type, "long", {
      span: name.span,
      subject: messages.describe(name),
      reason: () => messages.bucketsAreNumbers(),
    });
  }
  const limit = checkLimit(body, node);
  const inside = checkInside(body, node, null, [bucket, count]);
  return () => ({
    kind: "foreachBucket",
    bucket: (bucket ?? unbuildable(span)).local(),
    count: count && count.local(),
    histogram: (histogram ?? (() => unbuildable(span)))(),
    limit: limit && limit.build(),
    descending: node.sort?.direction === "descending",
    body: inside(),
    span,
  });
}
