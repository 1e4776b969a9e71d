/** IR functions to the instructions of one eBPF program. */
import type { Relocation } from "../compiled.js";
import type { Base, CallArgument, Condition, Instruction, IrFunction } from "../ir/instructions.js";
import type { Operand, Register } from "../ir/values.js";
import type { Span } from "../source.js";
import * as bpf from "./encode.js";
import { orderMoves } from "./moves.js";
import { allocateRegisters, type Place } from "./registers.js";

export interface AssembledProgram {
  readonly slots: readonly bpf.Slot[];
  readonly relocations: readonly Relocation[];
  readonly functions: readonly { readonly name: string; readonly kind: IrFunction["kind"]; readonly start: number }[];
  readonly lines: readonly { readonly instruction: number; readonly span: Span }[];
}

const R0 = 0;
const R1 = 1;
const SCRATCH = 9;
const FRAME = 10;
/** In the main function's frame: the link that callbacks get, scratch pointer first, then the context. */
const LINK = -16;
const LINK_CONTEXT = 8;
/** In a callback's frame: the link it was given. */
const SAVED_LINK = -8;

export function assembleProgram(functions: readonly IrFunction[]): AssembledProgram {
  const assembler = new Assembler(functions.length);
  functions.forEach((code, index) => assembler.addFunction(code, index));
  return assembler.finish(functions);
}

class Assembler {
  private readonly slots: bpf.Slot[] = [];
  private readonly relocations: Relocation[] = [];
  private readonly lines: { instruction: number; span: Span }[] = [];
  private readonly starts: number[];
  private readonly functionReferences: { slot: number; function: number }[] = [];
  private places: ReadonlyMap<Register, Place> = new Map();
  private labels = new Map<string, number>();
  private jumps: { slot: number; label: string }[] = [];
  private isMain = true;

  constructor(functionCount: number) {
    this.starts = Array.from({ length: functionCount }, () => 0);
  }

  addFunction(code: IrFunction, index: number): void {
    this.starts[index] = this.slots.length;
    this.isMain = code.kind === "main";
    this.places = allocateRegisters(code, this.isMain ? 16 : 8).places;
    this.labels = new Map();
    this.jumps = [];
    this.prologue(code);
    for (const instruction of code.instructions) this.add(instruction);
    for (const { slot, label } of this.jumps) {
      const target = this.labels.get(label);
      if (target === undefined) throw new Error(`label ${label} is nowhere in ${code.name}`);
      const distance = target - slot - 1;
      if (distance > 32767) throw new ProgramTooLarge(code.name);
      this.slots[slot] = { ...(this.slots[slot] as bpf.Slot), offset: distance };
    }
  }

  finish(functions: readonly IrFunction[]): AssembledProgram {
    for (const reference of this.functionReferences) {
      const relative = (this.starts[reference.function] as number) - reference.slot - 1;
      this.slots[reference.slot] = { ...(this.slots[reference.slot] as bpf.Slot), imm: relative };
    }
    return {
      slots: this.slots,
      relocations: this.relocations,
      functions: functions.map((code, index) => ({ name: code.name, kind: code.kind, start: this.starts[index] as number })),
      lines: this.lines,
    };
  }

  private prologue(code: IrFunction): void {
    if (this.isMain) {
      this.slots.push(bpf.storeRegister(8, FRAME, LINK + LINK_CONTEXT, R1));
      return;
    }
    // bpf_loop passes (index, link), for_each_map_elem (map, key, value, link).
    const link = code.kind === "loop" ? 2 : 4;
    this.slots.push(bpf.storeRegister(8, FRAME, SAVED_LINK, link), bpf.load(8, SCRATCH, link, 0));
    const parameters = code.instructions.filter((instruction) => instruction.op === "parameter");
    const moves = [];
    for (const { to, index } of parameters) {
      const place = this.place(to);
      if (place.kind === "stack") this.slots.push(bpf.storeRegister(8, FRAME, place.offset, index + 1));
      else moves.push({ to: place.number, from: index + 1 });
    }
    for (const { to, from } of orderMoves(moves, R0)) this.slots.push(bpf.move(to, from));
  }

