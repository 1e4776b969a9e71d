/** What acts on the session: leaving it, failing, and telling the user. */
import type { TapsetFunction } from "../compiler/catalogue.js";
import { ScriptAbort, ScriptError } from "../compiler/closures/runtime.js";
import { raiseText } from "../compiler/ir/errors.js";
import { emitPrint } from "../compiler/ir/print.js";
import type { FormatPiece } from "../compiler/text/pieces.js";
import { longArgument, operand, text, textArgument } from "./arguments.js";

const TEXT: FormatPiece = { kind: "conversion", conversion: "s", flag: null, width: null, precision: null };
const LINE: FormatPiece = { kind: "literal", text: "\n" };
const WARNING: FormatPiece = { kind: "literal", text: "WARNING: " };

const message = { name: "message", type: "string", meaning: "the text" } as const;

const ASSERTION_FAILED = "assertion failed";

export const sessionFunctions: readonly TapsetFunction[] = [
  {
    name: "exit",
    topic: "session",
    summary: "Ends the session: the handler that calls it finishes, no other starts, then `end` probes run.",
    parameters: [],
    returns: null,
    example: 'probe timer.s(2) { println("enough"); exit() }',
    kernel: (emit) => {
      emit.requestExit();
      return null;
    },
    user: (runtime) => {
      runtime.exit();
      return null;
    },
  },
  {
    name: "abort",
    topic: "session",
    summary: "Ends the session at once; nothing after it runs, not even `end` probes.",
    parameters: [],
    returns: null,
    example: 'probe timer.s(1) { println("no more"); abort() }',
    kernel: (emit) => {
      emit.requestAbort();
      return null;
    },
    user: () => {
      throw new ScriptAbort("abort() was called");
    },
  },
  {
    name: "error",
    topic: "session",
    summary:
      "Fails with a message, which `try` can catch; the handler ends, and the session too when errors are too many.",
    parameters: [message],
    returns: null,
    example: 'try { error("no such thing") } catch (text) { println(text) }',
    kernel: (emit, args) => {
      raiseText(emit, text(args, 0));
      return null;
    },
    user: (_runtime, args) => {
      throw new ScriptError(textArgument(args, 0));
    },
  },
  {
    name: "assert",
    topic: "session",
    summary: "Fails with a message unless the condition holds.",
    parameters: [{ name: "condition", type: "long", meaning: "anything but 0 holds" }, message],
    returns: null,
    example: 'assert(strlen("four") == 4, "letters were lost")',
    kernel: (emit, args) => {
      emit.when("eq", operand(args, 0), 0n, () => raiseText(emit, text(args, 1)));
      return null;
    },
    user: (_runtime, args) => {
      if (longArgument(args, 0) === 0n) throw new ScriptError(textArgument(args, 1));
      return null;
    },
  },
  {
    name: "assert",
    topic: "session",
    summary: "Fails unless the condition holds.",
    parameters: [{ name: "condition", type: "long", meaning: "anything but 0 holds" }],
    returns: null,
    example: 'assert(strlen("four") == 4)',
    kernel: (emit, args) => {
      emit.when("eq", operand(args, 0), 0n, () => raiseText(emit, { kind: "literal", text: ASSERTION_FAILED }));
      return null;
    },
    user: (_runtime, args) => {
      if (longArgument(args, 0) === 0n) throw new ScriptError(ASSERTION_FAILED);
      return null;
    },
  },
  {
    name: "log",
    topic: "session",
    summary: "Prints a line.",
    parameters: [message],
    returns: null,
    example: 'log("half way there")',
    kernel: (emit, args) => {
      emitPrint(emit, [TEXT, LINE], [text(args, 0)], "stdout");
      return null;
    },
    user: (runtime, args) => {
      runtime.print(`${textArgument(args, 0)}\n`);
      return null;
    },
  },
  {
    name: "printk",
    topic: "session",
    summary: "Prints a line. The kernel's log, where SystemTap writes it, is left alone.",
    parameters: [{ name: "level", type: "long", meaning: "the kernel's level, 0 to 7; has no effect" }, message],
    returns: null,
    example: 'printk(6, "half way there")',
    kernel: (emit, args) => {
      emitPrint(emit, [TEXT, LINE], [text(args, 1)], "stdout");
      return null;
    },
    user: (runtime, args) => {
      runtime.print(`${textArgument(args, 1)}\n`);
      return null;
    },
  },
  {
    name: "warn",
    topic: "session",
    summary: "Prints a warning to the error output.",
    parameters: [message],
    returns: null,
    example: 'warn("this is slow")',
    kernel: (emit, args) => {
      emitPrint(emit, [WARNING, TEXT, LINE], [text(args, 0)], "stderr");
      return null;
    },
    user: (runtime, args) => {
      runtime.warn(`WARNING: ${textArgument(args, 0).replace(/\n$/, "")}\n`);
      return null;
    },
  },
  {
    name: "switch_file",
    topic: "session",
    summary:
      "Lets what is printed from here on go to the next of the files of `tapbook run -o FILE -S SIZE`; has no effect elsewhere.",
    parameters: [],
    returns: null,
    example: "probe timer.s(2) { switch_file(); println(ctime(gettimeofday_s())); exit() }",
    kernelRefusal: "what a probe in the kernel prints is put into files later; call switch_file() in a timer probe",
    user: (runtime) => {
      runtime.switchFile?.();
      return null;
    },
  },
  {
    name: "system",
    topic: "session",
    summary: "Runs a shell command when the handler is done.",
    parameters: [{ name: "command", type: "string", meaning: "as for `sh -c`" }],
    returns: null,
    example: 'probe begin { system("date") }\nprobe timer.s(1) { exit() }',
    kernelRefusal: "a probe in the kernel cannot start a process; call system() in a timer or end probe",
    user: (runtime, args) => {
      runtime.environment.system(textArgument(args, 0));
      return null;
    },
  },
];
