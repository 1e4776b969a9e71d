/** The drawing of a histogram as a string inside a probe: what `drawHistogram` makes, row by row until the string is full. */
import type { Histogram } from "../../check/program.js";
import { drawingOptions } from "../../limits.js";
import { LOG_ZERO_BUCKET, MARGIN, rowLabel, widthsAtEnds } from "../../text/histogram.js";
import type { Emitter } from "../emitter.js";
import { StringBuilder } from "../string_builder.js";
import { stringLength } from "../strings.js";
import { bufferSize, type Operand, type Register, type StringValue } from "../values.js";

/** A number of 20 digits, or a label with its mark. */
const LONGEST_LABEL = 24;
const TITLE = "value";

export function drawHistogramText(
  emit: Emitter,
  scale: Histogram["scale"],
  buckets: number,
  count: number,
): StringValue {
  return new HistogramText(emit, scale, buckets, count).draw();
}

class HistogramText {
  private readonly elision: number;
  private readonly width: number;
  private readonly builder: StringBuilder;
  private readonly first: number;
  private readonly last: number;
  private readonly largest: number;
  private readonly labelWidth: number;
  private readonly perMark: number;
  private readonly countEnd: number;
  private readonly isElided: number;
  private readonly row: number;
  private readonly labels: string;

  constructor(
    private readonly emit: Emitter,
    private readonly scale: Histogram["scale"],
    /** Where in scratch memory the counts lie. */
    private readonly buckets: number,
    private readonly count: number,
  ) {
    const { elision, width } = drawingOptions(emit.limits);
    this.elision = elision;
    this.width = width;
    this.builder = new StringBuilder(
      emit,
      emit.maxStringLength,
      Math.min(emit.maxStringLength, bufferSize(LONGEST_LABEL + width)),
    );
    const word = (): number => emit.allocate(8);
    [this.first, this.last, this.largest, this.labelWidth] = [word(), word(), word(), word()];
    [this.perMark, this.countEnd, this.isElided, this.row] = [word(), word(), word(), word()];
    this.labels = this.table("labels", LONGEST_LABEL, (bucket) =>
      Uint8Array.from(rowLabel(bucket, count, scale), (character) => character.charCodeAt(0)),
    );
  }

  draw(): StringValue {
    const { emit, builder, count } = this;
    this.findRange();
    this.measure();
    const labelWidth = (): Register => emit.load("scratch", this.labelWidth);
    builder.appendFill(" ", emit.alu("sub", labelWidth(), BigInt(TITLE.length)), LONGEST_LABEL);
    builder.append({ kind: "literal", text: `${TITLE} |` });
    builder.appendFill("-", BigInt(this.width), this.mostBar());
    builder.append({ kind: "literal", text: " count\n" });
    emit.store("scratch", this.isElided, 0n);
    const done = emit.exit("drawn");
    emit.loop(BigInt(count), (turn) => {
      const bucket = emit.alu("add", emit.load("scratch", this.first), turn);
      emit.when("sgt", bucket, emit.load("scratch", this.last), () => emit.leave(done));
      emit.store("scratch", this.row, bucket);
      const next = emit.label("row");
      if (this.elision >= 0) {
        const isNear = this.isNearSomething();
        const shown = emit.label("shown");
        emit.branch("ne", isNear, 0n, shown);
        emit.store("scratch", this.isElided, 1n);
        emit.jump(next);
        emit.place(shown);
        emit.when("ne", emit.load("scratch", this.isElided), 0n, () => {
          builder.appendFill(" ", labelWidth(), LONGEST_LABEL);
          builder.append({ kind: "literal", text: " ~\n" });
          emit.store("scratch", this.isElided, 0n);
        });
      }
      emit.temporaries(() => this.drawRow());
      emit.place(next);
    });
    emit.placeExit(done);
    builder.append({ kind: "literal", text: "\n" });
    return builder.finish();
  }

  /** First and last row, and the largest count. */
  private findRange(): void {
    const { emit, scale, count } = this;
    const nothing = BigInt(scale.kind === "log" ? LOG_ZERO_BUCKET : 1);
    const found = emit.allocate(8);
    emit.store("scratch", found, 0n);
    emit.store("scratch", this.largest, 0n);
    emit.store("scratch", this.first, nothing);
    emit.store("scratch", this.last, nothing);
    emit.loop(BigInt(count), (bucket) => {
      const held = this.heldBy(bucket);
      const empty = emit.label("empty");
      emit.branch("eq", held, 0n, empty);
      emit.when("eq", emit.load("scratch", found), 0n, () => emit.store("scratch", this.first, bucket));
      emit.store("scratch", found, 1n);
      emit.store("scratch", this.last, bucket);
      emit.when("ugt", held, emit.load("scratch", this.largest), () => emit.store("scratch", this.largest, held));
      emit.place(empty);
    });
    const end = BigInt(count - 1);
    const first = emit.set(emit.load("scratch", this.first));
    const lowest = emit.set(0n);
    if (scale.kind === "log")
      emit.when("uge", first, BigInt(LOG_ZERO_BUCKET), () => emit.assign(lowest, BigInt(LOG_ZERO_BUCKET)));
    emit.assign(first, emit.alu("sub", first, BigInt(MARGIN)));
    emit.when("slt", first, lowest, () => emit.assign(first, lowest));
    const last = emit.alu("add", emit.load("scratch", this.last), BigInt(MARGIN));
    emit.when("sgt", last, end, () => emit.assign(last, end));
    if (scale.kind === "linear") {
      const isNotFirst = emit.label("first");
      emit.branch("ne", first, 0n, isNotFirst);
      emit.when("eq", emit.load("scratch", this.buckets), 0n, () => emit.assign(first, 1n));
      emit.place(isNotFirst);
      const isNotLast = emit.label("last");
      emit.branch("ne", last, end, isNotLast);
      emit.when("eq", emit.load("scratch", this.buckets + 8 * (count - 1)), 0n, () => emit.assign(last, end - 1n));
      emit.place(isNotLast);
    }
    emit.store("scratch", this.first, first);
    emit.store("scratch", this.last, last);
  }

