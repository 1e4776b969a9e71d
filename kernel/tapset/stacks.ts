/** Stacks: as values that can be keys, as text, and printed with the names of their functions. */
import type { FunctionParameter, TapsetFunction } from "../compiler/catalogue.js";
import type { Runtime, Value } from "../compiler/closures/runtime.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { KernelCannot } from "../compiler/ir/kernel_cannot.js";
import { emitPrint } from "../compiler/ir/print.js";
import { frameAddress, takeStack } from "../compiler/ir/stacks.js";
import { asBytes } from "../compiler/ir/strings.js";
import { long, type KernelValue, type Operand, type StringValue } from "../compiler/ir/values.js";
import type { FormatPiece } from "../compiler/text/pieces.js";
import { parseAddresses, stackText, type StackForm, type StackSpace } from "../compiler/text/symbols.js";
import { operand, text, textArgument } from "./arguments.js";

const TEXT: FormatPiece = { kind: "conversion", conversion: "s", flag: null, width: null, precision: null };

const NO_STACK = "a handler in user space has no stack of an event; ask in the probe of an event";

interface Side {
  readonly space: StackSpace;
  /** Before the names of functions for stacks of user space. */
  readonly prefix: "" | "u";
  readonly of: string;
}

const SIDES: readonly Side[] = [
  { space: "kernel", prefix: "", of: "the kernel" },
  { space: "user", prefix: "u", of: "the process in user space" },
];

const levels: FunctionParameter = {
  name: "levels",
  type: "long",
  meaning: "how many callers, besides the innermost function; -1 for all",
};

const depth: FunctionParameter = { name: "depth", type: "long", meaning: "0 is the innermost" };

function addressesParameter(prefix: string): FunctionParameter {
  return { name: "addresses", type: "string", meaning: `what ${prefix}backtrace() or ${prefix}callers() gave` };
}

function example(call: string): string {
  return `probe syscall.read { ${call}; exit() }`;
}

function taking({ space, prefix, of }: Side): TapsetFunction[] {
  const addresses: StackForm = { space, style: "addresses" };
  const lines: StackForm = { space, style: "lines" };
  const shared = { topic: "stacks", returns: "string", user: () => "" } as const;
  return [
    {
      ...shared,
      name: `${prefix}backtrace`,
      summary: `The addresses on the stack of ${of}, innermost first, in hexadecimal. As a key or in a variable it takes eight bytes.`,
      parameters: [],
      shape: { kind: "stack", form: addresses },
      example: `global stacks\nprobe syscall.read { stacks[${prefix}backtrace()]++ }\nprobe timer.s(1) { exit() }`,
      kernel: (emit) => takeStack(emit, addresses),
    },
    {
      ...shared,
      name: `${prefix}callers`,
      summary: `The innermost addresses on the stack of ${of}, in hexadecimal.`,
      parameters: [levels],
      shape: { kind: "stack", form: addresses },
      example: `global stacks\nprobe syscall.read { stacks[${prefix}callers(3)]++ }\nprobe timer.s(1) { exit() }`,
      kernel: (emit, args) => takeStack(emit, addresses, frameCount(emit, operand(args, 0))),
    },
    {
      ...shared,
      name: `sprint_${prefix}backtrace`,
      summary: `The stack of ${of}, a line for each function: its name, the place in it and its module.`,
      parameters: [],
      shape: { kind: "stack", form: lines },
      example: `global stacks\nprobe syscall.read { stacks[sprint_${prefix}backtrace()]++ }\nprobe timer.s(1) { exit() }`,
      kernel: (emit) => takeStack(emit, lines),
    },
    {
      name: `${prefix}stack`,
      topic: "stacks",
      summary: `One address on the stack of ${of}; 0 where it is not that deep.`,
      parameters: [depth],
      returns: "long",
      example: `global callers\nprobe syscall.read { callers[${prefix}stack(1)]++ }\nprobe timer.s(1) { exit() }`,
      kernel: (emit, args) => long(frameAddress(emit, space, operand(args, 0))),
      userRefusal: NO_STACK,
    },
  ];
}