  private add(instruction: Instruction): void {
    switch (instruction.op) {
      case "set":
        return this.define(instruction.to, (target) => this.copyTo(target, instruction.value));
      case "alu":
        return this.alu(instruction);
      case "swap":
        return this.define(instruction.to, (target) => {
          this.copyTo(target, instruction.value);
          this.slots.push(bpf.swap64(target));
        });
      case "load": {
        const base = this.base(instruction.base, R1);
        return this.define(instruction.to, (target) => this.slots.push(bpf.load(instruction.size, target, base, instruction.offset)));
      }
      case "store":
        return this.store(instruction);
      case "atomic":
        return this.atomic(instruction);
      case "compareExchange":
        return this.compareExchange(instruction);
      case "map":
        return this.define(instruction.to, (target) => this.mapAddress(target, instruction.map, "map", 0));
      case "mapValue":
        return this.define(instruction.to, (target) => this.mapAddress(target, instruction.map, "value", instruction.offset));
      case "scratchAddress":
        return this.define(instruction.to, (target) => this.scratchAddress(target, instruction.offset));
      case "useScratch":
        this.copyTo(SCRATCH, instruction.from);
        this.slots.push(bpf.storeRegister(8, FRAME, LINK, SCRATCH));
        return;
      case "context":
        return this.define(instruction.to, (target) => {
          if (this.isMain) this.slots.push(bpf.load(8, target, FRAME, LINK + LINK_CONTEXT));
          else this.slots.push(bpf.load(8, R1, FRAME, SAVED_LINK), bpf.load(8, target, R1, LINK_CONTEXT));
        });
      case "parameter":
        return;
      case "callback":
        return this.define(instruction.to, (target) => {
          this.functionReferences.push({ slot: this.slots.length, function: instruction.function });
          this.slots.push(...bpf.loadWide(target, bpf.PSEUDO.function, 0, 0));
        });
      case "call":
        return this.call(instruction.helper, instruction.arguments, instruction.to);
      case "label":
        this.labels.set(instruction.label, this.slots.length);
        return;
      case "jump":
        this.jumps.push({ slot: this.slots.length, label: instruction.label });
        this.slots.push(bpf.jump(0));
        return;
      case "branch":
        return this.branch(instruction.condition, instruction.left, instruction.right, instruction.label);
      case "return":
        this.copyTo(R0, instruction.value);
        this.slots.push(bpf.exit());
        return;
      case "line":
        this.lines.push({ instruction: this.slots.length, span: instruction.span });
        return;
    }
  }

  private place(register: Register): Place {
    const place = this.places.get(register);
    if (!place) throw new Error(`register ${register} has no place`);
    return place;
  }

  /** Lets `fill` compute into a machine register and puts that where the virtual register lives. */
  private define(to: Register, fill: (target: number) => void): void {
    const place = this.place(to);
    if (place.kind === "register") return fill(place.number);
    fill(R0);
    this.slots.push(bpf.storeRegister(8, FRAME, place.offset, R0));
  }

