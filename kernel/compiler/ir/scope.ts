/** What the lowering of a handler's body knows: where locals lie, where jumps go. */
import type { Local, UserFunction } from "../check/program.js";
import type { FieldShape } from "../compiled.js";
import { fieldSize } from "../layout.js";
import type { Emitter, Exit } from "./emitter.js";
import { isSameShape, type Shapes } from "./shapes.js";

export interface Slot {
  readonly offset: number;
  readonly shape: FieldShape;
}

export class Scope {
  private readonly slots = new Map<Local, Slot>();
  /** Where `break` and `continue` of the innermost loop go. */
  loop: { readonly done: Exit; readonly next: Exit } | null = null;

  constructor(
    readonly emit: Emitter,
    readonly shapes: Shapes,
    /** The function being inlined, with where its result goes; null in the handler itself. */
    readonly function_: { readonly definition: UserFunction; readonly result: Slot | null } | null,
    /** Where `return` goes, or the end of the handler. */
    readonly end: Exit,
    /** Where `next` goes. */
    readonly next: Exit,
    /** Functions being inlined, outermost first. */
    readonly stack: readonly UserFunction[],
  ) {}

  declare(locals: readonly Local[]): void {
    const ofLoops: (Slot & { readonly name: string })[] = [];
    for (const local of locals) {
      const shape: FieldShape = local.type === "long" ? { kind: "long" } : this.shapes.local(local);
      const shared =
        local.isOfLoop && ofLoops.find(({ name, shape: other }) => name === local.name && isSameShape(shape, other));
      const slot = shared || this.newSlot(shape);
      this.slots.set(local, slot);
      if (shared) continue;
      this.clear(slot);
      if (local.isOfLoop) ofLoops.push({ ...slot, name: local.name });
    }
  }

  /** Puts a local where it shall lie. */
  place(local: Local, slot: Slot): void {
    this.slots.set(local, slot);
  }

  newSlot(shape: FieldShape): Slot {
    return { offset: this.emit.allocate(fieldSize(shape)), shape };
  }

  clear(slot: Slot): void {
    if (slot.shape.kind === "names") this.emit.store("scratch", slot.offset, -1n);
    else this.emit.zero(slot.offset, fieldSize(slot.shape));
  }

  slot(local: Local): Slot {
    const slot = this.slots.get(local);
    if (!slot) throw new Error(`local ${local.name} was not declared`);
    return slot;
  }
}
