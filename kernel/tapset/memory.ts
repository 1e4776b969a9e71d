/** Reading memory of the process and of the kernel by address. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { TapsetFunction } from "../compiler/catalogue.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { raiseText } from "../compiler/ir/errors.js";
import { readString } from "../compiler/ir/strings.js";
import { StringBuilder } from "../compiler/ir/string_builder.js";
import { bufferSize, long, type Operand, type Register, type StringValue } from "../compiler/ir/values.js";
import { operand } from "./arguments.js";

type Space = "user" | "kernel";

const EVENT_ONLY = "only the probe of an event has memory to read; a handler in user space runs elsewhere";

const address = { name: "address", type: "long", meaning: "where it lies" } as const;

/** Fails as SystemTap does: `user string copy fault -14 at 0x7ffc…`. */
function raiseFault(emit: Emitter, what: string, code: Operand, at: Operand): void {
  const builder = new StringBuilder(emit, Math.min(emit.maxStringLength, 96), 40);
  builder.append({ kind: "literal", text: `${what} copy fault ` });
  builder.appendNumber("%lld", code);
  builder.appendNumber(" at 0x%llx", at);
  raiseText(emit, builder.finish());
}

function place(space: Space): string {
  return space === "user" ? "the process's" : "the kernel's";
}

function example(space: Space, call: string): string {
  return space === "user"
    ? `probe syscall.write { printf("%s\\n", ${call.replace("%", "buf_uaddr")}) }\nprobe timer.s(1) { exit() }`
    : `probe kernel.trace("sched_process_exec") { printf("%s\\n", ${call.replace("%", "$arg1")}) }\nprobe timer.s(1) { exit() }`;
}

/** `user_string`, `kernel_string` and, with a bound, `…_n`. */
function stringReader(space: Space, isBounded: boolean): TapsetFunction {
  const name = `${space}_string${isBounded ? "_n" : ""}`;
  return {
    name,
    topic: "memory",
    summary: `The text at an address in ${place(space)} memory${isBounded ? ", at most so many bytes of it" : ""}; an error where it cannot be read.`,
    parameters: isBounded ? [address, { name: "length", type: "long", meaning: "the most bytes" }] : [address],
    returns: "string",
    example: example(space, `${name}(%${isBounded ? ", 16" : ""})`),
    kernel: (emit, args) => {
      const at = operand(args, 0);
      const fault = (code: Register): void => raiseFault(emit, `${space} string`, code, at);
      if (!isBounded) return readString(emit, space, at, emit.maxStringLength, fault);
      return readBounded(emit, space, at, operand(args, 1), fault);
    },
    userRefusal: EVENT_ONLY,
  };
}

/** With a second argument, what to give in place of an error. */
function lenientReader(space: Space): TapsetFunction {
  return {
    name: `${space}_string`,
    topic: "memory",
    summary: `The text at an address in ${place(space)} memory, or "" where it cannot be read.`,
    parameters: [address, { name: "otherwise", type: "string", meaning: 'must be "": what a failed read gives' }],
    returns: "string",
    example: example(space, `${space}_string(%, "")`),
    kernel: (emit, args) => {
      return readString(emit, space, operand(args, 0), emit.maxStringLength, (_code, offset) => {
        emit.store("scratch", offset, 0n);
      });
    },
    userRefusal: EVENT_ONLY,
  };
}

function readBounded(
  emit: Emitter,
  space: Space,
  at: Operand,
  length: Operand,
  fault: (code: Register) => void,
): StringValue {
  const longest = BigInt(emit.maxStringLength);
  if (typeof length === "bigint") {
    const size = Number(length < 0n ? 1n : length + 1n > longest ? longest : length + 1n);
    const result = readString(emit, space, at, bufferSize(size - 1), fault);
    // The buffer is a multiple of eight; what stands beyond the wanted length goes.
    for (let byte = size - 1; byte < bufferSize(size - 1); byte++) emit.store("scratch", result.offset + byte, 0n, 1);
    return result;
  }
  const offset = emit.allocate(emit.maxStringLength);
  emit.zero(offset, emit.maxStringLength);
  const size = emit.alu("add", length, 1n);
  emit.when("slt", size, 1n, () => emit.assign(size, 1n));
  emit.when("sgt", size, longest, () => emit.assign(size, longest));
  const helper = space === "user" ? HELPER.probe_read_user_str : HELPER.probe_read_kernel_str;
  const read = emit.call(helper, [{ scratch: offset }, size, at]);
  emit.when("slt", read, 0n, () => fault(read));
  return { kind: "bytes", offset, size: emit.maxStringLength };
}