  private copyTo(target: number, value: Operand): void {
    if (typeof value === "bigint") {
      if (fitsImmediate(value)) this.slots.push(bpf.moveImmediate(target, Number(value)));
      else this.slots.push(...bpf.loadWide(target, bpf.PSEUDO.number, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))));
      return;
    }
    const place = this.place(value);
    if (place.kind === "stack") this.slots.push(bpf.load(8, target, FRAME, place.offset));
    else if (place.number !== target) this.slots.push(bpf.move(target, place.number));
  }

  /** A machine register that holds the value: its own, or `spare` after a load. */
  private inRegister(value: Operand, spare: number): number {
    if (typeof value === "number") {
      const place = this.place(value);
      if (place.kind === "register") return place.number;
    }
    this.copyTo(spare, value);
    return spare;
  }

  private base(base: Base, spare: number): number {
    return base === "scratch" ? SCRATCH : this.inRegister(base, spare);
  }

  private scratchAddress(target: number, offset: number): void {
    this.slots.push(bpf.move(target, SCRATCH));
    if (offset !== 0) this.slots.push(bpf.aluImmediate("add", target, offset));
  }

  private mapAddress(target: number, map: string, kind: "map" | "value", offset: number): void {
    this.relocations.push({ instruction: this.slots.length, map, kind });
    this.slots.push(...bpf.loadWide(target, kind === "map" ? bpf.PSEUDO.mapDescriptor : bpf.PSEUDO.mapValue, 0, offset));
  }

  private alu({ operator, to, left, right }: Extract<Instruction, { op: "alu" }>): void {
    const place = this.place(to);
    let target = place.kind === "register" ? place.number : R0;
    if (typeof right === "bigint" && fitsImmediate(right)) {
      this.copyTo(target, left);
      this.slots.push(bpf.aluImmediate(operator, target, Number(right)));
    } else {
      const source = this.inRegister(right, R1);
      // The left side must not overwrite the right one before it is used.
      if (source === target) target = R0;
      this.copyTo(target, left);
      this.slots.push(bpf.aluRegister(operator, target, source));
    }
    if (place.kind === "stack") this.slots.push(bpf.storeRegister(8, FRAME, place.offset, target));
    else if (target !== place.number) this.slots.push(bpf.move(place.number, target));
  }

  private store({ base, offset, size, value }: Extract<Instruction, { op: "store" }>): void {
    const address = this.base(base, R1);
    if (typeof value === "bigint" && fitsImmediate(value)) this.slots.push(bpf.storeImmediate(size, address, offset, Number(value)));
    else this.slots.push(bpf.storeRegister(size, address, offset, this.inRegister(value, R0)));
  }

  private atomic({ operator, base, offset, value, fetch }: Extract<Instruction, { op: "atomic" }>): void {
    const address = this.base(base, R1);
    if (fetch === null) {
      this.slots.push(bpf.atomic(operator, address, offset, this.inRegister(value, R0), false));
      return;
    }
    // The old value comes back in the source register, which must be nobody else's.
    this.copyTo(R0, value);
    this.slots.push(bpf.atomic(operator, address, offset, R0, true));
    this.define(fetch, (target) => this.slots.push(bpf.move(target, R0)));
  }

  private compareExchange({ to, base, offset, expected, value }: Extract<Instruction, { op: "compareExchange" }>): void {
    // r0 is taken by the expected value, so base and new value must have registers: two stack places cannot both be reached.
    const address = this.base(base, R1);
    const source = this.inRegister(value, address === R1 ? this.refuseSpill() : R1);
    this.copyTo(R0, expected);
    this.slots.push(bpf.compareExchange(address, offset, source));
    this.define(to, (target) => this.slots.push(bpf.move(target, R0)));
  }

  private refuseSpill(): never {
    throw new Error("a compare-and-exchange needs its operands in registers");
  }

  private call(helper: number, args: readonly CallArgument[], to: Register | null): void {
    const moves: { to: number; from: number }[] = [];
    const later: (() => void)[] = [];
    args.forEach((argument, index) => {
      const target = index + 1;
      if (argument === "link") {
        if (this.isMain) later.push(() => this.slots.push(bpf.move(target, FRAME), bpf.aluImmediate("add", target, LINK)));
        else later.push(() => this.slots.push(bpf.load(8, target, FRAME, SAVED_LINK)));
      } else if (typeof argument === "object") later.push(() => this.scratchAddress(target, argument.scratch));
      else if (typeof argument === "bigint") later.push(() => this.copyTo(target, argument));
      else {
        const place = this.place(argument);
        if (place.kind === "register") moves.push({ to: target, from: place.number });
        else later.push(() => this.copyTo(target, argument));
      }
    });
    for (const { to: target, from } of orderMoves(moves, R0)) this.slots.push(bpf.move(target, from));
    for (const fill of later) fill();
    this.slots.push(bpf.callHelper(helper));
    if (to === null) return;
    const place = this.place(to);
    if (place.kind === "stack") this.slots.push(bpf.storeRegister(8, FRAME, place.offset, R0));
    else this.slots.push(bpf.move(place.number, R0));
  }

  private branch(condition: Condition, left: Operand, right: Operand, label: string): void {
    const first = this.inRegister(left, R0);
    const slot =
      typeof right === "bigint" && fitsImmediate(right)
        ? bpf.branchImmediate(condition, first, Number(right), 0)
        : bpf.branchRegister(condition, first, this.inRegister(right, R1), 0);
    this.jumps.push({ slot: this.slots.length, label });
    this.slots.push(slot);
  }
}

/** A jump of more than 32,767 instructions. */
export class ProgramTooLarge extends Error {
  constructor(readonly function_: string) {
    super(`the code of ${function_} is too large for eBPF's 16-bit jumps`);
  }
}

function fitsImmediate(value: bigint): boolean {
  return value >= -0x80000000n && value <= 0x7fffffffn;
}
