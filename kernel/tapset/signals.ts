/** Signals: sending one, and what their numbers are called. */
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { TapsetFunction } from "../compiler/catalogue.js";
import type { NameSet } from "../compiler/compiled.js";
import { raise } from "../compiler/ir/errors.js";
import { longArgument, operand } from "./arguments.js";

/** The kernel's _NSIG. */
const LAST_SIGNAL = 64n;

// asm-generic/signal.h, in the order of their numbers, from 1; x86 and arm64 agree. Those for real time have none of their own.
const NAMES =
  `HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG
XCPU XFSZ VTALRM PROF WINCH IO PWR SYS`.split(/\s+/);

const signalNames: NameSet = {
  id: "signal",
  // What numbers without a name are taken for inside the kernel.
  names: new Map([[0, ""], ...NAMES.map((name, index) => [index + 1, `SIG${name}`] as const)]),
};

const number = { name: "signal", type: "long", meaning: "its number" } as const;

export const signalFunctions: readonly TapsetFunction[] = [
  {
    name: "raise",
    topic: "signals",
    summary: "Sends a signal to the current thread, in guru mode; fails where the kernel does not take it.",
    parameters: [{ ...number, meaning: "its number, from 1 to 64" }],
    returns: null,
    needsGuru: true,
    example: "probe syscall.swapoff { raise(19) }\nprobe timer.s(1) { exit() }",
    kernel: (emit, args) => {
      const signal = emit.set(operand(args, 0));
      // The helper would take 32 bits of it for the number.
      const index = emit.alu("sub", signal, 1n);
      emit.when("ugt", index, LAST_SIGNAL - 1n, () => raise(emit, "there is no signal %d", signal));
      const failed = emit.call(HELPER.send_signal_thread, [signal]);
      emit.when("ne", failed, 0n, () => raise(emit, "the kernel did not take the signal: error %d", failed));
      return null;
    },
    userRefusal: "a handler in user space belongs to no process that is traced; raise signals in the probe of an event",
  },
  {
    name: "signal_str",
    topic: "signals",
    summary: 'The name of a signal, such as "SIGKILL"; "" for a number without one.',
    parameters: [number],
    returns: "string",
    shape: { kind: "names", set: signalNames },
    example: 'probe syscall.kill { println(execname(), " ", signal_str($sig)) }\nprobe timer.s(1) { exit() }',
    kernel: (emit, args) => {
      const signal = emit.set(operand(args, 0));
      emit.when("ugt", signal, BigInt(NAMES.length), () => emit.assign(signal, 0n));
      return { kind: "names", set: signalNames, operand: signal };
    },
    user: (_runtime, args) => {
      const signal = longArgument(args, 0);
      return signal >= 0n && signal <= LAST_SIGNAL ? (signalNames.names.get(Number(signal)) ?? "") : "";
    },
  },
];
