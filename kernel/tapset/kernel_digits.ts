/** Numbers in texts, inside probes. */
import type { Emitter } from "../compiler/ir/emitter.js";
import { asBytes } from "../compiler/ir/strings.js";
import type { Operand, StringValue } from "../compiler/ir/values.js";
import { emitByteAt } from "./kernel_strings.js";
import { DIGITS } from "./text.js";

/** What stands in the table for a byte that is no digit in any base. */
const NO_DIGIT = 255;

/** The number at the start of a text, in any base: as `parseLong` reads it. */
export function emitNumberOf(emit: Emitter, value: StringValue, base: Operand): Operand {
  const text = asBytes(emit, value);
  const [position, radix, number] = [emit.allocate(8), emit.allocate(8), emit.allocate(8)];
  const code = (character: string): bigint => BigInt(character.charCodeAt(0));
  const byteBehind = (distance: bigint): Operand =>
    emitByteAt(emit, text, emit.alu("add", emit.load("scratch", position), distance));
  emit.store("scratch", radix, base);
  emit.store("scratch", position, 0n);
  emit.when("eq", emitByteAt(emit, text, 0n), code("-"), () => emit.store("scratch", position, 1n));
  const isHexadecimal = emit.allocate(8);
  emit.store("scratch", isHexadecimal, 0n);
  const plain = emit.label("plain");
  emit.branch("ne", byteBehind(0n), code("0"), plain);
  emit.branch("ne", emit.alu("or", byteBehind(1n), 0x20n), code("x"), plain);
  emit.branch("uge", digitOf(emit, byteBehind(2n)), 16n, plain);
  emit.store("scratch", isHexadecimal, 1n);
  emit.place(plain);
  const based = emit.label("based");
  emit.branch("ne", emit.load("scratch", radix), 0n, based);
  emit.store("scratch", radix, 10n);
  emit.when("eq", byteBehind(0n), code("0"), () => emit.store("scratch", radix, 8n));
  emit.when("ne", emit.load("scratch", isHexadecimal), 0n, () => emit.store("scratch", radix, 16n));
  emit.place(based);
  const ready = emit.label("ready");
  emit.branch("ne", emit.load("scratch", radix), 16n, ready);
  emit.branch("eq", emit.load("scratch", isHexadecimal), 0n, ready);
  emit.store("scratch", position, emit.alu("add", emit.load("scratch", position), 2n));
  emit.place(ready);

  emit.store("scratch", number, 0n);
  const done = emit.exit("read");
  emit.loop(BigInt(text.size), (turn) => {
    const digit = digitOf(emit, emitByteAt(emit, text, emit.alu("add", emit.load("scratch", position), turn)));
    emit.when("eq", digit, BigInt(NO_DIGIT), () => emit.leave(done));
    emit.when("sge", digit, emit.load("scratch", radix), () => emit.leave(done));
    const shifted = emit.alu("mul", emit.load("scratch", number), emit.load("scratch", radix));
    emit.store("scratch", number, emit.alu("add", shifted, digit));
  });
  emit.placeExit(done);
  const result = emit.set(emit.load("scratch", number));
  emit.when("eq", emitByteAt(emit, text, 0n), code("-"), () => emit.assign(result, emit.alu("sub", 0n, result)));
  return result;
}

function digitOf(emit: Emitter, byte: Operand): Operand {
  const contents = Uint8Array.from({ length: 256 }, (_, code) => {
    const digit = DIGITS.indexOf(String.fromCharCode(code).toLowerCase());
    return digit < 0 ? NO_DIGIT : digit;
  });
  const table = emit.tables.constant("digits", contents);
  return emit.load(emit.alu("add", emit.mapValue(table), emit.alu("and", byte, 0xffn)), 0, 1);
}
