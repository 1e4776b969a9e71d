/** What programs send through the ring buffer, read back. */
import type { HistogramOutput, Value } from "../compiler/closures/runtime.js";
import { histogramOutput } from "../compiler/closures/statistics.js";
import {
  FIXED_TEXT,
  RECORD_ABORT,
  RECORD_ERROR,
  RECORD_EXIT,
  RECORD_KIND_BITS,
  RECORD_NESTED_ERROR,
  RECORD_OUTPUT,
  RECORD_OUTPUT_PART,
  RECORD_PROCESS,
  type PrintedShape,
  type PrintSite,
} from "../compiler/compiled.js";
import { renderFormat, type FormatPiece } from "../compiler/text/format.js";
import type { DrawingOptions } from "../compiler/text/histogram.js";
import type { HeldOutput } from "./held_output.js";
import { bytesToText, decodeField, shownText, type FieldTexts } from "./codec.js";

/** Takes what records say, one call each. */
export interface RecordReader {
  /** `pieces` and `values`: what the text was made of. */
  output(
    handler: number,
    text: string,
    stream: "stdout" | "stderr",
    pieces?: readonly FormatPiece[],
    values?: readonly Value[],
  ): void;
  /** Where absent, a histogram comes to `output` as SystemTap's drawing. */
  histogram?(handler: number, histogram: HistogramOutput): void;
  /** How histograms are drawn; SystemTap's own way where absent. */
  readonly drawing?: DrawingOptions;
  /** `chains`: numbers of the script's call chains that led there, innermost first, behind those of the site. */
  error(handler: number, site: number, number: bigint, text: string, chains: readonly number[]): void;
  exit(handler: number): void;
  abort(handler: number): void;
  /** A stack of this process is in the table for the first time. */
  process?(pid: number): void;
  /** Where output waits for the rest of what its handler prints; where absent, it comes in parts. */
  readonly held?: HeldOutput;
  /** For stacks and symbols that are printed. */
  readonly texts?: FieldTexts;
}

/** Each record of a batch: 32-bit length, 4 bytes of padding, the data, padding to a multiple of 8. */
export function readRecords(batch: Uint8Array, sites: readonly PrintSite[], reader: RecordReader): void {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  for (let offset = 0; offset + 8 <= batch.length;) {
    const length = view.getUint32(offset, true);
    readRecord(batch, view, offset + 8, length, sites, reader);
    offset += 8 + padded(length);
  }
}

function readRecord(
  batch: Uint8Array,
  view: DataView,
  start: number,
  length: number,
  sites: readonly PrintSite[],
  reader: RecordReader,
): void {
  const head = view.getUint32(start, true);
  const kind = head & ((1 << RECORD_KIND_BITS) - 1);
  const handler = view.getUint32(start + 4, true);
  switch (kind) {
    case RECORD_OUTPUT:
      if (head !== kind) reader.held?.release(handler, head >>> RECORD_KIND_BITS);
      return readOutput(batch, view, start + 8, start + length, sites, handler, reader);
    case RECORD_OUTPUT_PART: {
      const { held } = reader;
      if (!held) return readOutput(batch, view, start + 8, start + length, sites, handler, reader);
      // A copy: the memory of the batch is used again.
      const own = new Uint8Array(batch.subarray(start, start + length));
      const ownView = new DataView(own.buffer);
      return held.hold(handler, head >>> RECORD_KIND_BITS, () =>
        readOutput(own, ownView, 8, own.length, sites, handler, reader),
      );
    }
    case RECORD_ERROR:
    case RECORD_NESTED_ERROR:
      return reader.error(
        handler,
        Number(view.getBigUint64(start + 8, true)),
        view.getBigInt64(start + 16, true),
        bytesToText(batch, start + 24, length - 24),
        kind === RECORD_NESTED_ERROR ? readChains(view, start + length) : [],
      );
    case RECORD_EXIT:
      return reader.exit(handler);
    case RECORD_ABORT:
      return reader.abort(handler);
    case RECORD_PROCESS:
      return reader.process?.(Number(view.getBigUint64(start + 8, true)));
    default:
      throw new Error(`a record of unknown kind ${kind} came from the kernel`);
  }
}

function readChains(view: DataView, end: number): number[] {
  const word = (offset: number): number => Number(view.getBigUint64(offset, true));
  const start = end - 8 - 8 * word(end - 8);
  return Array.from({ length: word(start - 8) }, (_, index) => word(start + 8 * index));
}

function readOutput(
  batch: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  sites: readonly PrintSite[],
  handler: number,
  reader: RecordReader,
): void {
  for (let offset = start; offset < end;) {
    const site = sites[view.getUint32(offset, true)];
    if (!site) throw new Error("an output record names no print statement");
    if (site.kind === "format") {
      const values = readArguments(batch, view, offset + 8, site.arguments, reader.texts);
      reader.output(handler, renderFormat(site.pieces, values), site.stream, site.pieces, values);
    } else {
      const histogram = readHistogram(view, offset + 8, site, reader.drawing);
      if (reader.histogram) reader.histogram(handler, histogram);
      else reader.output(handler, histogram.text, "stdout");
    }
    offset += 8 + view.getUint32(offset + 4, true);
  }
}

/** Count, sum, maximum and minimum, then the buckets. */
function readHistogram(
  view: DataView,
  start: number,
  { label, scale, buckets }: Extract<PrintSite, { kind: "histogram" }>,
  drawing: DrawingOptions | undefined,
): HistogramOutput {
  const word = (index: number): bigint => view.getBigInt64(start + index * 8, true);
  const counts = Array.from({ length: buckets }, (_, index) => word(4 + index));
  const isLog = scale.kind === "log";
  const statistic = {
    count: word(0),
    sum: word(1),
    max: word(2),
    min: word(3),
    sumOfSquares: null,
    log: isLog ? counts : null,
    linear: isLog ? [] : [{ scale, counts }],
  };
  return histogramOutput({ scale }, label, statistic, drawing);
}

function readArguments(
  batch: Uint8Array,
  view: DataView,
  start: number,
  shapes: readonly PrintedShape[],
  texts: FieldTexts | undefined,
): Value[] {
  let offset = start;
  return shapes.map((shape) => {
    const at = offset;
    // The most frequent by far, and without a view of its own.
    if (shape.kind === "long") {
      offset += 8;
      return view.getBigInt64(at, true);
    }
    if (shape.kind === "memory") {
      offset += 8 + shape.size;
      const bytes = batch.subarray(at + 8, at + 8 + Number(view.getBigUint64(at, true)));
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    }
    if (shape.kind !== "bytes" || shape.size <= FIXED_TEXT) {
      offset += shape.kind === "bytes" ? shape.size : 8;
      return decodeField(shape, batch, at, texts);
    }
    const length = Number(view.getBigUint64(at, true));
    offset += 8 + padded(length + 1);
    return shownText(shape, bytesToText(batch, at + 8, length), texts);
  });
}

function padded(length: number): number {
  return (length + 7) & ~7;
}