interface NumberType {
  readonly suffix: string;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly isSigned: boolean;
  readonly meaning: string;
}

const NUMBER_TYPES: readonly NumberType[] = [
  { suffix: "char", bytes: 1, isSigned: true, meaning: "signed byte" },
  { suffix: "short", bytes: 2, isSigned: true, meaning: "signed 16-bit number" },
  { suffix: "int", bytes: 4, isSigned: true, meaning: "signed 32-bit number" },
  { suffix: "long", bytes: 8, isSigned: true, meaning: "64-bit number" },
  { suffix: "pointer", bytes: 8, isSigned: false, meaning: "pointer" },
  { suffix: "uint8", bytes: 1, isSigned: false, meaning: "byte" },
  { suffix: "uint16", bytes: 2, isSigned: false, meaning: "16-bit number" },
  { suffix: "uint32", bytes: 4, isSigned: false, meaning: "32-bit number" },
  { suffix: "uint64", bytes: 8, isSigned: false, meaning: "64-bit number" },
  { suffix: "int8", bytes: 1, isSigned: true, meaning: "signed byte" },
  { suffix: "int16", bytes: 2, isSigned: true, meaning: "signed 16-bit number" },
  { suffix: "int32", bytes: 4, isSigned: true, meaning: "signed 32-bit number" },
  { suffix: "int64", bytes: 8, isSigned: true, meaning: "64-bit number" },
];

function numberReader(space: Space, { suffix, bytes, isSigned, meaning }: NumberType): TapsetFunction {
  return {
    name: `${space}_${suffix}`,
    topic: "memory",
    summary: `The ${meaning} at an address in ${place(space)} memory; an error where it cannot be read.`,
    parameters: [address],
    returns: "long",
    example: example(space, `${space}_${suffix}(%)`).replaceAll("%s", "%d"),
    kernel: (emit, args) => {
      const at = operand(args, 0);
      const memory = emit.allocate(8);
      emit.store("scratch", memory, 0n);
      const helper = space === "user" ? HELPER.probe_read_user : HELPER.probe_read_kernel;
      const failed = emit.call(helper, [{ scratch: memory }, BigInt(bytes), at]);
      emit.when("ne", failed, 0n, () => raiseFault(emit, `${space} ${suffix}`, failed, at));
      const value = emit.load("scratch", memory);
      if (!isSigned || bytes === 8) return long(value);
      const shift = BigInt(64 - bytes * 8);
      return long(emit.alu("arsh", emit.alu("lsh", value, shift), shift));
    },
    userRefusal: EVENT_ONLY,
  };
}

/** The text in double quotes, or the address where it cannot be read. */
function quotedReader(space: Space): TapsetFunction {
  const name = `${space}_string_quoted`;
  return {
    name,
    topic: "memory",
    summary: `The text at an address in ${place(space)} memory in double quotes, or the address as 0x… where it cannot be read. Bytes stand as they are.`,
    parameters: [address],
    returns: "string",
    example: example(space, `${name}(%)`),
    kernel: (emit, args) => {
      const at = operand(args, 0);
      const size = emit.maxStringLength;
      const builder = new StringBuilder(emit, size, size);
      const byte = emit.allocate(8);
      const helper = space === "user" ? HELPER.probe_read_user : HELPER.probe_read_kernel;
      const failed = emit.call(helper, [{ scratch: byte }, 1n, at]);
      emit.when(
        "ne",
        failed,
        0n,
        () => builder.appendNumber("0x%llx", at),
        () => {
          builder.append({ kind: "literal", text: '"' });
          // Room is left for the closing quote.
          if (space === "user") builder.appendUser(at, size - 2);
          else
            builder.append(
              readString(emit, "kernel", at, size - 8, (_code, offset) => emit.store("scratch", offset, 0n)),
            );
          builder.append({ kind: "literal", text: '"' });
        },
      );
      return builder.finish();
    },
    userRefusal: EVENT_ONLY,
  };
}

const SPACES: readonly Space[] = ["user", "kernel"];

export const memoryFunctions: readonly TapsetFunction[] = SPACES.flatMap((space) => [
  lenientReader(space),
  stringReader(space, false),
  stringReader(space, true),
  quotedReader(space),
  ...NUMBER_TYPES.map((type) => numberReader(space, type)),
]);
