/** IR functions to the instructions of one eBPF program. */
import type { Relocation } from "../compiled.js";
import type { Base, CallArgument, Condition, Instruction, IrFunction } from "../ir/instructions.js";
import type { Operand, Register } from "../ir/values.js";
import type { Span } from "../source.js";
import { Code } from "./code.js";
import * as bpf from "./encode.js";
import { orderMoves } from "./moves.js";
import { allocateRegisters, type Place } from "./registers.js";
import { WaitingJumps } from "./waiting_jumps.js";

export interface AssembledProgram {
  readonly instructions: Uint8Array;
  readonly relocations: readonly Relocation[];
  readonly functions: readonly { readonly name: string; readonly kind: IrFunction["kind"]; readonly start: number }[];
  readonly lines: readonly { readonly instruction: number; readonly span: Span }[];
}

interface MachineAddress {
  readonly base: number;
  readonly offset: number;
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

/** A jump may pass 32,767 instructions; one instruction of the IR and an island come between looking and jumping. */
const ISLAND_DISTANCE = 30_000;
const MOST_INSTRUCTIONS = 1_000_000;
const MOST_FUNCTIONS = 256;
const MOST_FRAMES = 8;
const STACK_SIZE = 512;
const FRAME_UNIT = 32;
const OFFSET_REACH = 32_768;

/**
 * `hasWideScratch`: the scratch entry is larger than what an instruction's signed 16-bit offset reaches from its start, so the scratch
 * pointer points into its middle.
 */
export function assembleProgram(functions: readonly IrFunction[], hasWideScratch: boolean): AssembledProgram {
  const assembler = new Assembler(functions.length, hasWideScratch ? OFFSET_REACH : 0);
  functions.forEach((code, index) => assembler.addFunction(code, index));
  return assembler.finish(functions);
}

class Assembler {
  private readonly code = new Code();
  private readonly relocations: Relocation[] = [];
  private readonly lines: { instruction: number; span: Span }[] = [];
  private readonly starts: number[];
  private readonly functionReferences: { slot: number; function: number }[] = [];
  private places: readonly (Place | undefined)[] = [];
  private waiting = new WaitingJumps();
  /** Whether what comes next can be reached from the instruction before. */
  private fallsThrough = true;
  private readonly frames: { readonly size: number; readonly callees: readonly number[] }[] = [];
  private isMain = true;

  constructor(
    functionCount: number,
    private readonly scratchBias: number,
  ) {
    this.starts = Array.from({ length: functionCount }, () => 0);
  }

  addFunction(code: IrFunction, index: number): void {
    this.starts[index] = this.code.length;
    this.isMain = code.kind === "main";
    const allocation = allocateRegisters(code, this.isMain ? 16 : 8);
    this.places = allocation.places;
    this.frames[index] = {
      size: allocation.stackSize,
      callees: code.instructions
        .filter((instruction) => instruction.op === "callback")
        .map((instruction) => instruction.function),
    };
    this.waiting = new WaitingJumps();
    this.fallsThrough = true;
    this.prologue(code);
    for (const instruction of code.instructions) {
      if (this.code.length - (this.waiting.oldest?.slot ?? Infinity) > ISLAND_DISTANCE) this.addIsland();
      this.add(instruction);
      this.fallsThrough = instruction.op !== "jump" && instruction.op !== "return";
    }
    if (this.waiting.oldest) throw new Error(`label ${this.waiting.oldest.label} is nowhere in ${code.name}`);
  }

  /** Lets every jump that waits for its label end here, where one jump for all of them goes on: offsets have 16 bits. */
  private addIsland(): void {
    const labels = this.waiting.labels();
    // Code that comes along here passes by; a jump that nothing reaches would be refused.
    if (this.fallsThrough) this.code.push(bpf.jump(labels.length));
    for (const label of labels) {
      this.placeLabel(label);
      this.waiting.add(this.code.length, label);
      this.code.push(bpf.jump(0));
    }
  }

  /** Makes a jump end at the instruction that comes next. */
  private land(slot: number): void {
    this.code.setOffset(slot, this.code.length - slot - 1);
  }

  private placeLabel(label: string): void {
    for (const { slot } of this.waiting.take(label)) this.land(slot);
  }

