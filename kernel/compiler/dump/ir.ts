/** The intermediate representation as text: one function after the other, one instruction a line. */
import type { Base, CallArgument, Instruction, IrFunction, Size } from "../ir/instructions.js";
import type { Operand, Register } from "../ir/values.js";
import { helperName } from "./helper_names.js";
import { SourceLines } from "./source_lines.js";

/** Every function of a program, its main function first. */
export function printIr(functions: readonly IrFunction[]): string {
  return functions.map((code) => printFunction(code, functions)).join("\n");
}

function printFunction(code: IrFunction, functions: readonly IrFunction[]): string {
  const lines = new SourceLines();
  const printed = code.instructions.flatMap((instruction) => {
    if (instruction.op === "label") return [`  ${instruction.label}:`];
    if (instruction.op === "line") {
      const comment = lines.comment(instruction.span);
      return comment === null ? [] : [`    ${comment}`];
    }
    return [`    ${printInstruction(instruction, functions)}`];
  });
  return [`function ${code.name} (${code.kind})`, ...printed, ""].join("\n");
}

type Plain = Exclude<Instruction, { op: "label" | "line" }>;

function printInstruction(instruction: Plain, functions: readonly IrFunction[]): string {
  switch (instruction.op) {
    case "set":
      return define(instruction.to, operand(instruction.value));
    case "alu":
      return define(
        instruction.to,
        `${instruction.operator} ${operand(instruction.left)}, ${operand(instruction.right)}`,
      );
    case "swap":
      return define(instruction.to, `swap ${operand(instruction.value)}`);
    case "load":
      return define(instruction.to, `load ${memory(instruction)} ${sizeName(instruction.size)}`);
    case "store":
      return `store ${memory(instruction)} ${sizeName(instruction.size)}, ${operand(instruction.value)}`;
    case "atomic": {
      const rest = `${instruction.operator} ${memory(instruction)}, ${operand(instruction.value)}`;
      return instruction.fetch === null ? `atomic_${rest}` : define(instruction.fetch, `fetch_${rest}`);
    }
    case "compareExchange": {
      const { to, expected, value } = instruction;
      return define(to, `compare_exchange ${memory(instruction)}, ${operand(expected)}, ${operand(value)}`);
    }
    case "map":
      return define(instruction.to, `map ${instruction.map}`);
    case "mapValue":
      return define(instruction.to, `map_value ${instruction.map}+${instruction.offset}`);
    case "scratchAddress":
      return define(instruction.to, `address scratch+${instruction.offset}`);
    case "useScratch":
      return `scratch = ${operand(instruction.from)}`;
    case "context":
      return define(instruction.to, "context");
    case "parameter":
      return define(instruction.to, `parameter ${instruction.index}`);
    case "callback":
      return define(instruction.to, `function ${functions[instruction.function]?.name ?? instruction.function}`);
    case "call": {
      const call = `call ${helperName(instruction.helper)}(${instruction.arguments.map(argument).join(", ")})`;
      return instruction.to === null ? call : define(instruction.to, call);
    }
    case "jump":
      return `goto ${instruction.label}`;
    case "branch": {
      const { condition, left, right, label } = instruction;
      return `if ${operand(left)} ${condition} ${operand(right)} goto ${label}`;
    }
    case "return":
      return `return ${operand(instruction.value)}`;
  }
}

function define(to: Register, value: string): string {
  return `r${to} = ${value}`;
}

function operand(value: Operand): string {
  return typeof value === "bigint" ? String(value) : `r${value}`;
}

function memory({ base, offset }: { readonly base: Base; readonly offset: number }): string {
  return `${base === "scratch" ? base : operand(base)}+${offset}`;
}

function sizeName(size: Size): string {
  return `u${size * 8}`;
}

function argument(value: CallArgument): string {
  if (value === "link") return value;
  return typeof value === "object" ? `scratch+${value.scratch}` : operand(value);
}
