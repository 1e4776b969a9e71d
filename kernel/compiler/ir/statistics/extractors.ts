/** `@count`, `@avg`, … in the kernel. */
import type { Extractor, GlobalVariable } from "../../check/program.js";
import { signedDivide } from "../arithmetic.js";
import type { Emitter } from "../emitter.js";
import { raise } from "../errors.js";
import { MergedStatistic, type MergeRequest } from "./merged_statistic.js";
import { percentile } from "./percentiles.js";
import type { Operand } from "../values.js";
import { variance } from "./variance.js";

/** What an extractor needs of every CPU's share. */
export function requestOf(extractor: Extractor): MergeRequest {
  return extractor === "variance" ? { squares: true } : {};
}

/** The extractor of a statistic whose key lies in scratch memory; raises the error of an empty one. */
export function extract(emit: Emitter, extractor: Extractor, global: GlobalVariable, key: number): Operand {
  const merged = new MergedStatistic(emit, global, key, requestOf(extractor));
  if (extractor !== "count" && extractor !== "sum") raiseIfEmpty(emit, merged);
  return extractFrom(emit, extractor, merged);
}

/** The same of one that is merged already, which holds something. */
export function extractFrom(emit: Emitter, extractor: Extractor, merged: MergedStatistic): Operand {
  if (typeof extractor === "object") return percentile(emit, extractor.percent, merged);
  switch (extractor) {
    case "count":
    case "sum":
    case "min":
    case "max":
      return merged[extractor];
    case "avg":
      return signedDivide(emit, merged.sum, merged.count, "udiv");
    case "variance":
      return variance(emit, merged);
  }
}

export function raiseIfEmpty(emit: Emitter, merged: MergedStatistic): void {
  emit.when("eq", merged.count, 0n, () => raise(emit, "empty aggregate"));
}
