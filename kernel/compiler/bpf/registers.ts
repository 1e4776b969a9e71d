/**
 * Which machine register, or which slot of the stack, each virtual register lives in.
 *
 * Jumps only go forward, so a virtual register lives from its first to its last mention. r0 and r1 are left to the
 * assembler, r9 is the scratch pointer, r10 the frame; r2–r5 hold what does not live across a call, r6–r8 anything.
 */
import type { CallArgument, Instruction, IrFunction } from "../ir/instructions.js";
import type { Operand, Register } from "../ir/values.js";

export type Place =
  { readonly kind: "register"; readonly number: number } | { readonly kind: "stack"; readonly offset: number };

export interface Allocation {
  /** By register; nothing for one that is never mentioned. */
  readonly places: readonly (Place | undefined)[];
  /** Bytes of the stack in use, the reserved ones included. */
  readonly stackSize: number;
}

const SHORT_LIVED = [2, 3, 4, 5];
const PRESERVED = [6, 7, 8];
const ALL = [...SHORT_LIVED, ...PRESERVED];
const MACHINE_REGISTERS: readonly Place[] = Array.from({ length: 9 }, (_, number) => ({ kind: "register", number }));

/** From where to where in the code a virtual register lives, and whether a helper is called meanwhile. */
interface Interval {
  readonly register: Register;
  readonly start: number;
  end: number;
  /** Calls up to and including the instruction at the start. */
  readonly callsAtStart: number;
  crossesCall: boolean;
}

/** `reserved`: bytes at the top of the frame that are taken already. */
export function allocateRegisters(code: IrFunction, reserved: number): Allocation {
  const places: Place[] = [];
  const freeSlots: number[] = [];
  let stackSize = reserved;
  /** Of each machine register, and of each slot in use: the instruction after which it is free. */
  const busyUntil = MACHINE_REGISTERS.map(() => -1);
  let slots: { readonly offset: number; readonly end: number }[] = [];
  for (const { register, start, end, crossesCall } of findIntervals(code.instructions)) {
    const free = (crossesCall ? PRESERVED : ALL).find((number) => (busyUntil[number] as number) <= start);
    if (free !== undefined) {
      busyUntil[free] = end;
      places[register] = MACHINE_REGISTERS[free] as Place;
      continue;
    }
    slots = slots.filter((slot) => {
      if (slot.end > start) return true;
      freeSlots.push(slot.offset);
      return false;
    });
    const offset = freeSlots.pop() ?? -(stackSize += 8);
    slots.push({ offset, end });
    places[register] = { kind: "stack", offset };
  }
  return { places, stackSize };
}

/** In the order in which they start. */
function findIntervals(instructions: readonly Instruction[]): Interval[] {
  const found: Interval[] = [];
  const byRegister: Interval[] = [];
  let calls = 0;
  instructions.forEach((instruction, index) => {
    const callsBefore = calls;
    if (instruction.op === "call") calls++;
    visitMentioned(instruction, (register) => {
      const interval = byRegister[register];
      if (!interval) {
        const first = { register, start: index, end: index, callsAtStart: calls, crossesCall: false };
        byRegister[register] = first;
        found.push(first);
      } else if (index > interval.start) {
        interval.end = index;
        interval.crossesCall = callsBefore !== interval.callsAtStart;
      }
    });
  });
  return found;
}

/** Calls `visit` for every register an instruction reads or writes. */
function visitMentioned(instruction: Instruction, visit: (register: Register) => void): void {
  const operand = (value: Operand | CallArgument | "scratch" | null): void => {
    if (typeof value === "number") visit(value);
  };
  switch (instruction.op) {
    case "set":
    case "swap":
      operand(instruction.value);
      return visit(instruction.to);
    case "alu":
      operand(instruction.left);
      operand(instruction.right);
      return visit(instruction.to);
    case "load":
      operand(instruction.base);
      return visit(instruction.to);
    case "store":
      operand(instruction.base);
      return operand(instruction.value);
    case "atomic":
      operand(instruction.base);
      operand(instruction.value);
      return operand(instruction.fetch);
    case "compareExchange":
      operand(instruction.base);
      operand(instruction.expected);
      operand(instruction.value);
      return visit(instruction.to);
    case "map":
    case "mapValue":
    case "scratchAddress":
    case "context":
    case "parameter":
    case "callback":
      return visit(instruction.to);
    case "useScratch":
      return visit(instruction.from);
    case "call":
      for (const argument of instruction.arguments) operand(argument);
      return operand(instruction.to);
    case "branch":
      operand(instruction.left);
      return operand(instruction.right);
    case "return":
      return operand(instruction.value);
    case "label":
    case "jump":
    case "line":
      return;
  }
}
