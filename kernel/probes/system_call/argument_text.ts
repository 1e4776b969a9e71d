/** `argstr`: the arguments of a system call as text, in SystemTap's manner. */
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { copyString, StringBuilder } from "../../compiler/ir/strings.js";
import { bufferSize, type StringValue } from "../../compiler/ir/values.js";
import { dispatch } from "./dispatch.js";
import type { Notation, Parameter } from "./parameters.js";
import { readNumber } from "./registers.js";
import type { SystemCall } from "./table.js";
import { readParameter } from "./values.js";

/** Bytes of a quoted text, its terminator included; what is longer is cut. */
const LONGEST_TEXT = 256;
const LONGEST_NUMBER = 32;
const CURRENT_DIRECTORY = -100n;
const OCTAL_DIGITS = 6;

/** The most characters that each notation takes. */
const WIDTHS: Readonly<Record<Notation, number>> = {
  text: LONGEST_TEXT + 1,
  directory: 11,
  hexadecimal: 18,
  octal: 1 + OCTAL_DIGITS,
  signed: 20,
  unsigned: 20,
};

/** Bytes that the text of any of the calls fits in, before the language's limit. */
export function argumentTextSize(calls: readonly SystemCall[]): number {
  const widths = calls.map(({ parameters }) =>
    parameters.reduce((sum, { notation }, index) => sum + WIDTHS[notation] + (index > 0 ? 2 : 0), 0),
  );
  return bufferSize(Math.max(0, ...widths));
}

/** Calls with equal lists of arguments share code. */
export function argumentText(emit: Emitter, calls: readonly SystemCall[], isReturn: boolean): StringValue {
  const size = Math.min(emit.maxStringLength, argumentTextSize(calls));
  const groups = new Map<string, SystemCall[]>();
  for (const call of calls) {
    const signature = call.parameters.map(({ notation, bits, isSigned }) => `${notation} ${bits} ${isSigned}`).join();
    const group = groups.get(signature);
    if (group) group.push(call);
    else groups.set(signature, [call]);
  }
  const result = emit.allocate(size);
  emit.zero(result, size);
  emit.temporaries(() => {
    const hasText = calls.some(({ parameters }) => parameters.some(({ notation }) => notation === "text"));
    const builder = new StringBuilder(emit, size, hasText ? LONGEST_TEXT : LONGEST_NUMBER);
    dispatch(
      emit,
      groups.size > 1 ? readNumber(emit, isReturn) : 0n,
      [...groups.values()].map((group) => ({
        numbers: group.map(({ number }) => number),
        body: () =>
          emit.temporaries(() => group[0]?.parameters.forEach((parameter) => append(emit, builder, parameter))),
      })),
    );
    copyString(emit, builder.finish(), result, size);
  });
  return { kind: "bytes", offset: result, size };
}

function append(emit: Emitter, builder: StringBuilder, parameter: Parameter): void {
  const separator = parameter.index > 0 ? ", " : "";
  const value = readParameter(emit, parameter);
  const hexadecimal = (): void => builder.appendNumber(`${separator}0x%llx`, value);
  switch (parameter.notation) {
    case "text": {
      // One byte tells whether the text can be read at all: its page may not be in memory, and helpers cannot wait for it.
      const byte = emit.allocate(8);
      const failed = emit.call(HELPER.probe_read_user, [{ scratch: byte }, 1n, value]);
      return emit.when("ne", failed, 0n, hexadecimal, () => {
        builder.append({ kind: "literal", text: `${separator}"` });
        builder.appendUser(value, LONGEST_TEXT);
        builder.append({ kind: "literal", text: '"' });
      });
    }
    case "directory":
      return emit.when(
        "eq",
        value,
        CURRENT_DIRECTORY,
        () => builder.append({ kind: "literal", text: `${separator}AT_FDCWD` }),
        () => builder.appendNumber(`${separator}%lld`, value),
      );
    case "hexadecimal":
      return hexadecimal();
    case "octal": {
      // The kernel's snprintf knows no octal: each digit goes where a hexadecimal one stands.
      let spread = emit.alu("and", value, 7n);
      for (let digit = 1; digit < OCTAL_DIGITS; digit++) {
        const bits = emit.alu("and", emit.alu("rsh", value, BigInt(3 * digit)), 7n);
        spread = emit.alu("or", spread, emit.alu("lsh", bits, BigInt(4 * digit)));
      }
      return builder.appendNumber(`${separator}0%llx`, spread);
    }
    case "signed":
      return builder.appendNumber(`${separator}%lld`, value);
    case "unsigned":
      return builder.appendNumber(`${separator}%llu`, value);
  }
}
