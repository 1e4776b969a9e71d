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
  readonly places: ReadonlyMap<Register, Place>;
  /** Bytes of the stack in use, the reserved ones included. */
  readonly stackSize: number;
}

interface Interval {
  readonly register: Register;
  readonly start: number;
  end: number;
}

const SHORT_LIVED = [2, 3, 4, 5];
const PRESERVED = [6, 7, 8];

/** `reserved`: bytes at the top of the frame that are taken already. */
export function allocateRegisters(code: IrFunction, reserved: number): Allocation {
  const intervals = findIntervals(code.instructions);
  const callsUpTo = countCalls(code.instructions);
  const places = new Map<Register, Place>();
  const freeSlots: number[] = [];
  let stackSize = reserved;
  let active: { interval: Interval; place: Place }[] = [];
  for (const interval of intervals) {
    active = active.filter((entry) => {
      if (entry.interval.end > interval.start) return true;
      if (entry.place.kind === "stack") freeSlots.push(entry.place.offset);
      return false;
    });
    const taken = new Set(active.map((entry) => (entry.place.kind === "register" ? entry.place.number : -1)));
    const crossesCall = interval.end > interval.start && callsUpTo[interval.end - 1] !== callsUpTo[interval.start];
    const candidates = crossesCall ? PRESERVED : [...SHORT_LIVED, ...PRESERVED];
    const free = candidates.find((number) => !taken.has(number));
    const place: Place =
      free === undefined
        ? { kind: "stack", offset: freeSlots.pop() ?? -(stackSize += 8) }
        : { kind: "register", number: free };
    places.set(interval.register, place);
    active.push({ interval, place });
  }
  return { places, stackSize };
}

/** For each instruction: how many calls there are up to and including it. */
function countCalls(instructions: readonly Instruction[]): number[] {
  let calls = 0;
  return instructions.map((instruction) => (instruction.op === "call" ? ++calls : calls));
}

function findIntervals(instructions: readonly Instruction[]): Interval[] {
  const found = new Map<Register, Interval>();
  instructions.forEach((instruction, index) => {
    for (const register of mentioned(instruction)) {
      const interval = found.get(register);
      if (interval) interval.end = index;
      else found.set(register, { register, start: index, end: index });
    }
  });
  return [...found.values()];
}

/** Every register an instruction reads or writes. */
function mentioned(instruction: Instruction): Register[] {
  const registers = (...operands: (Operand | CallArgument | "scratch" | null)[]): Register[] =>
    operands.filter((operand) => typeof operand === "number");
  switch (instruction.op) {
    case "set":
    case "swap":
      return registers(instruction.value, instruction.to);
    case "alu":
      return registers(instruction.left, instruction.right, instruction.to);
    case "load":
      return registers(instruction.base, instruction.to);
    case "store":
      return registers(instruction.base, instruction.value);
    case "atomic":
      return registers(instruction.base, instruction.value, instruction.fetch);
    case "compareExchange":
      return registers(instruction.base, instruction.expected, instruction.value, instruction.to);
    case "map":
    case "mapValue":
    case "scratchAddress":
    case "context":
    case "parameter":
    case "callback":
      return [instruction.to];
    case "useScratch":
      return [instruction.from];
    case "call":
      return registers(...instruction.arguments, instruction.to);
    case "branch":
      return registers(instruction.left, instruction.right);
    case "return":
      return registers(instruction.value);
    case "label":
    case "jump":
    case "line":
      return [];
  }
}
