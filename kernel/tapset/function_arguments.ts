/** Arguments of the probed function by their number, for functions whose parameters have no names here. */
import type { TapsetFunction } from "../compiler/catalogue.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { KernelCannot } from "../compiler/ir/kernel_cannot.js";
import { long, type Operand } from "../compiler/ir/values.js";
import { operand } from "./arguments.js";

const EVENT_ONLY = "a handler in user space probes no function; ask in the probe of one";

interface ArgumentType {
  readonly names: readonly string[];
  readonly what: string;
  /** Bits that do not count, above those that do. */
  readonly narrow?: { readonly shift: bigint; readonly back: "arsh" | "rsh" };
}

const TYPES: readonly ArgumentType[] = [
  { names: ["int_arg", "s32_arg"], what: "a signed number of 32 bits", narrow: { shift: 32n, back: "arsh" } },
  { names: ["uint_arg", "u32_arg"], what: "an unsigned number of 32 bits", narrow: { shift: 32n, back: "rsh" } },
  { names: ["long_arg", "longlong_arg", "s64_arg"], what: "a number of 64 bits" },
  {
    names: ["ulong_arg", "ulonglong_arg", "u64_arg"],
    what: "a number of 64 bits, shown with a sign as all numbers are",
  },
  { names: ["pointer_arg"], what: "an address" },
];

function argument(emit: Emitter, name: string, number: Operand): Operand {
  if (typeof number !== "bigint")
    throw new KernelCannot(`${name}() wants the number of the argument written out, as in ${name}(1)`);
  const value = emit.variables.get(`$word${number}`)?.kernel?.(emit);
  if (value?.kind !== "long")
    throw new KernelCannot(
      `${name}(${number}) has no meaning here: only at the entry of a function, and for those of its arguments that travel in registers, is it known`,
      'probe the function with kernel.function("…") or kprobe.function("…")',
    );
  return value.operand;
}

function argumentFunction(name: string, { what, narrow }: ArgumentType): TapsetFunction {
  return {
    name,
    topic: "arguments",
    summary: `An argument of the probed function as ${what}.`,
    parameters: [{ name: "number", type: "long", meaning: "1 is the first; written out" }],
    returns: "long",
    example: `probe kprobe.function("vfs_read") ? { println(${name}(1)); exit() }\nprobe timer.s(1) { exit() }`,
    kernel: (emit, args) => {
      const value = argument(emit, name, operand(args, 0));
      return long(narrow ? emit.alu(narrow.back, emit.alu("lsh", value, narrow.shift), narrow.shift) : value);
    },
    userRefusal: EVENT_ONLY,
  };
}

/** How a function takes its arguments, which on 64-bit machines is one way only. */
const CONVENTIONS = ["asmlinkage", "fastcall", "regparm"];

export const functionArgumentFunctions: readonly TapsetFunction[] = [
  ...TYPES.flatMap((type) => type.names.map((name) => argumentFunction(name, type))),
  ...CONVENTIONS.map((name): TapsetFunction => ({
    name,
    topic: "arguments",
    summary: "Has no effect: 64-bit machines have one way to pass arguments.",
    parameters:
      name === "regparm"
        ? [{ name: "registers", type: "long", meaning: "how many arguments travel in registers" }]
        : [],
    returns: null,
    example: `probe syscall.read { ${name}(${name === "regparm" ? "0" : ""}); exit() }`,
    kernel: () => null,
    user: () => null,
  })),
];
