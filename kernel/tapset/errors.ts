/** Error numbers and returned values as text. */
import type { TapsetFunction } from "../compiler/catalogue.js";
import { KernelCannot } from "../compiler/ir/kernel_cannot.js";
import { RETURN_TEXT_SHAPE, returnText } from "../compiler/ir/return_text.js";
import { long, type Operand } from "../compiler/ir/values.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { errorName, errorNames } from "../compiler/text/error_names.js";
import { longArgument, operand } from "./arguments.js";

/** Numbers between those that have names; the last range has no end. */
const NAMELESS: readonly (readonly [bigint, bigint | null])[] = [...errorNames.names.keys()]
  .toSorted((a, b) => a - b)
  .flatMap((number, index, all): [bigint, bigint | null][] => {
    const next = all[index + 1];
    if (next === undefined) return [[BigInt(number + 1), null]];
    return next === number + 1 ? [] : [[BigInt(number + 1), BigInt(next - 1)]];
  });

/** The kernel's MAX_ERRNO. */
const LAST_ERROR = 4095n;

const ONLY_RETURN = "only a return probe, such as syscall.read.return, has a returned value";

function returned(emit: Emitter, name: string): Operand {
  const value = emit.variables.get("$return")?.kernel?.(emit);
  if (value?.kind !== "long") throw new KernelCannot(`${name}() has no meaning here: ${ONLY_RETURN}`);
  return value.operand;
}

export const errorFunctions: readonly TapsetFunction[] = [
  {
    name: "errno_str",
    topic: "errors",
    summary: 'The name of an error number, such as "ENOENT"; "" for a number without one.',
    parameters: [{ name: "number", type: "long", meaning: "an error number, as it is or below zero" }],
    returns: "string",
    shape: { kind: "names", set: errorNames },
    example: "probe syscall.openat.return { if (retval < 0) println(errno_str(retval)) }\nprobe timer.s(1) { exit() }",
    kernel: (emit, args) => {
      const number = emit.set(operand(args, 0));
      emit.when("slt", number, 0n, () => emit.assign(number, emit.alu("sub", 0n, number)));
      for (const [first, last] of NAMELESS) {
        const named = emit.label("named");
        emit.branch("ult", number, first, named);
        if (last !== null) emit.branch("ugt", number, last, named);
        emit.assign(number, 0n);
        emit.place(named);
      }
      return { kind: "names", set: errorNames, operand: number };
    },
    user: (_runtime, args) => errorName(longArgument(args, 0)),
  },
  {
    name: "errno_p",
    topic: "errors",
    summary: "1 where a returned value is an error number, from -4095 to -1; else 0.",
    parameters: [{ name: "value", type: "long", meaning: "what a function or a system call returned" }],
    returns: "long",
    example:
      "global failed\nprobe syscall.*.return { if (errno_p(retval)) failed[name]++ }\nprobe timer.s(1) { exit() }",
    kernel: (emit, args) => {
      const value = emit.set(operand(args, 0));
      const isError = emit.set(0n);
      emit.when("uge", value, -LAST_ERROR, () => emit.assign(isError, 1n));
      return long(isError);
    },
    user: (_runtime, args) => {
      const value = longArgument(args, 0);
      return value < 0n && value >= -LAST_ERROR ? 1n : 0n;
    },
  },
  {
    name: "returnval",
    topic: "errors",
    summary: "What the probed function returned.",
    parameters: [],
    returns: "long",
    example:
      'probe kernel.function("sys_read").return { if (returnval() == 0) println(execname()) }\nprobe timer.s(1) { exit() }',
    kernel: (emit) => long(returned(emit, "returnval")),
    userRefusal: ONLY_RETURN,
  },
  {
    name: "returnstr",
    topic: "errors",
    summary: "What the probed function returned, as text, in decimal.",
    parameters: [],
    returns: "string",
    shape: RETURN_TEXT_SHAPE,
    example: "probe syscall.openat.return { println(returnstr()) }\nprobe timer.s(1) { exit() }",
    kernel: (emit) => returnText(emit, returned(emit, "returnstr"), "decimal"),
    userRefusal: ONLY_RETURN,
  },
  {
    name: "returnstr",
    topic: "errors",
    summary: "What the probed function returned, as text: `-2 (ENOENT)` for an error.",
    parameters: [{ name: "format", type: "long", meaning: "1 for decimal, 2 for hexadecimal" }],
    returns: "string",
    shape: RETURN_TEXT_SHAPE,
    example: "probe syscall.openat.return { println(returnstr(1)) }\nprobe timer.s(1) { exit() }",
    kernel: (emit, args) => {
      const format = operand(args, 0);
      const value = returned(emit, "returnstr");
      if (typeof format === "bigint") return returnText(emit, value, format === 2n ? "hexadecimal" : "decimal");
      return returnText(emit, value, { isHexadecimal: emit.alu("xor", format, 1n) });
    },
    userRefusal: ONLY_RETURN,
  },
];
