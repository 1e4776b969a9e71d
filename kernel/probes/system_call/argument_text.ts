/** `argstr`: the arguments of a system call as text, in SystemTap's manner. */
import { HELPER } from "../../compiler/bpf/helper_functions.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { copyString } from "../../compiler/ir/strings.js";
import { StringBuilder } from "../../compiler/ir/string_builder.js";
import { bufferSize, type Operand, type StringValue } from "../../compiler/ir/values.js";
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

export function argumentText(emit: Emitter, calls: readonly SystemCall[], isReturn: boolean): StringValue {
  const size = Math.min(emit.maxStringLength, argumentTextSize(calls));
  const result = emit.allocate(size);
  emit.zero(result, size);
  emit.temporaries(() => {
    const hasText = calls.some(({ parameters }) => parameters.some(({ notation }) => notation === "text"));
    const builder = new StringBuilder(emit, size, hasText ? LONGEST_TEXT : LONGEST_NUMBER);
    const [call, ...others] = calls;
    if (call && others.length === 0) {
      for (const parameter of call.parameters) {
        emit.temporaries(() => append(emit, builder, parameter, readParameter(emit, parameter)));
      }
    } else appendByForm(emit, builder, calls, readNumber(emit, isReturn));
    copyString(emit, builder.finish(), result, size);
  });
  return { kind: "bytes", offset: result, size };
}

const BITS_PER_FORM = 8n;
const FORM_MASK = (1n << BITS_PER_FORM) - 1n;

/**
 * Code for one argument after the other, each with a branch for every form that an argument there can have: code for each
 * call of hundreds would be too much for one program. The number of the call leads to a word with the form of each argument.
 */
function appendByForm(emit: Emitter, builder: StringBuilder, calls: readonly SystemCall[], number: Operand): void {
  // Form 0 is no argument.
  const forms: Parameter[][] = [];
  const formOf = (parameter: Parameter): bigint => {
    const alike = ({ notation, bits, isSigned }: Parameter): boolean =>
      notation === parameter.notation && bits === parameter.bits && isSigned === parameter.isSigned;
    const found = forms.findIndex(([first]) => first !== undefined && alike(first));
    if (found >= 0) forms[found]?.push(parameter);
    return BigInt(found >= 0 ? found + 1 : forms.push([parameter]));
  };
  const byWord = new Map<bigint, number[]>();
  for (const call of calls) {
    const word = call.parameters.reduce(
      (sum, parameter) => sum | (formOf(parameter) << (BITS_PER_FORM * BigInt(parameter.index))),
      0n,
    );
    byWord.set(word, [...(byWord.get(word) ?? []), call.number]);
  }
  const word = emit.set(0n);
  dispatch(
    emit,
    number,
    [...byWord].map(([value, numbers]) => ({ numbers, body: () => emit.assign(word, value) })),
  );
  const done = emit.label("written");
  const count = Math.max(...calls.map(({ parameters }) => parameters.length));
  for (let index = 0; index < count; index++) {
    const form = emit.alu("and", emit.alu("rsh", word, BITS_PER_FORM * BigInt(index)), FORM_MASK);
    emit.branch("eq", form, 0n, done);
    const next = emit.label("next");
    forms.forEach((parameters, position) => {
      const parameter = parameters.find((candidate) => candidate.index === index);
      if (!parameter) return;
      const other = emit.label("other");
      emit.branch("ne", form, BigInt(position + 1), other);
      emit.temporaries(() => append(emit, builder, parameter, readParameter(emit, parameter)));
      emit.jump(next);
      emit.place(other);
    });
    emit.place(next);
  }
  emit.place(done);
}

function append(emit: Emitter, builder: StringBuilder, parameter: Parameter, value: Operand): void {
  const separator = parameter.index > 0 ? ", " : "";
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
