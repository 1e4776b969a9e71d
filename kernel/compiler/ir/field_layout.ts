/** Width and precision of one directive inside a probe, written out or given by `*`. */
import type { FormatConversion } from "../text/pieces.js";
import type { Emitter } from "./emitter.js";
import type { StringBuilder } from "./string_builder.js";
import type { Operand, Register } from "./values.js";

/** SystemTap's print buffer: no field is wider. */
const WIDEST_FIELD = 8192n;

/** Known now, or where in scratch memory it lies. */
type Size = bigint | { readonly scratch: number };

export class FieldLayout {
  readonly isWide: boolean;
  readonly isPrecise: boolean;
  private readonly widthSize: Size;
  private readonly precisionSize: Size;
  /** Flush left: by the flag, or by a width below zero, which is known only when it runs. */
  private readonly left: boolean | { readonly scratch: number };

  /** `takeLong` gives the next argument. */
  constructor(
    private readonly emit: Emitter,
    private readonly piece: FormatConversion,
    takeLong: () => Operand,
  ) {
    const { width, precision, flag } = piece;
    this.isWide = width !== null;
    this.isPrecise = precision !== null;
    // With a known flag the width's sign does not matter.
    let left: boolean | { readonly scratch: number } = flag === "-";
    if (width === "*") {
      const given = this.toSize(takeLong());
      if (!left) {
        left = { scratch: emit.allocate(8) };
        emit.store("scratch", left.scratch, emit.alu("rsh", given, 63n));
      }
      emit.when("slt", given, 0n, () => emit.assign(given, emit.alu("sub", 0n, given)));
      this.widthSize = this.keep(given);
    } else this.widthSize = BigInt(width ?? 0);
    this.left = left;
    if (precision === "*") {
      const given = this.toSize(takeLong());
      emit.when("slt", given, 0n, () => emit.assign(given, 0n));
      this.precisionSize = this.keep(given);
    } else this.precisionSize = BigInt(precision ?? 0);
  }

  /** 0 where there is none. */
  width(): Operand {
    return this.load(this.widthSize);
  }

  /** 0 where there is none. */
  precision(): Operand {
    return this.load(this.precisionSize);
  }

  /** The precision's filling, up to what a builder holds: what is more has no effect. */
  mostZeros(builder: StringBuilder): number {
    return atMost(this.precisionSize, builder.size);
  }

  /**
   * Appends what `body` does, of so many bytes, with blanks before or behind it. A prefix makes it a number, which the
   * flag `0` fills with zeros behind the prefix.
   */
  surround(builder: StringBuilder, length: () => Operand, body: () => void, prefix?: () => void): void {
    const { emit } = this;
    // `%p` is `%#x`, and has one flag as every directive.
    const isZeroFilled = prefix !== undefined && this.piece.flag === "0" && this.piece.conversion !== "p";
    const fill = (character: string, isLeft: boolean): void => {
      if (!this.isWide) return;
      this.whereLeft(isLeft, () =>
        builder.appendFill(character, emit.alu("sub", this.width(), length()), atMost(this.widthSize, builder.size)),
      );
    };
    if (!isZeroFilled) fill(" ", false);
    prefix?.();
    if (isZeroFilled) fill("0", false);
    body();
    fill(" ", true);
  }

  /** Where a field of so many bytes has filling before it. */
  ifFilledBefore(length: () => Operand, then: () => void): void {
    if (this.isWide) this.whereLeft(false, () => this.emit.when("sgt", this.width(), length(), then));
  }

  private whereLeft(isLeft: boolean, then: () => void): void {
    const { left, emit } = this;
    if (typeof left === "boolean") {
      if (left === isLeft) then();
    } else emit.when("eq", emit.load("scratch", left.scratch), isLeft ? 1n : 0n, then);
  }

  /** Sizes given as arguments are C ints. */
  private toSize(value: Operand): Register {
    return this.emit.alu("arsh", this.emit.alu("lsh", value, 32n), 32n);
  }

  private keep(size: Register): Size {
    const { emit } = this;
    const scratch = emit.allocate(8);
    emit.when("sgt", size, WIDEST_FIELD, () => emit.assign(size, WIDEST_FIELD));
    emit.store("scratch", scratch, size);
    return { scratch };
  }

  private load(size: Size): Operand {
    return typeof size === "bigint" ? size : this.emit.load("scratch", size.scratch);
  }
}

function atMost(size: Size, most: number): number {
  return typeof size === "bigint" && size < BigInt(most) ? Number(size) : most;
}
