/** Texts in the memory of the process and of the kernel, by address. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { FunctionParameter, TapsetFunction } from "../compiler/catalogue.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { StringBuilder } from "../compiler/ir/string_builder.js";
import { copyString, readString } from "../compiler/ir/strings.js";
import { bufferSize, type KernelValue, type Operand, type Register, type StringValue } from "../compiler/ir/values.js";
import { operand, text } from "./arguments.js";
import { emitQuoted } from "./kernel_escapes.js";
import { address, EVENT_ONLY, example, place, raiseFault, SPACES, warnOfFault, type Space } from "./memory_faults.js";

const length: FunctionParameter = { name: "length", type: "long", meaning: "the most bytes" };
const otherwise: FunctionParameter = { name: "otherwise", type: "string", meaning: "what a failed read gives" };
const limit: FunctionParameter = {
  name: "limit",
  type: "long",
  meaning: "the most bytes of the result; 0 for the language's longest string",
};

/** What SystemTap gives in place of a text that it has warned of. */
const UNKNOWN = "<unknown>";

type OnFault = "error" | "warning" | "text";

interface TextReader {
  readonly suffix: string;
  readonly isBounded: boolean;
  readonly onFault: OnFault;
}

const READERS: readonly TextReader[] = [
  { suffix: "", isBounded: false, onFault: "error" },
  { suffix: "", isBounded: false, onFault: "text" },
  { suffix: "2", isBounded: false, onFault: "text" },
  { suffix: "_n", isBounded: true, onFault: "error" },
  { suffix: "_n", isBounded: true, onFault: "text" },
];

/** These are there for the memory of processes, which may be swapped out at any time. */
const USER_READERS: readonly TextReader[] = [
  { suffix: "_n2", isBounded: true, onFault: "text" },
  { suffix: "_warn", isBounded: false, onFault: "warning" },
  { suffix: "_n_warn", isBounded: true, onFault: "warning" },
];

const FAULTS: Readonly<Record<OnFault, string>> = {
  error: "an error where it cannot be read",
  warning: `a warning, and ${UNKNOWN}, where it cannot be read`,
  text: "a text of yours where it cannot be read",
};

function textReader(space: Space, { suffix, isBounded, onFault }: TextReader): TapsetFunction {
  const name = `${space}_string${suffix}`;
  const written = `${name}(%${isBounded ? ", 16" : ""}${onFault === "text" ? ', "?"' : ""})`;
  return {
    name,
    topic: "memory",
    summary: `The text at an address in ${place(space)} memory${isBounded ? ", at most so many bytes of it" : ""}; ${FAULTS[onFault]}.`,
    parameters: [address, ...(isBounded ? [length] : []), ...(onFault === "text" ? [otherwise] : [])],
    returns: "string",
    example: example(space, written),
    kernel: (emit, args) => {
      const at = operand(args, 0);
      const failed = (code: Register, offset: number): void => {
        if (onFault === "error") return raiseFault(emit, `${space} string`, code, at);
        if (onFault === "warning") warnOfFault(emit, `${space} string`, code, at);
        const given: StringValue = onFault === "text" ? lastText(args) : { kind: "literal", text: UNKNOWN };
        copyString(emit, given, offset, emit.maxStringLength);
      };
      return isBounded
        ? readBounded(emit, space, at, operand(args, 1), failed)
        : readString(emit, space, at, emit.maxStringLength, failed);
    },
    userRefusal: EVENT_ONLY,
  };
}

function lastText(args: readonly KernelValue[]): StringValue {
  return text(args, args.length - 1);
}

/** `failed` may put another text into the buffer, which is as long as any text of the language. */
function readBounded(
  emit: Emitter,
  space: Space,
  at: Operand,
  most: Operand,
  failed: (code: Register, offset: number) => void,
): StringValue {
  const longest = BigInt(emit.maxStringLength);
  const offset = emit.allocate(emit.maxStringLength);
  emit.zero(offset, emit.maxStringLength);
  const size = emit.alu("add", most, 1n);
  emit.when("slt", size, 1n, () => emit.assign(size, 1n));
  emit.when("sgt", size, longest, () => emit.assign(size, longest));
  const helper = space === "user" ? HELPER.probe_read_user_str : HELPER.probe_read_kernel_str;
  const read = emit.call(helper, [{ scratch: offset }, size, at]);
  emit.when("slt", read, 0n, () => failed(read, offset));
  return { kind: "bytes", offset, size: emit.maxStringLength };
}

/** The text in double quotes with escapes, or the address where it cannot be read. */
function quotedReader(space: Space, suffix: string, parameters: readonly FunctionParameter[]): TapsetFunction {
  const name = `${space}_string${suffix}`;
  const isBounded = parameters.includes(length);
  const given = parameters.map((parameter) => (parameter === length ? ", 16" : ", 0")).join("");
  return {
    name,
    topic: "memory",
    summary: `The text at an address in ${place(space)} memory${isBounded ? ", at most so many bytes of it," : ""} in double quotes and with escapes, or the address as 0x… where it cannot be read. Three dots behind the quotes stand for what did not fit.`,
    parameters: [address, ...parameters],
    returns: "string",
    example: example(space, `${name}(%${given})`),
    kernel: (emit, args) => {
      const at = emit.set(operand(args, 0));
      const isLost = emit.allocate(8);
      emit.store("scratch", isLost, 0n);
      const lost = (): void => emit.store("scratch", isLost, 1n);
      const read = isBounded
        ? readBounded(emit, space, at, operand(args, 1), lost)
        : readString(emit, space, at, emit.maxStringLength, lost);
      const where = emit.allocate(8);
      emit.store("scratch", where, at);
      const quoted = emitQuoted(emit, read, parameters.includes(limit) ? operand(args, 2) : 0n);
      if (quoted.kind !== "bytes") throw new Error("a quoted text lies in memory");
      emit.when("ne", emit.load("scratch", isLost), 0n, () => {
        const number = new StringBuilder(emit, bufferSize(24), bufferSize(24));
        number.appendNumber("0x%llx", emit.load("scratch", where));
        copyString(emit, number.finish(), quoted.offset, quoted.size);
      });
      return quoted;
    },
    userRefusal: EVENT_ONLY,
  };
}

export const memoryTexts: readonly TapsetFunction[] = [
  ...SPACES.flatMap((space) => [
    ...READERS.map((reader) => textReader(space, reader)),
    quotedReader(space, "_quoted", []),
    quotedReader(space, "_n_quoted", [length]),
    quotedReader(space, "_n_quoted", [length, limit]),
  ]),
  ...USER_READERS.map((reader) => textReader("user", reader)),
];
