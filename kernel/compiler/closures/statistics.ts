/** Statistics: recording, the extractors and histograms. */
import type { Expression, Extractor, Histogram, StatisticTarget } from "../check/program.js";
import { percentileOf } from "../percentiles.js";
import { drawingOptions } from "../limits.js";
import { drawHistogram, type DrawingOptions } from "../text/histogram.js";
import { rethrowAt, unsupported, type ClosureCompiler, type Frame, type ValueClosure } from "./frame.js";
import { compileKey } from "./globals.js";
import { ScriptError, type HistogramOutput, type Statistic } from "./runtime.js";

type Kind<Name extends Expression["kind"]> = Extract<Expression, { readonly kind: Name }>;

const EMPTY_AGGREGATE = "empty aggregate";
const LARGEST_LONG = (1n << 63n) - 1n;

export function compileRecord({ target, value, span }: Kind<"record">, compiler: ClosureCompiler): ValueClosure {
  const key = compileKey(target.key, compiler);
  const closure = compiler.long(value);
  const { global } = target;
  return (frame) => {
    const at = key(frame);
    const recorded = closure(frame);
    try {
      frame.execution.runtime.store(global).record(at, recorded);
    } catch (error) {
      rethrowAt(error, span);
    }
    return recorded;
  };
}

/** The statistic at that place; undefined where nothing was ever recorded there. */
function compileStatistic(
  { global, key }: StatisticTarget,
  compiler: ClosureCompiler,
): (frame: Frame) => Statistic | undefined {
  const closure = compileKey(key, compiler);
  return (frame) => frame.execution.runtime.store(global).getStatistic(closure(frame));
}

export function compileExtract({ target, extractor, span }: Kind<"extract">, compiler: ClosureCompiler): ValueClosure {
  const find = compileStatistic(target, compiler);
  const emptyIsZero = extractor === "count" || extractor === "sum";
  return (frame) => {
    try {
      const statistic = find(frame);
      if (statistic && statistic.count !== 0n) return extract(statistic, extractor);
    } catch (error) {
      return rethrowAt(error, span);
    }
    if (emptyIsZero) return 0n;
    throw new ScriptError(EMPTY_AGGREGATE, span);
  };
}

/** What an extractor makes of a statistic, as a number of the language. */
export function extract(statistic: Statistic, extractor: Extractor): bigint {
  if (typeof extractor === "object") return percentile(requireSome(statistic), extractor.percent);
  switch (extractor) {
    case "count":
    case "sum":
      return statistic[extractor];
    case "min":
    case "max":
      return requireSome(statistic)[extractor];
    case "avg":
      return requireSome(statistic).sum / statistic.count;
    case "variance": {
      const { numerator, denominator } = sampleVariance(requireSome(statistic));
      // Below zero only while a CPU is recording: its count is here and its squares are not yet.
      if (numerator < 0n) return 0n;
      const rounded = (2n * numerator + denominator) / (2n * denominator);
      // The largest number says "more than this can hold"; wrapping around would say something false.
      return rounded > LARGEST_LONG ? LARGEST_LONG : rounded;
    }
  }
}

function percentile(statistic: Statistic, percent: bigint): bigint {
  if (!statistic.percentiles) throw unsupported("@percentile of a statistic without its buckets");
  return percentileOf(statistic, statistic.percentiles, percent);
}

function requireSome(statistic: Statistic): Statistic {
  if (statistic.count === 0n) throw new ScriptError(EMPTY_AGGREGATE);
  return statistic;
}

/** The sample variance as an exact fraction; 0 for a single value. The statistic must keep its squares. */
export function sampleVariance(statistic: Statistic): { readonly numerator: bigint; readonly denominator: bigint } {
  const { count, sumOfSquares } = statistic;
  if (sumOfSquares === null) throw unsupported("@variance of a statistic without squares");
  if (count < 2n) return { numerator: 0n, denominator: 1n };
  const sum = exactSum(statistic);
  return { numerator: count * sumOfSquares - sum * sum, denominator: count * (count - 1n) };
}

/** Undoes the wrap of the 64-bit sum: of the sums that it may stand for, the smallest that these extremes allow. */
function exactSum({ count, sum, min }: Statistic): bigint {
  const least = count * min;
  return least + BigInt.asUintN(64, sum - least);
}

/** One count a bucket, both out-of-range buckets included. */
function histogramCounts({ scale }: Pick<Histogram, "scale">, statistic: Statistic): readonly bigint[] {
  if (scale.kind === "log") {
    if (statistic.log) return statistic.log;
  } else {
    const kept = statistic.linear.find(
      ({ scale: other }) => other.low === scale.low && other.high === scale.high && other.step === scale.step,
    );
    if (kept) return kept.counts;
  }
  throw unsupported(`a histogram that the statistic does not keep`);
}

/** The closure that gives a histogram's counts. */
export function compileHistogramCounts(
  histogram: Histogram,
  compiler: ClosureCompiler,
): (frame: Frame) => readonly bigint[] {
  const find = compileHistogramStatistic(histogram, compiler);
  return (frame) => histogramCounts(histogram, find(frame));
}

function compileHistogramStatistic(histogram: Histogram, compiler: ClosureCompiler): (frame: Frame) => Statistic {
  const { span } = histogram;
  const find = compileStatistic(histogram.target, compiler);
  return (frame) => {
    try {
      const statistic = find(frame);
      if (statistic && statistic.count !== 0n) return statistic;
    } catch (error) {
      return rethrowAt(error, span);
    }
    throw new ScriptError(EMPTY_AGGREGATE, span);
  };
}

export function compileBucket({ histogram, index, span }: Kind<"bucket">, compiler: ClosureCompiler): ValueClosure {
  const counts = compileHistogramCounts(histogram, compiler);
  const closure = compiler.long(index);
  return (frame) => {
    const bucket = closure(frame);
    const count = counts(frame)[Number(bucket)];
    if (count === undefined) throw new ScriptError("histogram index out of range", span);
    return count;
  };
}

/** A histogram ready to be shown: its numbers and SystemTap's drawing. */
export function histogramOutput(
  histogram: Pick<Histogram, "scale">,
  label: string,
  statistic: Statistic,
  drawing?: DrawingOptions,
): HistogramOutput {
  const counts = histogramCounts(histogram, statistic);
  return { label, scale: histogram.scale, statistic, counts, text: drawHistogram(counts, histogram.scale, drawing) };
}

/** The closure that makes a histogram ready to be shown. */
export function compileHistogramOutput(
  histogram: Histogram,
  label: string,
  compiler: ClosureCompiler,
): (frame: Frame) => HistogramOutput {
  const find = compileHistogramStatistic(histogram, compiler);
  return (frame) => histogramOutput(histogram, label, find(frame), drawingOptions(frame.execution.runtime.limits));
}

export function compilePrintHistogram(expression: Kind<"printHistogram">, compiler: ClosureCompiler): ValueClosure {
  const output = compileHistogramOutput(expression.histogram, expression.label, compiler);
  if (expression.toString) return (frame) => frame.execution.bound(output(frame).text);
  return (frame) => {
    frame.execution.runtime.printHistogram(output(frame));
    return 0n;
  };
}
