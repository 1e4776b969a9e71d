/** Addresses and the symbols that they lie in. */
import type { FunctionParameter, TapsetFunction } from "../compiler/catalogue.js";
import { instructionPointer, isUserMode, userInstructionPointer } from "../compiler/ir/event_registers.js";
import { frameAddress, stackOfAddress } from "../compiler/ir/stacks.js";
import { StringBuilder } from "../compiler/ir/string_builder.js";
import { symbolSize } from "../compiler/ir/symbol_text.js";
import { bufferSize, long } from "../compiler/ir/values.js";
import {
  sourceText,
  symbolText,
  type SourceForm,
  type SymbolForm,
  type SymbolPlace,
} from "../compiler/text/symbols.js";
import { longArgument, operand } from "./arguments.js";

const NO_EVENT = "a handler in user space has no event with an address; ask in the probe of an event";

const address: FunctionParameter = { name: "address", type: "long", meaning: "any address in the function" };

/** A name, a blank, and an address in hexadecimal. */
const CALLER_SIZE = symbolSize("name") + bufferSize(20);

interface SymbolFunction {
  readonly name: string;
  readonly form: SymbolForm;
  readonly summary: string;
}

const KERNEL_FUNCTIONS: readonly SymbolFunction[] = [
  {
    name: "symname",
    form: "name",
    summary: "The function of the kernel that an address lies in; the address in hexadecimal where there is none.",
  },
  {
    name: "symdata",
    form: "data",
    summary: "The function of the kernel that an address lies in, the place in it, its size and its module.",
  },
  {
    name: "modname",
    form: "module",
    summary: "The kernel's module that an address lies in, `kernel` for the kernel itself; empty where there is none.",
  },
];

const USER_FUNCTIONS: readonly SymbolFunction[] = [
  {
    name: "usymname",
    form: "name",
    summary:
      "The function of the current process that an address lies in; the address in hexadecimal where there is none. Functions of C++ have the linker's names; tables and flame graphs show what the source calls them.",
  },
  {
    name: "usymdata",
    form: "data",
    summary: "The function of the current process that an address lies in, the place in it, its size and its file.",
  },
  {
    name: "umodname",
    form: "module",
    summary: "The program or library of the current process that an address lies in; empty where there is none.",
  },
];

const SOURCE_FUNCTIONS: readonly { readonly name: string; readonly form: SourceForm; readonly what: string }[] = [
  { name: "usymfileline", form: "source", what: "The file and the line of the source, `FILE:LINE`," },
  { name: "usymfile", form: "source_file", what: "The file of the source" },
  { name: "usymline", form: "source_line", what: "The line's number in the source, as text," },
];

function kernelFunction({ name, form, summary }: SymbolFunction): TapsetFunction {
  return {
    name,
    topic: "symbols",
    summary,
    parameters: [address],
    returns: "string",
    shape: { kind: "bytes", size: symbolSize(form) },
    example: `global callers\nprobe syscall.read { callers[${name}(stack(1))]++ }\nprobe timer.s(1) { exit() }`,
    kernel: (_emit, args) => ({ kind: "symbol", form, operand: operand(args, 0) }),
    user: ({ environment }, args) => {
      const place = environment.symbols.kernel(longArgument(args, 0));
      return symbolText(form, longArgument(args, 0), place);
    },
  };
}

function sourceFunction({ name, form, what }: (typeof SOURCE_FUNCTIONS)[number]): TapsetFunction {
  const summary = `${what} that an address in the current process comes from; the address in hexadecimal where its program has no debug information.`;
  return ofUserAddress(name, summary, form, (at, place) => sourceText(form, at, place));
}

function userFunction({ name, form, summary }: SymbolFunction): TapsetFunction {
  return ofUserAddress(name, summary, form, (at, place) => symbolText(form, at, place));
}

function ofUserAddress(
  name: string,
  summary: string,
  style: SymbolForm | SourceForm,
  textOf: (at: bigint, place: SymbolPlace | null) => string,
): TapsetFunction {
  return {
    name,
    topic: "symbols",
    summary,
    parameters: [address],
    returns: "string",
    shape: { kind: "stack", form: { space: "user", style } },
    example: `probe syscall.read { println(${name}(uaddr())); exit() }`,
    kernel: (emit, args) => stackOfAddress(emit, { space: "user", style }, operand(args, 0)),
    user: ({ environment }, args) => {
      const at = longArgument(args, 0);
      return textOf(at, environment.symbols.user(at));
    },
  };
}

export const symbolFunctions: readonly TapsetFunction[] = [
  ...KERNEL_FUNCTIONS.map(kernelFunction),
  ...USER_FUNCTIONS.map(userFunction),
  ...SOURCE_FUNCTIONS.map(sourceFunction),
  {
    name: "addr",
    topic: "symbols",
    summary:
      "The address of the instruction at which the event happened; 0 where the kernel does not tell, as at tracepoints.",
    parameters: [],
    returns: "long",
    example: "global places\nprobe timer.profile { places[addr()]++ }\nprobe timer.s(1) { exit() }",
    kernel: (emit) => long(instructionPointer(emit)),
    userRefusal: NO_EVENT,
  },
  {
    name: "uaddr",
    topic: "symbols",
    summary:
      "The address of the instruction in user space where the thread is, or from which it entered the kernel; 0 for a thread of the kernel.",
    parameters: [],
    returns: "long",
    example: "probe syscall.read { println(usymname(uaddr())); exit() }",
    kernel: (emit) => long(userInstructionPointer(emit)),
    userRefusal: NO_EVENT,
  },
  {
    name: "user_mode",
    topic: "symbols",
    summary: "1 where the event happened in user space, 0 where in the kernel.",
    parameters: [],
    returns: "long",
    example: "global samples\nprobe timer.profile { samples[user_mode()]++ }\nprobe timer.s(1) { exit() }",
    kernel: (emit) => long(isUserMode(emit)),
    userRefusal: NO_EVENT,
  },
  {
    name: "caller_addr",
    topic: "symbols",
    summary: "The address in the kernel to which the current function will return.",
    parameters: [],
    returns: "long",
    example: "probe syscall.read { println(symname(caller_addr())); exit() }",
    kernel: (emit) => long(frameAddress(emit, "kernel", 1n)),
    userRefusal: NO_EVENT,
  },
  {
    name: "caller",
    topic: "symbols",
    summary: "The name of the kernel's function that called the current one, and the address in it.",
    parameters: [],
    returns: "string",
    shape: { kind: "bytes", size: CALLER_SIZE },
    example: "global callers\nprobe syscall.read { callers[caller()]++ }\nprobe timer.s(1) { exit() }",
    kernel: (emit) => {
      const place = frameAddress(emit, "kernel", 1n);
      const builder = new StringBuilder(emit, CALLER_SIZE, CALLER_SIZE);
      builder.append({ kind: "symbol", form: "name", operand: place });
      builder.append({ kind: "literal", text: " " });
      builder.appendNumber("0x%llx", place);
      return builder.finish();
    },
    userRefusal: NO_EVENT,
  },
];
