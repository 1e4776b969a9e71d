/** Printing in the kernel: arguments go raw into the handler's output, and the output as one record into the ring buffer. */
import { HELPER } from "../bpf/helper_functions.js";
import {
  COUNTER_LOST,
  FIXED_TEXT,
  OUTPUT_SIZE,
  RECORD_KIND_BITS,
  RECORD_OUTPUT,
  RECORD_OUTPUT_PART,
  RING_MAP,
  type PrintedShape,
} from "../compiled.js";
import type { FormatPiece } from "../text/format.js";
import { OUTPUT_LENGTH, OUTPUT_PART, type Emitter } from "./emitter.js";
import { FieldLayout } from "./field_layout.js";
import { readMemory, type ReadMemory } from "./format_memory.js";
import { KernelCannot } from "./kernel_cannot.js";
import { asBytes, stringSize } from "./strings.js";
import type { KernelValue, Operand, Register, StringValue } from "./values.js";

/** The verifier takes every padded text for up to seven bytes longer than it can be; a print has at most 32. */
const PADDING_DOUBT = 256;

/** The consumer looks every few milliseconds by itself; waking it for each record would cost more than the record. */
const NO_WAKEUP = 1n;

type PrintedValue = KernelValue | ({ readonly kind: "memory" } & ReadMemory);

export function emitPrint(
  emit: Emitter,
  pieces: readonly FormatPiece[],
  given: readonly KernelValue[],
  stream: "stdout" | "stderr",
): void {
  const values = withMemory(emit, pieces, given);
  const shapes = values.map((value) => shapeOf(emit, value));
  const site = emit.tables.printSite({ kind: "format", pieces, arguments: shapes, stream });
  const bound = 8 + shapes.reduce((sum, shape) => sum + encodedBound(shape), 0);
  const end = reserveOutput(emit, bound, (entry, position) => {
    emit.store(entry, 0, BigInt(site), 4);
    const writer = new EntryWriter(emit, entry);
    values.forEach((value) => writer.write(value));
    emit.store(entry, 4, writer.length(), 4);
    emit.store("scratch", OUTPUT_LENGTH, emit.alu("add", position, emit.alu("add", writer.length(), 8n)));
  });
  emit.place(end);
}

/** Memory that `%m` and `%M` print is read now: later it may be another. */
function withMemory(
  emit: Emitter,
  pieces: readonly FormatPiece[],
  values: readonly KernelValue[],
): readonly PrintedValue[] {
  let place = 0;
  const printed: PrintedValue[] = [...values];
  const takeLong = (): Operand => {
    const value = values[place++];
    if (value?.kind !== "long") throw new Error("the format wants a number here");
    return value.operand;
  };
  for (const piece of pieces) {
    if (piece.kind === "literal") continue;
    if (piece.conversion === "m" || piece.conversion === "M") {
      const layout = new FieldLayout(emit, piece, takeLong);
      const address = takeLong();
      printed[place - 1] = { kind: "memory", ...readMemory(emit, piece, layout, address) };
    } else place += 1 + Number(piece.width === "*") + Number(piece.precision === "*");
  }
  return printed;
}

/** Sends what is gathered at the end of the handler; does nothing where nothing is. */
export function flushOutput(emit: Emitter): void {
  if (emit.output === null) return;
  const { output } = emit;
  sendOutput(emit, output, () => {
    const head = emit.alu("or", emit.load("scratch", OUTPUT_PART), BigInt(RECORD_OUTPUT));
    emit.store("scratch", output, head, 4);
  });
}

/** Sends a buffer that is full; whoever reads it keeps it until the rest comes, lest another CPU's come in between. */
function flushPart(emit: Emitter, output: number): void {
  sendOutput(emit, output, () => {
    const cpu = emit.alu("add", emit.call(HELPER.get_smp_processor_id, []), 1n);
    const part = emit.alu("lsh", cpu, BigInt(RECORD_KIND_BITS));
    emit.store("scratch", OUTPUT_PART, part);
    emit.store("scratch", output, emit.alu("or", part, BigInt(RECORD_OUTPUT_PART)), 4);
  });
}

function sendOutput(emit: Emitter, output: number, writeKind: () => void): void {
  const done = emit.label("flushed");
  // First, since it may call: the verifier would forget how long the output can be.
  writeKind();
  emit.store("scratch", output + 4, BigInt(emit.handler), 4);
  const length = emit.load("scratch", OUTPUT_LENGTH);
  emit.branch("ule", length, 8n, done);
  emit.branch("ugt", length, BigInt(OUTPUT_SIZE), done);
  const result = emit.call(HELPER.ringbuf_output, [emit.map(RING_MAP), { scratch: output }, length, NO_WAKEUP]);
  emit.when("ne", result, 0n, () => emit.count(COUNTER_LOST));
  emit.store("scratch", OUTPUT_LENGTH, 8n);
  emit.place(done);
}