  /** The kernel grants all frames of a chain of calls together one stack, and a chain of so many. */
  private checkStack(index: number, callers: number, used: number): void {
    const { size, callees } = this.frames[index] as (typeof this.frames)[number];
    const total = used + Math.max(1, Math.ceil(size / FRAME_UNIT)) * FRAME_UNIT;
    if (callers >= MOST_FRAMES)
      throw new ProgramTooLarge(`loops are nested too deep: the kernel lets ${MOST_FRAMES} functions call each other`);
    if (total > STACK_SIZE)
      throw new ProgramTooLarge("expressions are nested too deep for the kernel's stack of 512 bytes");
    for (const callee of callees) this.checkStack(callee, callers + 1, total);
  }

  finish(functions: readonly IrFunction[]): AssembledProgram {
    if (this.code.length > MOST_INSTRUCTIONS)
      throw new ProgramTooLarge(
        `the code has ${this.code.length} instructions, and the kernel takes ${MOST_INSTRUCTIONS}`,
      );
    if (functions.length > MOST_FUNCTIONS)
      throw new ProgramTooLarge(
        `the code has ${functions.length} loops, aggregates' readings included, and the kernel takes ${MOST_FUNCTIONS - 1}`,
      );
    this.checkStack(0, 0, 0);
    for (const reference of this.functionReferences) {
      const relative = (this.starts[reference.function] as number) - reference.slot - 1;
      this.code.setImmediate(reference.slot, relative);
    }
    return {
      instructions: this.code.bytes(),
      relocations: this.relocations,
      functions: functions.map((code, index) => ({
        name: code.name,
        kind: code.kind,
        start: this.starts[index] as number,
      })),
      lines: this.lines,
    };
  }

  private prologue(code: IrFunction): void {
    if (this.isMain) {
      this.code.push(bpf.storeRegister(8, FRAME, LINK + LINK_CONTEXT, R1));
      return;
    }
    // bpf_loop passes (index, link), for_each_map_elem (map, key, value, link).
    const link = code.kind === "loop" ? 2 : 4;
    this.code.push(bpf.storeRegister(8, FRAME, SAVED_LINK, link), bpf.load(8, SCRATCH, link, 0));
    const parameters = code.instructions.filter((instruction) => instruction.op === "parameter");
    const moves = [];
    for (const { to, index } of parameters) {
      const place = this.place(to);
      if (place.kind === "stack") this.code.push(bpf.storeRegister(8, FRAME, place.offset, index + 1));
      else moves.push({ to: place.number, from: index + 1 });
    }
    for (const { to, from } of orderMoves(moves, R0)) this.code.push(bpf.move(to, from));
  }

  private add(instruction: Instruction): void {
    let target: number;
    switch (instruction.op) {
      case "set":
        target = this.target(instruction.to);
        this.copyTo(target, instruction.value);
        return this.keep(instruction.to);
      case "alu":
        return this.alu(instruction);
      case "swap":
        target = this.target(instruction.to);
        this.copyTo(target, instruction.value);
        this.code.push(bpf.swap64(target));
        return this.keep(instruction.to);
      case "load": {
        const { base, offset } = this.address(instruction, R1);
        this.code.push(bpf.load(instruction.size, this.target(instruction.to), base, offset));
        return this.keep(instruction.to);
      }
      case "store":
        return this.store(instruction);
      case "atomic":
        return this.atomic(instruction);
      case "compareExchange":
        return this.compareExchange(instruction);
      case "map":
        this.mapAddress(this.target(instruction.to), instruction.map, "map", 0);
        return this.keep(instruction.to);
      case "mapValue":
        this.mapAddress(this.target(instruction.to), instruction.map, "value", instruction.offset);
        return this.keep(instruction.to);
      case "scratchAddress":
        this.scratchAddress(this.target(instruction.to), instruction.offset);
        return this.keep(instruction.to);
      case "useScratch":
        this.copyTo(SCRATCH, instruction.from);
        if (this.scratchBias !== 0) this.code.push(bpf.aluImmediate("add", SCRATCH, this.scratchBias));
        this.code.push(bpf.storeRegister(8, FRAME, LINK, SCRATCH));
        return;
      case "context":
        target = this.target(instruction.to);
        if (this.isMain) this.code.push(bpf.load(8, target, FRAME, LINK + LINK_CONTEXT));
        else this.code.push(bpf.load(8, R1, FRAME, SAVED_LINK), bpf.load(8, target, R1, LINK_CONTEXT));
        return this.keep(instruction.to);
      case "parameter":
        return;
      case "callback":
        this.functionReferences.push({ slot: this.code.length, function: instruction.function });
        this.loadWide(this.target(instruction.to), bpf.PSEUDO.function, 0, 0);
        return this.keep(instruction.to);
      case "call":
        return this.call(instruction.helper, instruction.arguments, instruction.to);
      case "label":
        return this.placeLabel(instruction.label);
      case "jump":
        this.waiting.add(this.code.length, instruction.label);
        this.code.push(bpf.jump(0));
        return;
      case "branch":
        return this.branch(instruction.condition, instruction.left, instruction.right, instruction.label);
      case "return":
        this.copyTo(R0, instruction.value);
        this.code.push(bpf.exit());
        return;
      case "line":
        this.lines.push({ instruction: this.code.length, span: instruction.span });
        return;
    }
  }

