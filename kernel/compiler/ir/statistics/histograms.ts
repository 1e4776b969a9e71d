/** Histograms in the kernel: their buckets by number and in loops, and their way to whoever draws them. */
import { HELPER } from "../../bpf/helper_functions.js";
import { OUTPUT_LENGTH } from "../emitter.js";
import type { Expression, Histogram, Statement } from "../../check/program.js";
import { LOG_BUCKETS, linearBuckets } from "../../layout.js";
import { raise } from "../errors.js";
import { lowerKey, lowerLong } from "../expressions.js";
import { raiseIfEmpty } from "./extractors.js";
import { drawHistogramText } from "./histogram_text.js";
import { MERGED_HEAD, MergedStatistic, partsOf } from "./merged_statistic.js";
import { reserveOutput } from "../print.js";
import type { Scope } from "../scope.js";
import { lowerStatement } from "../statements.js";
import type { Operand, Register, StringValue } from "../values.js";

interface MergedHistogram {
  readonly merged: MergedStatistic;
  readonly count: number;
}

/** All CPUs' buckets; raises the error of an empty statistic. */
function mergeHistogram(scope: Scope, { scale, target, span }: Histogram): MergedHistogram {
  const { emit } = scope;
  const { global, key } = target;
  const layout = emit.tables.layout(global.name);
  if (layout.value.kind !== "statistic") throw new Error(`${global.name} is no statistic`);
  const place = lowerKey(scope, global.name, key ?? []);
  const parts = partsOf(emit, global);
  const offset =
    scale.kind === "log"
      ? parts.log
      : parts.linear[
          layout.value.parts.linear.findIndex(
            ({ low, high, step }) => low === scale.low && high === scale.high && step === scale.step,
          )
        ];
  if (offset === null || offset === undefined) throw new Error(`${global.name} does not keep the histogram`);
  const count = scale.kind === "log" ? LOG_BUCKETS : linearBuckets(scale);
  const merged = new MergedStatistic(emit, global, place, { buckets: { offset, count } });
  emit.at(span);
  raiseIfEmpty(emit, merged);
  return { merged, count };
}

/** `@hist_log(x)[index]` */
export function lowerBucket(
  scope: Scope,
  { histogram, index, span }: Extract<Expression, { kind: "bucket" }>,
): Operand {
  const { emit } = scope;
  const wanted = emit.allocate(8);
  emit.store("scratch", wanted, lowerLong(scope, index));
  const histogramAt = mergeHistogram(scope, histogram);
  emit.at(span);
  const bucket = emit.load("scratch", wanted);
  emit.when("uge", bucket, BigInt(histogramAt.count), () => raise(emit, "histogram index out of range"));
  return loadBucket(scope, histogramAt, bucket);
}

/** `bucket` is one that there is. */
function loadBucket({ emit }: Scope, { merged, count }: MergedHistogram, bucket: Register): Register {
  // The verifier has forgotten the bound where the register was kept on the stack.
  const bounded = emit.set(bucket);
  const last = BigInt(count - 1);
  emit.when("ugt", bounded, last, () => emit.assign(bounded, last));
  return emit.load(emit.alu("add", emit.scratchAddress(merged.buckets), emit.alu("lsh", bounded, 3n)), 0);
}

/** `foreach (bucket in @hist_log(x))` */
export function lowerBucketLoop(scope: Scope, statement: Extract<Statement, { kind: "foreachBucket" }>): void {
  const { emit } = scope;
  emit.temporaries(() => {
    const done = emit.exit("bucketsdone");
    const remaining = emit.allocate(8);
    if (statement.limit) {
      emit.store("scratch", remaining, lowerLong(scope, statement.limit));
      // With nothing to do, the statistic is not looked at, which may fail.
      emit.when("sle", emit.load("scratch", remaining), 0n, () => emit.leave(done));
    }
    const histogram = mergeHistogram(scope, statement.histogram);
    const outer = scope.loop;
    emit.loop(BigInt(histogram.count), (turn) => {
      emit.at(statement.span);
      if (statement.limit) {
        const left = emit.load("scratch", remaining);
        emit.when("sle", left, 0n, () => emit.leave(done));
        emit.store("scratch", remaining, emit.alu("sub", left, 1n));
      }
      const bucket = statement.descending ? emit.alu("sub", BigInt(histogram.count - 1), turn) : turn;
      emit.store("scratch", scope.slot(statement.bucket).offset, bucket);
      if (statement.count)
        emit.store("scratch", scope.slot(statement.count).offset, loadBucket(scope, histogram, bucket));
      const next = emit.exit("turn");
      scope.loop = { done, next };
      lowerStatement(scope, statement.body);
      emit.placeExit(next);
    });
    scope.loop = outer;
    emit.placeExit(done);
  });
}

/** `sprint(@hist_log(x))`: the drawing, as much of it as a string holds. */
export function lowerHistogramText(scope: Scope, { scale, ...histogram }: Histogram): StringValue {
  const { merged, count } = mergeHistogram(scope, { scale, ...histogram });
  return drawHistogramText(scope.emit, scale, merged.buckets, count);
}

/** `print(@hist_log(x))`: count, sum, maximum, minimum and buckets go to user space, which draws them. */
export function lowerPrintHistogram(scope: Scope, expression: Extract<Expression, { kind: "printHistogram" }>): void {
  const { emit } = scope;
  const { histogram, label } = expression;
  const { merged, count } = mergeHistogram(scope, histogram);
  merged.settleExtremes();
  const site = emit.tables.printSite({ kind: "histogram", label, scale: histogram.scale, buckets: count });
  const size = (MERGED_HEAD + count) * 8;
  const end = reserveOutput(emit, 8 + size, (entry, position) => {
    emit.store(entry, 0, BigInt(site), 4);
    emit.store(entry, 4, BigInt(size), 4);
    emit.call(HELPER.probe_read_kernel, [emit.alu("add", entry, 8n), BigInt(size), emit.scratchAddress(merged.offset)]);
    emit.store("scratch", OUTPUT_LENGTH, emit.alu("add", position, BigInt(8 + size)));
  });
  emit.place(end);
}