/** All of them for a number below 0. */
function frameCount(emit: Emitter, callers: Operand): Operand | undefined {
  if (typeof callers === "bigint") return callers < 0n ? undefined : callers + 1n;
  const count = emit.alu("add", callers, 1n);
  emit.when("slt", callers, 0n, () => emit.assign(count, -1n));
  return count;
}

function printing({ space, prefix, of }: Side): TapsetFunction[] {
  const brief: TapsetFunction = printed(
    `print_${prefix}backtrace_brief`,
    { space, style: "brief" },
    of,
    "only its name",
  );
  return [
    printed(
      `print_${prefix}backtrace`,
      { space, style: "listing" },
      of,
      "its address, its name, the place in it and its module",
    ),
    ...(space === "user" ? [brief] : []),
    ...shown(space, prefix, `${prefix}stack`),
    ...shown(space, prefix, `${prefix}syms`),
  ];
}

function printed(name: string, form: StackForm, of: string, what: string): TapsetFunction {
  return {
    name,
    topic: "stacks",
    summary: `Prints the stack of ${of}, a line for each function: ${what}.`,
    parameters: [],
    returns: null,
    example: example(`${name}()`),
    kernel: (emit) => {
      emitPrint(emit, [TEXT], [takeStack(emit, form)], "stdout");
      return null;
    },
    user: (runtime) => {
      runtime.print(`Systemtap probe: ${runtime.probePoint}\n`);
      return null;
    },
  };
}

/** `print_stack(…)` and `sprint_stack(…)`, or the same for `syms`. */
function shown(space: StackSpace, prefix: string, noun: string): TapsetFunction[] {
  const listing: StackForm = { space, style: "listing" };
  const lines: StackForm = { space, style: "lines" };
  const shared = { topic: "stacks", parameters: [addressesParameter(prefix)] } as const;
  return [
    {
      ...shared,
      name: `print_${noun}`,
      summary: "Prints a line for each address: it, the function that it lies in, the place in that and its module.",
      returns: null,
      example: example(`print_${noun}(${prefix}callers(2))`),
      kernel: (emit, args) => {
        emitPrint(emit, [TEXT], [inForm(emit, text(args, 0), listing)], "stdout");
        return null;
      },
      user: (runtime, args) => {
        runtime.print(userText(runtime, listing, args));
        return null;
      },
    },
    {
      ...shared,
      name: `sprint_${noun}`,
      summary: "A line for each address: the function that it lies in, the place in that and its module.",
      returns: "string",
      shape: { kind: "stack", form: lines },
      example: example(`println(sprint_${noun}(${prefix}callers(2)))`),
      kernel: (emit, args) => {
        const value = text(args, 0);
        if (value.kind === "literal" && value.text === "") return value;
        if (value.kind !== "stack" || value.form.style !== "addresses")
          throw new KernelCannot(
            `a probe makes lines of a stack, not of any text: sprint_${noun}() wants what ${prefix}backtrace() or ${prefix}callers() gave`,
            `print_${noun}() takes any text`,
          );
        return { ...value, form: lines };
      },
      user: (runtime, args) => userText(runtime, lines, args),
    },
  ];
}

/** A stack is shown by its number, any other text by what it says. */
function inForm(emit: Emitter, value: StringValue, form: StackForm): KernelValue {
  if (value.kind === "stack" && value.form.style === "addresses") return { ...value, form };
  return { ...asBytes(emit, value), shownAs: form };
}

function userText({ environment }: Runtime, form: StackForm, args: readonly Value[]): string {
  const { symbols } = environment;
  return stackText(form.style, parseAddresses(textArgument(args, 0)), (address) =>
    form.space === "kernel" ? symbols.kernel(address) : symbols.user(address),
  );
}

export const stackFunctions: readonly TapsetFunction[] = SIDES.flatMap((side) => [...taking(side), ...printing(side)]);