  private place(register: Register): Place {
    const place = this.places[register];
    if (!place) throw new Error(`register ${register} has no place`);
    return place;
  }

  /** The machine register to compute a virtual one in, until it is put where it lives with `keep`. */
  private target(to: Register): number {
    const place = this.place(to);
    return place.kind === "register" ? place.number : R0;
  }

  private keep(to: Register): void {
    const place = this.place(to);
    if (place.kind === "stack") this.code.push(bpf.storeRegister(8, FRAME, place.offset, R0));
  }

  /** What a helper or an atomic operation leaves in r0. */
  private takeResult(to: Register): void {
    const place = this.place(to);
    if (place.kind === "stack") this.code.push(bpf.storeRegister(8, FRAME, place.offset, R0));
    else this.code.push(bpf.move(place.number, R0));
  }

  private copyTo(target: number, value: Operand): void {
    if (typeof value === "bigint") {
      if (fitsImmediate(value)) this.code.push(bpf.moveImmediate(target, Number(value)));
      else
        this.loadWide(
          target,
          bpf.PSEUDO.number,
          Number(BigInt.asIntN(32, value)),
          Number(BigInt.asIntN(32, value >> 32n)),
        );
      return;
    }
    const place = this.place(value);
    if (place.kind === "stack") this.code.push(bpf.load(8, target, FRAME, place.offset));
    else if (place.number !== target) this.code.push(bpf.move(target, place.number));
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

  /** A machine register and what to add to it. */
  private address(place: { readonly base: Base; readonly offset: number }, spare: number): MachineAddress {
    if (place.base === "scratch") return { base: SCRATCH, offset: place.offset - this.scratchBias };
    return { base: this.inRegister(place.base, spare), offset: place.offset };
  }

  private scratchAddress(target: number, offset: number): void {
    this.code.push(bpf.move(target, SCRATCH));
    if (offset !== this.scratchBias) this.code.push(bpf.aluImmediate("add", target, offset - this.scratchBias));
  }

  private mapAddress(target: number, map: string, kind: "map" | "value", offset: number): void {
    this.relocations.push({ instruction: this.code.length, map, kind });
    this.loadWide(target, kind === "map" ? bpf.PSEUDO.mapDescriptor : bpf.PSEUDO.mapValue, 0, offset);
  }

  private loadWide(target: number, pseudo: number, low: number, high: number): void {
    this.code.push(...bpf.loadWide(target, pseudo, low, high));
  }

  private alu({ operator, to, left, right }: Extract<Instruction, { op: "alu" }>): void {
    const place = this.place(to);
    let target = place.kind === "register" ? place.number : R0;
    if (typeof right === "bigint" && fitsImmediate(right)) {
      this.copyTo(target, left);
      this.code.push(bpf.aluImmediate(operator, target, Number(right)));
    } else {
      const source = this.inRegister(right, R1);
      // The left side must not overwrite the right one before it is used.
      if (source === target) target = R0;
      this.copyTo(target, left);
      this.code.push(bpf.aluRegister(operator, target, source));
    }
    if (place.kind === "stack") this.code.push(bpf.storeRegister(8, FRAME, place.offset, target));
    else if (target !== place.number) this.code.push(bpf.move(place.number, target));
  }

  private store({ size, value, ...place }: Extract<Instruction, { op: "store" }>): void {
    const { base, offset } = this.address(place, R1);
    if (typeof value === "bigint" && fitsImmediate(value))
      this.code.push(bpf.storeImmediate(size, base, offset, Number(value)));
    else this.code.push(bpf.storeRegister(size, base, offset, this.inRegister(value, R0)));
  }

  private atomic({ operator, value, fetch, ...place }: Extract<Instruction, { op: "atomic" }>): void {
    const { base, offset } = this.address(place, R1);
    if (fetch === null) {
      this.code.push(bpf.atomic(operator, base, offset, this.inRegister(value, R0), false));
      return;
    }
    // The old value comes back in the source register, which must be nobody else's.
    this.copyTo(R0, value);
    this.code.push(bpf.atomic(operator, base, offset, R0, true));
    this.takeResult(fetch);
  }

  private compareExchange({ to, expected, value, ...place }: Extract<Instruction, { op: "compareExchange" }>): void {
    const { base, offset } = this.address(place, R1);
    // r0 is taken by the expected value and r1 perhaps by the address, so the scratch pointer makes room and is fetched again.
    const source = this.inRegister(value, base === R1 ? SCRATCH : R1);
    this.copyTo(R0, expected);
    this.code.push(bpf.compareExchange(base, offset, source));
    if (source === SCRATCH) this.restoreScratch();
    this.takeResult(to);
  }

  /** The scratch pointer again, from the link that each function knows. */
  private restoreScratch(): void {
    if (this.isMain) this.code.push(bpf.load(8, SCRATCH, FRAME, LINK));
    else this.code.push(bpf.load(8, SCRATCH, FRAME, SAVED_LINK), bpf.load(8, SCRATCH, SCRATCH, 0));
  }

  private call(helper: number, args: readonly CallArgument[], to: Register | null): void {
    const moves: { to: number; from: number }[] = [];
    args.forEach((argument, index) => {
      const from = this.registerOf(argument);
      if (from !== null) moves.push({ to: index + 1, from });
    });
    // What comes from elsewhere comes last: it must not overwrite what is still to be moved.
    for (const { to: target, from } of orderMoves(moves, R0)) this.code.push(bpf.move(target, from));
    args.forEach((argument, index) => {
      if (this.registerOf(argument) === null) this.fillArgument(index + 1, argument);
    });
    this.code.push(bpf.callHelper(helper));
    if (to !== null) this.takeResult(to);
  }

  /** The machine register that an argument lies in, if any. */
  private registerOf(argument: CallArgument): number | null {
    const place = typeof argument === "number" ? this.place(argument) : null;
    return place?.kind === "register" ? place.number : null;
  }

  private fillArgument(target: number, argument: CallArgument): void {
    if (argument === "link") {
      if (this.isMain) this.code.push(bpf.move(target, FRAME), bpf.aluImmediate("add", target, LINK));
      else this.code.push(bpf.load(8, target, FRAME, SAVED_LINK));
    } else if (typeof argument === "object") this.scratchAddress(target, argument.scratch);
    else this.copyTo(target, argument);
  }

  private branch(condition: Condition, left: Operand, right: Operand, label: string): void {
    const first = this.inRegister(left, R0);
    const isImmediate = typeof right === "bigint" && fitsImmediate(right);
    const slot = isImmediate
      ? bpf.branchImmediate(condition, first, Number(right), 0)
      : bpf.branchRegister(condition, first, this.inRegister(right, R1), 0);
    this.waiting.add(this.code.length, label);
    this.code.push(slot);
    if (!isImmediate || typeof left === "bigint" || !BOUNDS_BEHIND.has(condition)) return;
    // What a comparison tells of a copy, verifiers before Linux 6.8 do not know of the slot that the copy is of: it goes back.
    const place = this.place(left);
    if (place.kind === "stack") this.code.push(bpf.storeRegister(8, FRAME, place.offset, first));
  }
}

/** Conditions that bound a value where they do not hold: so is every index and length checked. */
const BOUNDS_BEHIND: ReadonlySet<Condition> = new Set(["ugt", "uge"]);

/** More than the kernel loads, whatever the code is. */
export class ProgramTooLarge extends Error {}

function fitsImmediate(value: bigint): boolean {
  return value >= -0x80000000n && value <= 0x7fffffffn;
}
