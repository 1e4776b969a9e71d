/** What the checker says of statistics and their histograms. */
import type { Span } from "../source.js";
import type { LinearScale } from "./program.js";
import { complaint, type Complaint } from "./messages.js";

export const notAStatistic = (user: string, text: string): Complaint =>
  complaint(
    "statistic/target",
    `${user} needs a statistic, and ${text} is none`,
    "Name a global that numbers are recorded in with `<<<`.",
  );

export const histogramAsValue = (): Complaint =>
  complaint(
    "statistic/histogram-value",
    "a histogram is neither a number nor a string",
    "Print it with print(@hist_log(x)), walk it with `foreach`, or read a bucket with `@hist_log(x)[i]`.",
  );

export const histogramAlone = (name: string): Complaint =>
  complaint(
    "print/histogram",
    `\`${name}\` cannot print a histogram together with other things`,
    "Use print(@hist_log(x)) alone, and print the rest before or after it.",
  );

export const bucketIndex = (): Complaint =>
  complaint("statistic/bucket", "a bucket has one number", "Write `@hist_log(x)[i]`.");

export const oneBucketVariable = (): Complaint =>
  complaint(
    "foreach/bucket",
    "a loop over a histogram has one variable, the number of the bucket",
    "Write `foreach (b in @hist_log(x))`.",
  );

export const slicedHistogram = (): Complaint =>
  complaint("foreach/bucket", "a histogram has no keys to select by", "Leave out the `[…]` after it.");

export const sortedHistogram = (): Complaint =>
  complaint(
    "foreach/bucket",
    "a loop over a histogram cannot be sorted by value",
    "Walk the buckets in order, `b+` or `b-`, and compare their counts.",
  );

export const percentOfPercentile = (): Complaint =>
  complaint(
    "statistic/parameter",
    "@percentile needs a number from 0 to 100",
    "Write it as a literal, such as @percentile(x, 99).",
  );

export const extraParameter = (extractor: string): Complaint =>
  complaint("statistic/parameter", `@${extractor} takes nothing but the statistic`, "Remove the extra argument.");

export const varianceShift = (): Complaint =>
  complaint(
    "statistic/parameter",
    "the shift of @variance is a number from 0 to 62",
    "Write a literal, or leave it out.",
  );

export const linearBounds = (): Complaint =>
  complaint(
    "statistic/linear",
    "@hist_linear needs a low bound, a high bound and a step",
    "Write numbers: `@hist_linear(x, 0, 100, 10)`.",
  );

export const wideBound = (): Complaint =>
  complaint(
    "statistic/linear",
    "the bounds of @hist_linear have 32 bits",
    "Record smaller numbers: divide before `<<<`.",
  );

export const linearStep = (): Complaint =>
  complaint("statistic/linear", "the step of @hist_linear must be greater than 0", "Write how wide one bucket is.");

export const reversedBounds = (): Complaint =>
  complaint("statistic/linear", "the high bound of @hist_linear is below the low one", "Swap them.");

export const tooManyBuckets = (buckets: bigint, maximum: bigint): Complaint =>
  complaint(
    "statistic/linear",
    `these are ${buckets} buckets, and ${maximum} is the most`,
    "Take a larger step or closer bounds.",
  );

export const linearHistogramText = ({ low, high, step }: LinearScale): string =>
  `@hist_linear(…, ${low}, ${high}, ${step})`;

export const partNotKept = (
  name: string,
  part: string,
  declared: { readonly name: string; readonly line: number; readonly span: Span },
): Complaint =>
  complaint(
    "statistic/not-kept",
    `\`${name}\` of ${declared.name} does not keep what ${part} needs`,
    `Declare it again, \`global ${name}\`, in a cell that uses ${part}.`,
    { span: declared.span, message: `${declared.name}, line ${declared.line} declared it` },
  );
