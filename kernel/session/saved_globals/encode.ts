/** Globals to the text of a file. */
import { createHash } from "node:crypto";
import type { Statistic, StoreEntry, Value } from "../../compiler/closures/runtime.js";
import type { GlobalType, LinearScale } from "../../compiler/check/program.js";
import { FORMAT, VERSION, type SavedFile, type SavedGlobal } from "./format.js";

export function encodeFile(file: SavedFile): string {
  const { tapbook, kernel, machine, architecture, time, globals } = file;
  const lines = [
    JSON.stringify({
      format: FORMAT,
      version: VERSION,
      tapbook,
      kernel,
      machine,
      architecture,
      time: time.toISOString(),
      globals: globals.length,
    }),
    ...globals.flatMap(globalLines),
  ];
  const text = lines.map((line) => `${line}\n`).join("");
  const sha256 = createHash("sha256").update(text, "utf8").digest("hex");
  return `${text}${JSON.stringify({ end: { lines: lines.length, sha256 } })}\n`;
}

function globalLines({ known, unit, origin, spaces, stacks, entries }: SavedGlobal): string[] {
  const { name, type, size, wrap, parts } = known;
  const head = {
    global: name,
    type,
    size,
    wrap,
    keeps: { ...parts, linear: parts.linear.map(scaleRecord), percentiles: parts.percentiles ?? false },
    ...(unit === undefined ? {} : { unit }),
    ...(origin === undefined ? {} : { origin }),
    stackColumns: spaces,
    stacks: stacks.length,
    elements: entries.length,
  };
  return [
    JSON.stringify(head),
    ...stacks.map(({ space, text, functions }) =>
      JSON.stringify({ stack: bytesRecord(text), space, functions: functions.map(bytesRecord) }),
    ),
    ...entries.map((entry) => JSON.stringify(elementRecord(type, entry))),
  ];
}

function elementRecord(type: GlobalType, { key, value, statistic }: StoreEntry): object {
  const columns = type.kind === "array" ? { key: key.map(valueRecord) } : {};
  return statistic ? { ...columns, statistic: statisticRecord(statistic) } : { ...columns, value: valueRecord(value) };
}

/** Whole numbers as decimal texts: many readers of JSON would round them. */
function valueRecord(value: Value): unknown {
  return typeof value === "bigint" ? String(value) : bytesRecord(value);
}

/** Bytes as the text that they are in UTF-8; others, which are none, in base 64. */
function bytesRecord(bytes: string): unknown {
  const buffer = Buffer.from(bytes, "latin1");
  const text = buffer.toString("utf8");
  return Buffer.from(text, "utf8").equals(buffer) ? text : { base64: buffer.toString("base64") };
}

function statisticRecord(statistic: Statistic): object {
  const { count, sum, min, max, sumOfSquares, log, linear, percentiles } = statistic;
  return {
    count: String(count),
    sum: String(sum),
    ...(count === 0n ? {} : { min: String(min), max: String(max) }),
    ...(sumOfSquares === null ? {} : { squares: String(sumOfSquares) }),
    ...(log === null ? {} : { log: filledBuckets(log) }),
    ...(linear.length === 0
      ? {}
      : { linear: linear.map(({ scale, counts }) => ({ ...scaleRecord(scale), buckets: filledBuckets(counts) })) }),
    ...(percentiles ? { percentiles: percentiles.map(([bucket, own]) => [bucket, String(own)]) } : {}),
  };
}

function scaleRecord({ low, high, step }: LinearScale): object {
  return { low: String(low), high: String(high), step: String(step) };
}

/** Most are empty. */
function filledBuckets(counts: readonly bigint[]): (readonly [number, string])[] {
  return counts.flatMap((count, bucket) => (count === 0n ? [] : [[bucket, String(count)] as const]));
}
