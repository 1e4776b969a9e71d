/** `@kderef`, `@uderef`, `@kregister`, `@uregister`: memory and registers as they are, for what has no name. */
import type { TapsetFunction } from "../catalogue.js";
import type { Emitter } from "../ir/emitter.js";
import { hasRegisters, savedUserRegister } from "../ir/event_registers.js";
import { KernelCannot } from "../ir/kernel_cannot.js";
import { dwarfRegister, registerOffset } from "../ir/user_registers.js";
import { long } from "../ir/values.js";
import type * as ast from "../syntax/ast.js";
import type { Body, Checked } from "./body.js";
import { callReader } from "./calls.js";
import * as complaints from "./data_messages.js";
import { checkNumber, typed } from "./expressions.js";
import { readMemory } from "./memory_reads.js";
import * as messages from "./messages.js";
import type { MemorySpace } from "./program.js";

const RAW_SIZES: ReadonlySet<bigint> = new Set([1n, 2n, 4n, 8n]);

/** `@kderef(bytes, address)`, for gurus, and `@uderef(bytes, address)`. */
export function checkRawRead(body: Body, node: ast.AtOperation, space: MemorySpace): Checked {
  const { span, name } = node;
  const [size, at, extra] = node.arguments;
  if (!size || !at || extra)
    return body.refuse(span, messages.wrongArgumentCount(`@${name}`, [2], node.arguments.length));
  const address = checkNumber(body, at, `\`@${name}\``);
  if (space === "kernel" && !body.context.isGuru) return body.refuse(span, complaints.needsGuru(`\`@${name}\``));
  if (size.kind !== "number" || !RAW_SIZES.has(size.value))
    return body.refuse(size.span, complaints.badSize(`\`@${name}\``));
  body.usage.memory ??= span;
  return typed(node, "long", () => readMemory(space, address.build(), Number(size.value), false, span));
}

/** `@kregister(number)`, for gurus, and `@uregister(number)`, by the numbers that debug information has for registers. */
export function checkRegister(body: Body, node: ast.AtOperation, space: MemorySpace): Checked {
  const { span, name } = node;
  const [number, extra] = node.arguments;
  if (!number || extra) return body.refuse(span, messages.wrongArgumentCount(`@${name}`, [1], node.arguments.length));
  if (space === "kernel" && !body.context.isGuru) return body.refuse(span, complaints.needsGuru(`\`@${name}\``));
  const { architecture } = body.context.target;
  const register = number.kind === "number" ? dwarfRegister(architecture, Number(number.value)) : null;
  const offset = register === null ? null : registerOffset(architecture, register);
  if (offset === null) return body.refuse(number.span, complaints.noSuchRegister(`\`@${name}\``, architecture));
  const reader = registerReader(`@${name}`, (emit) => {
    if (space === "user") return savedUserRegister(emit, offset);
    if (!hasRegisters(emit))
      throw new KernelCannot(
        "the kernel tells no registers at such a probe",
        "@uregister gives those of the program, and the probe's own variables what they held",
      );
    return emit.load(emit.context(), offset);
  });
  return callReader(body, node, reader);
}

function registerReader(name: string, read: (emit: Emitter) => ReturnType<Emitter["load"]>): TapsetFunction {
  return {
    name,
    topic: "registers",
    summary: "",
    parameters: [],
    returns: "long",
    example: "",
    kernel: (emit) => long(read(emit)),
    userRefusal: "a handler in user space has no event with registers; ask in the probe of an event",
  };
}
