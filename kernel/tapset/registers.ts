/** The processor's registers, by their names. */
import type { TapsetFunction } from "../compiler/catalogue.js";
import type { Emitter } from "../compiler/ir/emitter.js";
import { hasRegisters, savedUserRegister } from "../compiler/ir/event_registers.js";
import { KernelCannot } from "../compiler/ir/kernel_cannot.js";
import { registerNames, registerOffset } from "../compiler/ir/user_registers.js";
import { long, type StringValue } from "../compiler/ir/values.js";
import { text } from "./arguments.js";

const NO_EVENT = "a handler in user space has no event with registers; ask in the probe of an event";

const register = {
  name: "name",
  type: "string",
  meaning: 'its name, written out, such as "rax" or "x0"; of x86 also without the first letter, such as "ax"',
} as const;

function offsetOf(emit: Emitter, called: string, name: StringValue): number {
  if (name.kind !== "literal")
    throw new KernelCannot(`${called}() wants the register's name written out, as in ${called}("${aRegister(emit)}")`);
  const { architecture } = emit.target;
  const offset = registerOffset(architecture, name.text) ?? registerOffset(architecture, `r${name.text}`);
  if (offset === null)
    throw new KernelCannot(
      `this machine has no register "${name.text}" that is saved`,
      `it has ${registerNames(architecture).join(", ")}`,
    );
  return offset;
}

function aRegister(emit: Emitter): string {
  return registerNames(emit.target.architecture)[0] ?? "";
}

export const registerFunctions: readonly TapsetFunction[] = [
  {
    name: "register",
    topic: "registers",
    summary:
      "A register when the event happened, all of its 64 bits; samples and breakpoints have them, tracepoints have not.",
    parameters: [register],
    returns: "long",
    example: 'probe timer.profile { printf("%#x\\n", register("sp")); exit() }',
    kernel: (emit, args) => {
      const offset = offsetOf(emit, "register", text(args, 0));
      if (!hasRegisters(emit))
        throw new KernelCannot(
          "the kernel tells no registers at such a probe",
          "u_register() gives those of the program, and the probe's own variables what they held",
        );
      return long(emit.load(emit.context(), offset));
    },
    userRefusal: NO_EVENT,
  },
  {
    name: "u_register",
    topic: "registers",
    summary:
      "A register of the program where it is, or was when it entered the kernel, all of its 64 bits; 0 for a thread of the kernel.",
    parameters: [register],
    returns: "long",
    example: 'probe syscall.read { printf("%#x\\n", u_register("sp")); exit() }',
    kernel: (emit, args) => long(savedUserRegister(emit, offsetOf(emit, "u_register", text(args, 0)))),
    userRefusal: NO_EVENT,
  },
];
