/** `process.syscall[.return]`: every system call of some processes, with its number and arguments as they come. */
import type { ContextVariable, KernelProbe, Resolution, Target } from "../../compiler/catalogue.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { long } from "../../compiler/ir/values.js";
import { systemCallProbe } from "../system_call/family.js";
import { readArgument, readNumber, readResult } from "../system_call/registers.js";
import { systemCallTable } from "../system_call/table.js";
import { narrowed, type Processes } from "./narrowing.js";

const ARGUMENTS = 6;

export function processSystemCalls(point: string, isReturn: boolean, processes: Processes, target: Target): Resolution {
  const probe = narrowed(
    systemCallProbe(systemCallTable(target.architecture).calls, isReturn, target),
    processes,
    target,
  );
  return { kind: "resolved", probes: [{ point, probe: withVariables(probe) }] };
}

function withVariables(probe: KernelProbe): KernelProbe {
  const { isReturn, entry } = probe;
  const number = (name: string, summary: string, read: (emit: Emitter) => number): ContextVariable => ({
    name,
    type: "long",
    summary,
    kernel: (emit) => long(read(emit)),
  });
  const own = Array.from({ length: ARGUMENTS }, (_, index) =>
    number(`$arg${index + 1}`, `Argument ${index + 1} of the system call, as 64 bits.`, (emit) =>
      readArgument(emit, index),
    ),
  );
  const variables = [
    number("$syscall", "The system call's number.", (emit) => readNumber(emit, isReturn)),
    ...own,
    ...(isReturn ? [number("$return", "What the system call returned.", readResult)] : []),
    ...["$$vars", "$$parms"].map((name): ContextVariable => ({
      name,
      type: "string",
      summary: "The arguments, as text.",
      lists: own.map((variable) => variable.name),
    })),
  ];
  // The name of the kernel's function serves probefunc().
  const hidden = [...probe.variables.values()].filter(({ name }) => name === "$probefunc");
  return {
    ...probe,
    variables: new Map([...variables, ...hidden].map((variable) => [variable.name, variable])),
    ...(entry ? { entry: withVariables(entry) } : {}),
  };
}
