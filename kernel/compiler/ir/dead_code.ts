/** Takes out what can never run: the verifier refuses programs that hold such instructions or functions. */
import type { Instruction, IrFunction } from "./instructions.js";

/** The first function is the main one; callbacks that nothing reachable passes on are left out and the others renumbered. */
export function removeDeadCode(functions: readonly IrFunction[]): IrFunction[] {
  const kept: IrFunction[] = [];
  const numbers = new Map<number, number>();
  const keep = (index: number): number => {
    const known = numbers.get(index);
    if (known !== undefined) return known;
    const code = functions[index];
    if (!code) throw new Error(`there is no function ${index}`);
    const number = kept.length;
    numbers.set(index, number);
    const copy: IrFunction = { ...code, instructions: [] };
    kept.push(copy);
    visitReachable(code.instructions, (instruction) => {
      copy.instructions.push(
        instruction.op === "callback" ? { ...instruction, function: keep(instruction.function) } : instruction,
      );
    });
    return number;
  };
  keep(0);
  return kept;
}

/** Jumps only go forward, so one pass finds everything. */
function visitReachable(instructions: readonly Instruction[], visit: (instruction: Instruction) => void): void {
  const targets = new Set<string>();
  let alive = true;
  for (const instruction of instructions) {
    if (instruction.op === "label") alive ||= targets.has(instruction.label);
    if (!alive) continue;
    if (instruction.op === "jump" || instruction.op === "branch") targets.add(instruction.label);
    if (instruction.op === "jump" || instruction.op === "return") alive = false;
    visit(instruction);
  }
}
