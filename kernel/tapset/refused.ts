/** What SystemTap's functions can do and programs of eBPF cannot: each is known by name, and refused with what does the same or nearly so. */
import type { FunctionParameter, TapsetFunction } from "../compiler/catalogue.js";

interface Refused {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly (readonly [name: string, type: FunctionParameter["type"], meaning: string])[];
  readonly returns?: FunctionParameter["type"];
  /** Why, and what to do instead. */
  readonly reason: string;
  /** That. */
  readonly example: string;
}

const READING = "probe syscall.read { println(execname(), user_mode()) }\nprobe timer.s(1) { exit() }";
const WRITING = 'probe syscall.read { println("only looking") }\nprobe timer.s(1) { exit() }';

const TYPES = ["char", "short", "int", "long", "pointer", "string", "string_n"];

function writing(space: "kernel" | "user", type: string): Refused {
  const isText = type.startsWith("string");
  return {
    name: `set_${space}_${type}`,
    summary: `SystemTap's way to change the ${space === "kernel" ? "kernel's" : "process's"} memory; refused here.`,
    parameters: [
      ["address", "long", "where it goes"],
      ...(type === "string_n" ? [["length", "long", "the most bytes"] as const] : []),
      ["value", isText ? "string" : "long", isText ? "the text" : "the number"],
    ],
    reason:
      space === "kernel"
        ? "no eBPF program may write to the kernel's memory"
        : 'in guru mode, assign to the variable instead (`$buf[0] = 1`, `@cast(address, "int")->member = 1`), as far as the kernel lets programs write',
    example: WRITING,
  };
}

const REFUSED: readonly Refused[] = [
  ...TYPES.map((type) => writing("kernel", type)),
  ...TYPES.map((type) => writing("user", type)),
  {
    name: "panic",
    summary: "SystemTap's way to bring the machine down; refused here.",
    parameters: [["message", "string", "what the kernel's log would say"]],
    reason: "no eBPF program may bring the machine down; abort() ends the session",
    example: 'probe timer.s(1) { println("this is too much"); abort() }',
  },
  {
    name: "task_backtrace",
    summary: "SystemTap's stack of any task; refused here.",
    parameters: [["task", "long", "address of a task_struct"]],
    returns: "string",
    reason: "a probe can take the stack of the current task only: backtrace(), in a probe that this task meets",
    example: "global stacks\nprobe timer.profile { stacks[backtrace()]++ }\nprobe timer.s(1) { exit() }",
  },
  {
    name: "print_regs",
    summary: "SystemTap's list of all registers; refused here.",
    parameters: [],
    reason: 'which registers there are differs from probe to probe; register("name") and u_register("name") read one',
    example: 'probe syscall.read { printf("%p\\n", u_register("rsp")); exit() }',
  },
  {
    name: "ftrace",
    summary: "SystemTap's way into the kernel's own trace buffer; refused here.",
    parameters: [["message", "string", "the text"]],
    reason: "what a script prints goes to its own output: log()",
    example: 'log("half way there")',
  },
  {
    name: "module_name",
    summary: "The name of SystemTap's kernel module; refused here.",
    parameters: [],
    returns: "string",
    reason: "a script is no kernel module here, and needs none",
    example: READING,
  },
];

export const refusedFunctions: readonly TapsetFunction[] = REFUSED.map(
  ({ name, summary, parameters, returns, reason, example }) => ({
    name,
    topic: "not here",
    summary,
    parameters: parameters.map(([parameter, type, meaning]) => ({ name: parameter, type, meaning })),
    returns: returns ?? null,
    example,
    kernelRefusal: reason,
    userRefusal: reason,
  }),
);