/** Makes room for an entry and calls `fill` with its address; returns the label that the caller puts behind. */
export function reserveOutput(
  emit: Emitter,
  bound: number,
  fill: (entry: Register, position: Register) => void,
): string {
  if (bound > OUTPUT_SIZE - 8)
    throw new KernelCannot(`one print may send at most ${OUTPUT_SIZE - 8} bytes, and this one could need ${bound}`);
  const output = (emit.output ??= emit.allocatePermanent(OUTPUT_SIZE + PADDING_DOUBT));
  const limit = BigInt(OUTPUT_SIZE - bound);
  const end = emit.label("printed");
  emit.when("ugt", emit.load("scratch", OUTPUT_LENGTH), limit, () => flushPart(emit, output));
  const position = emit.load("scratch", OUTPUT_LENGTH);
  emit.branch("ugt", position, limit, end);
  fill(emit.alu("add", emit.scratchAddress(output), position), position);
  return end;
}

/** Writes arguments one behind the other; behind the first long text the place depends on its length. */
class EntryWriter {
  private fixed = 8;
  private variable: Register | null = null;
  private cursor: Register;

  constructor(
    private readonly emit: Emitter,
    entry: Register,
  ) {
    this.cursor = entry;
  }

  /** Bytes of the arguments. */
  length(): Operand {
    const fixed = BigInt(this.fixed - 8);
    return this.variable === null ? fixed : this.emit.alu("add", this.variable, fixed);
  }

  write(value: PrintedValue): void {
    if (value.kind === "memory") return this.writeMemory(value);
    if (value.kind === "long" || value.kind === "names" || value.kind === "stack") {
      this.emit.store(this.cursor, this.fixed, value.operand);
      this.fixed += 8;
      return;
    }
    const size = stringSize(this.emit, value);
    if (size <= FIXED_TEXT) this.writeShort(value, size);
    else this.writeLong(value, size);
  }

  private writeMemory({ offset, size, count }: ReadMemory): void {
    const emit = this.emit;
    emit.store(this.cursor, this.fixed, emit.load("scratch", count));
    const target = emit.alu("add", this.cursor, BigInt(this.fixed + 8));
    emit.call(HELPER.probe_read_kernel, [target, BigInt(size), emit.scratchAddress(offset)]);
    this.fixed += 8 + size;
  }

  private writeShort(value: StringValue, size: number): void {
    const { offset } = asBytes(this.emit, value);
    for (let at = 0; at < size; at += 8)
      this.emit.store(this.cursor, this.fixed + at, this.emit.load("scratch", offset + at));
    this.fixed += size;
  }

  private writeLong(value: StringValue, size: number): void {
    const emit = this.emit;
    const { offset } = asBytes(emit, value);
    const target = emit.alu("add", this.cursor, BigInt(this.fixed + 8));
    const copied = emit.set(
      emit.call(HELPER.probe_read_kernel_str, [target, BigInt(size), emit.scratchAddress(offset)]),
    );
    // Never out of range, but the verifier has to see that.
    emit.when("ugt", copied, BigInt(size), () => emit.assign(copied, 1n));
    emit.when("eq", copied, 0n, () => emit.assign(copied, 1n));
    emit.store(this.cursor, this.fixed, emit.alu("sub", copied, 1n));
    const padded = emit.alu("and", emit.alu("add", copied, 7n), -8n);
    this.fixed += 8;
    this.cursor = emit.alu("add", this.cursor, padded);
    this.variable = this.variable === null ? padded : emit.alu("add", this.variable, padded);
  }
}

function shapeOf(emit: Emitter, value: PrintedValue): PrintedShape {
  switch (value.kind) {
    case "memory":
      return { kind: "memory", size: value.size };
    case "long":
      return { kind: "long" };
    case "names":
      return { kind: "names", set: value.set };
    case "stack":
      return { kind: "stack", form: value.form };
    case "literal":
    case "symbol":
      return { kind: "bytes", size: stringSize(emit, value) };
    case "bytes":
      return { kind: "bytes", size: value.size, ...(value.shownAs ? { shownAs: value.shownAs } : {}) };
  }
}

function encodedBound(shape: PrintedShape): number {
  if (shape.kind === "memory") return 8 + shape.size;
  if (shape.kind !== "bytes") return 8;
  return shape.size <= FIXED_TEXT ? shape.size : 8 + shape.size;
}
