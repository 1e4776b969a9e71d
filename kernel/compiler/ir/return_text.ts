/** What a function returned, as text: `-2 (ENOENT)` for an error, else the number. */
import type { StringShape } from "../compiled.js";
import { errorNames, type ReturnNotation } from "../text/error_names.js";
import type { Emitter } from "./emitter.js";
import { asBytes, copyString } from "./strings.js";
import { StringBuilder } from "./string_builder.js";
import type { Operand, StringValue } from "./values.js";

/** A sign, 19 digits, a blank and a name in brackets fit. */
const SIZE = 48;
const LONGEST_PIECE = 32;
const LOWEST_ERROR = -4095n;

export const RETURN_TEXT_SHAPE: StringShape = { kind: "bytes", size: SIZE };

export function returnText(
  emit: Emitter,
  value: Operand,
  notation: ReturnNotation | { readonly isHexadecimal: Operand },
): StringValue {
  const result = emit.allocate(SIZE);
  emit.zero(result, SIZE);
  emit.temporaries(() => {
    const builder = new StringBuilder(emit, SIZE, LONGEST_PIECE);
    const plain = emit.label("plain");
    const done = emit.label("written");
    emit.branch("ult", value, LOWEST_ERROR, plain);
    const name = asBytes(emit, { kind: "names", set: errorNames, operand: emit.alu("sub", 0n, value) });
    emit.branch("eq", emit.load("scratch", name.offset), 0n, plain);
    builder.appendNumber("%lld (", value);
    builder.append(name);
    builder.append({ kind: "literal", text: ")" });
    emit.jump(done);
    emit.place(plain);
    const decimal = (): void => builder.appendNumber("%lld", value);
    const hexadecimal = (): void => builder.appendNumber("0x%llx", value);
    if (notation === "decimal") decimal();
    else if (notation === "hexadecimal") hexadecimal();
    else emit.when("ne", notation.isHexadecimal, 0n, hexadecimal, decimal);
    emit.place(done);
    copyString(emit, builder.finish(), result, SIZE);
  });
  return { kind: "bytes", offset: result, size: SIZE };
}