  /** How wide labels and counts are, and what one mark of a bar stands for. */
  private measure(): void {
    const { emit, scale, count } = this;
    const width = emit.set(BigInt(TITLE.length));
    for (const [name, place, side] of [
      ["first", this.first, 0],
      ["last", this.last, 1],
    ] as const) {
      const table = this.table(`${name}_widths`, 1, (bucket) =>
        Uint8Array.of(widthsAtEnds(bucket, bucket, count, scale)[side]),
      );
      const own = emit.load(emit.alu("add", emit.mapValue(table), this.bounded(emit.load("scratch", place))), 0, 1);
      emit.when("ugt", own, width, () => emit.assign(width, own));
    }
    emit.store("scratch", this.labelWidth, width);
    const bar = BigInt(this.width);
    emit.store("scratch", this.perMark, 1n);
    const largest = emit.load("scratch", this.largest);
    emit.when("ugt", largest, bar, () =>
      emit.store("scratch", this.perMark, emit.alu("udiv", emit.alu("add", largest, bar - 1n), bar)),
    );
    emit.temporaries(() =>
      emit.store("scratch", this.countEnd, emit.alu("add", stringLength(emit, this.digitsOf(this.largest)), bar + 1n)),
    );
  }

  private drawRow(): void {
    const { emit, builder } = this;
    const bucket = this.bounded(emit.load("scratch", this.row));
    const held = emit.allocate(8);
    emit.store("scratch", held, this.heldBy(bucket));
    const label = { kind: "bytes", offset: emit.allocate(LONGEST_LABEL), size: LONGEST_LABEL } as const;
    const from = emit.alu(
      "add",
      emit.mapValue(this.labels),
      emit.alu("mul", this.bounded(emit.load("scratch", this.row)), BigInt(LONGEST_LABEL)),
    );
    for (let at = 0; at < LONGEST_LABEL; at += 8) emit.store("scratch", label.offset + at, emit.load(from, at));
    const missing = emit.alu("sub", emit.load("scratch", this.labelWidth), stringLength(emit, label));
    builder.appendFill(" ", missing, LONGEST_LABEL);
    builder.append(label);
    builder.append({ kind: "literal", text: " |" });
    const bar = emit.allocate(8);
    emit.store("scratch", bar, emit.alu("udiv", emit.load("scratch", held), emit.load("scratch", this.perMark)));
    builder.appendFill("@", emit.load("scratch", bar), this.mostBar());
    const digits = this.digitsOf(held);
    const behind = emit.alu("sub", emit.load("scratch", this.countEnd), emit.load("scratch", bar));
    builder.appendFill(" ", emit.alu("sub", behind, stringLength(emit, digits)), this.mostBar() + LONGEST_LABEL);
    builder.append(digits);
    builder.append({ kind: "literal", text: "\n" });
  }

  /** 1 where the row, or one that is not farther than rows are left out for, has something. */
  private isNearSomething(): Operand {
    const { emit } = this;
    const near = emit.allocate(8);
    emit.store("scratch", near, 0n);
    const done = emit.exit("near");
    emit.loop(BigInt(2 * this.elision + 1), (turn) => {
      const further = emit.label("further");
      const bucket = emit.alu("sub", emit.alu("add", emit.load("scratch", this.row), turn), BigInt(this.elision));
      emit.branch("slt", bucket, emit.load("scratch", this.first), further);
      emit.branch("sgt", bucket, emit.load("scratch", this.last), further);
      emit.branch("eq", this.heldBy(bucket), 0n, further);
      emit.store("scratch", near, 1n);
      emit.leave(done);
      emit.place(further);
    });
    emit.placeExit(done);
    return emit.load("scratch", near);
  }

  private digitsOf(place: number): Extract<StringValue, { kind: "bytes" }> {
    const digits = new StringBuilder(this.emit, LONGEST_LABEL, LONGEST_LABEL);
    digits.appendNumber("%llu", this.emit.load("scratch", place));
    return digits.finish();
  }

  private heldBy(bucket: Register): Register {
    const { emit } = this;
    return emit.load(emit.alu("add", emit.scratchAddress(this.buckets), emit.alu("lsh", this.bounded(bucket), 3n)), 0);
  }

  /** Never out of range, but the verifier has to see that. */
  private bounded(bucket: Register): Register {
    const { emit } = this;
    const bounded = emit.set(bucket);
    const last = BigInt(this.count - 1);
    emit.when("ugt", bounded, last, () => emit.assign(bounded, last));
    return bounded;
  }

  private mostBar(): number {
    return Math.min(this.width, this.emit.maxStringLength);
  }

  /** Something of each bucket, in so many bytes. */
  private table(name: string, size: number, contentsOf: (bucket: number) => Uint8Array): string {
    const contents = new Uint8Array(size * this.count);
    for (let bucket = 0; bucket < this.count; bucket++) contents.set(contentsOf(bucket), bucket * size);
    const { scale } = this;
    const id = scale.kind === "log" ? "log" : `${scale.low}_${scale.high}_${scale.step}`;
    return this.emit.tables.constant(`histogram_${name}_${id}`, contents);
  }
}
