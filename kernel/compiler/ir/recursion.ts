/**
 * Functions that call themselves, or each other in a circle, inside a probe. The kernel knows no such calls, so each turn of one
 * loop goes on where the last one stopped: at a function's start, or behind a call that has come back. What a function
 * keeps over a call lies meanwhile in an entry of the map of frames, one for each call that has not come back.
 */
import { withCounts } from "../actions.js";
import type { UserFunction } from "../check/program.js";
import { fieldSize } from "../layout.js";
import type { Emitter, Exit } from "./emitter.js";
import { appendCalls, caughtText, raise } from "./errors.js";
import { branchIfFalse, lowerInOrder } from "./expressions.js";
import { loadField, storeField } from "./fields.js";
import { SortedWalk } from "./walks/sorted_walk.js";
import { Frames } from "./frames.js";
import { makeResumable, type Piece } from "./resumable.js";
import { Scope, type Slot } from "./scope.js";
import { lowerStatement, MOST_TURNS } from "./statements.js";
import type { KernelValue } from "./values.js";

/** What a call comes back with. */
const RETURNED = 0n;
const FAILED = 1n;
const EXHAUSTED = 2n;

interface Candidate {
  readonly definition: UserFunction;
  readonly body: Piece;
  readonly slots: ReadonlyMap<UserFunction["locals"][number], Slot>;
}

/** A function with the further candidates of its name. */
interface Chain {
  readonly head: UserFunction;
  readonly candidates: readonly Candidate[];
  readonly result: Slot | null;
  readonly entry: number;
}

/** Null where the function returns nothing. */
export function callRecursive(
  caller: Scope,
  definition: UserFunction,
  group: ReadonlySet<UserFunction>,
  args: readonly KernelValue[],
): KernelValue | null {
  return new Recursion(caller, group).run(definition, args);
}

class Recursion {
  private readonly emit: Emitter;
  private readonly frames: Frames;
  private readonly chains = new Map<UserFunction, Chain>();
  private readonly labels: string[];
  private usedStates = 0;
  /** Where to go on, and what the call that came back comes with. */
  private readonly state: number;
  private readonly status: number;
  /** Those around what is being lowered, outermost first: a call takes their areas. */
  private readonly walksAround: SortedWalk[] = [];

  constructor(
    private readonly caller: Scope,
    group: ReadonlySet<UserFunction>,
  ) {
    this.emit = caller.emit;
    this.frames = new Frames(this.emit);
    this.state = this.emit.allocate(8);
    this.status = this.emit.allocate(8);
    let states = 0;
    for (const head of group) {
      states++;
      const candidates: Candidate[] = [];
      for (let each: UserFunction | null = head; each; each = each.alternative) {
        const { body, kept } = makeResumable(withCounts(each.body), group);
        const slots = new Map(each.locals.map((local) => [local, this.slotOf(local)] as const));
        for (const { local, of } of kept)
          slots.set(local, caller.newSlot(local.type === "long" ? { kind: "long" } : caller.shapes.expression(of)));
        candidates.push({ definition: each, body, slots });
        states += countStates(body);
      }
      const result =
        head.returns === null
          ? null
          : caller.newSlot(head.returns === "long" ? { kind: "long" } : caller.shapes.returned(head));
      this.chains.set(head, { head, candidates, result, entry: this.usedStates++ });
    }
    this.labels = Array.from({ length: states }, () => this.emit.label("state"));
  }

  run(definition: UserFunction, args: readonly KernelValue[]): KernelValue | null {
    const { emit } = this;
    const outer = { calls: emit.calls, errorExit: emit.errorExit, catchesText: emit.catchesText, frames: emit.frames };
    const calledFrom = emit.currentSpan;
    const chain = this.chainOf(definition);
    const done = emit.exit("recursed");
    const failed = emit.exit("unwound");
    this.frames.begin();
    this.storeArguments(chain, args);
    emit.store("scratch", this.status, RETURNED);
    emit.store("scratch", this.state, BigInt(chain.entry));
    emit.frames = this.frames;
    emit.calls = [];
    emit.catchesText = true;
    emit.loop(MOST_TURNS, () => {
      const unwind = emit.exit("unwind");
      emit.errorExit = unwind;
      const state = emit.load("scratch", this.state);
      this.labels.forEach((label, number) => emit.branch("eq", state, BigInt(number), label));
      emit.leave(done);
      for (const each of this.chains.values()) this.lowerChain(each, done);
      emit.placeExit(unwind);
      this.frames.whereNone(() => emit.leave(failed));
      emit.store("scratch", this.status, FAILED);
      this.comeBack(done);
    });
    emit.calls = outer.calls;
    emit.errorExit = outer.errorExit;
    emit.catchesText = outer.catchesText;
    emit.frames = outer.frames;
    emit.at(calledFrom);
    raise(emit, "MAXACTION exceeded");
    emit.placeExit(failed);
    appendCalls(emit, [{ function: definition.name, span: calledFrom }, ...outer.calls]);
    if (emit.errorExit) emit.leave(emit.errorExit);
    emit.placeExit(done);
    this.raiseIfExhausted();
    return chain.result ? loadField(emit, chain.result.shape, chain.result.offset) : null;
  }

  private slotOf(local: UserFunction["locals"][number]): Slot {
    return this.caller.newSlot(local.type === "long" ? { kind: "long" } : this.caller.shapes.local(local));
  }

  private chainOf(definition: UserFunction): Chain {
    const chain = this.chains.get(definition);
    if (!chain) throw new Error(`${definition.name} is not among the functions that call each other`);
    return chain;
  }

  /** The label where a turn may go on, and its number. */
  private nextState(): number {
    return this.usedStates++;
  }

  private placeState(number: number): void {
    this.emit.place(this.labels[number] as string);
  }

  private goOnAt(number: number): void {
    this.emit.store("scratch", this.state, BigInt(number));
    this.emit.push({ op: "return", value: 0n });
  }

  /** The next turn goes on behind the call that has not come back for the shortest time. */
  private comeBack(done: Exit): void {
    this.emit.store("scratch", this.state, this.frames.lastState(done));
    this.emit.push({ op: "return", value: 0n });
  }

  private storeArguments({ candidates }: Chain, args: readonly KernelValue[]): void {
    for (const { definition, slots } of candidates) {
      definition.parameters.forEach((parameter, index) => {
        const slot = slots.get(parameter);
        const argument = args[index];
        if (slot && argument) storeField(this.emit, argument, slot.shape, slot.offset);
      });
    }
  }

  private lowerChain(chain: Chain, done: Exit): void {
    const { emit, caller } = this;
    this.placeState(chain.entry);
    const end = emit.exit("returned");
    const stack = [...caller.stack, chain.head];
    for (const candidate of chain.candidates) {
      const { definition, slots, body } = candidate;
      const next = emit.exit("overload");
      const scope = new Scope(emit, caller.shapes, { definition, result: chain.result }, end, next, stack);
      for (const [local, slot] of slots) scope.place(local, slot);
      for (const local of definition.locals) if (!definition.parameters.includes(local)) scope.clear(scope.slot(local));
      if (chain.result) scope.clear(chain.result);
      this.lower(scope, chain, candidate, body);
      emit.leave(end);
      emit.placeExit(next);
    }
    emit.store("scratch", this.status, EXHAUSTED);
    emit.placeExit(end);
    this.frames.whereNone(() => emit.leave(done));
    this.comeBack(done);
  }

  private lower(scope: Scope, chain: Chain, candidate: Candidate, piece: Piece): void {
    const { emit } = this;
    const lower = (part: Piece): void => this.lower(scope, chain, candidate, part);
    switch (piece.kind) {
      case "plain":
        return lowerStatement(scope, piece.statement);
      case "sequence":
        return piece.pieces.forEach(lower);
      case "call":
        return this.lowerCall(scope, chain, candidate, piece);
      case "if": {
        const otherwise = emit.label("else");
        const end = emit.label("end");
        emit.temporaries(() => branchIfFalse(scope, piece.condition, otherwise));
        lower(piece.then);
        emit.jump(end);
        emit.place(otherwise);
        if (piece.otherwise) lower(piece.otherwise);
        return emit.place(end);
      }
      case "loop":
        return this.lowerLoop(scope, piece, lower);
      case "foreach":
        return this.lowerForeach(scope, piece, lower);
      case "try":
        return this.lowerTry(scope, piece, lower);
    }
  }

  private lowerCall(
    scope: Scope,
    chain: Chain,
    candidate: Candidate,
    { call, into, live }: Extract<Piece, { kind: "call" }>,
  ): void {
    const { emit } = this;
    const callee = this.chainOf(call.function);
    const resumed = this.nextState();
    const later = chain.candidates.slice(chain.candidates.indexOf(candidate) + 1);
    const kept = [
      ...candidate.definition.locals.map((local) => scope.slot(local)),
      ...live.map((local) => scope.slot(local)),
      ...later.flatMap(({ definition, slots }) =>
        definition.parameters.flatMap((parameter) => slots.get(parameter) ?? []),
      ),
    ];
    const blocks = [
      ...kept.map(({ offset, shape }) => ({ offset, size: fieldSize(shape) })),
      ...this.walksAround.flatMap((walk) => walk.blocks()),
    ];
    emit.temporaries(() => {
      const values = lowerInOrder(scope, call.arguments);
      emit.at(call.span);
      raiseIfNestedTooDeep(scope);
      // Parameters may lie where arguments come from.
      const staged = values.map((value, index): KernelValue => {
        const shape = callee.candidates[0]?.slots.get(call.function.parameters[index] as never)?.shape;
        if (!shape) return value;
        const slot = scope.newSlot(shape);
        storeField(emit, value, slot.shape, slot.offset);
        return loadField(emit, slot.shape, slot.offset);
      });
      this.frames.push(blocks, resumed);
      this.storeArguments(callee, staged);
    });
    this.goOnAt(callee.entry);
    this.placeState(resumed);
    emit.at(call.span);
    this.frames.pop(blocks);
    for (const walk of this.walksAround) walk.goOn();
    emit.when("eq", emit.load("scratch", this.status), FAILED, () => {
      emit.store("scratch", this.status, RETURNED);
      appendCalls(emit, [{ function: call.function.name, span: call.span }, ...emit.calls]);
      if (emit.errorExit) emit.leave(emit.errorExit);
    });
    this.raiseIfExhausted();
    if (!into || !callee.result) return;
    const slot = scope.slot(into);
    storeField(emit, loadField(emit, callee.result.shape, callee.result.offset), slot.shape, slot.offset);
  }

  private raiseIfExhausted(): void {
    const { emit } = this;
    emit.when("eq", emit.load("scratch", this.status), EXHAUSTED, () => {
      emit.store("scratch", this.status, RETURNED);
      raise(emit, "all functions exhausted");
    });
  }

  private lowerLoop(scope: Scope, piece: Extract<Piece, { kind: "loop" }>, lower: (piece: Piece) => void): void {
    const { emit } = this;
    const { span } = piece.statement;
    const head = this.nextState();
    const outer = scope.loop;
    const done = emit.exit("loopdone");
    const next = emit.exit("turn");
    this.placeState(head);
    emit.at(span);
    lower(piece.prepare);
    const { condition } = piece;
    if (condition) {
      const end = emit.label("while");
      const go = emit.label("go");
      emit.temporaries(() => branchIfFalse(scope, condition, end));
      emit.jump(go);
      emit.place(end);
      emit.leave(done);
      emit.place(go);
    }
    scope.loop = { done, next };
    lower(piece.body);
    emit.placeExit(next);
    lower(piece.step);
    this.goOnAt(head);
    scope.loop = outer;
    emit.placeExit(done);
  }

  private lowerForeach(scope: Scope, piece: Extract<Piece, { kind: "foreach" }>, lower: (piece: Piece) => void): void {
    const { emit } = this;
    const head = this.nextState();
    const layout = emit.tables.layout(piece.statement.global.name);
    const walk = new SortedWalk(scope, piece.statement, layout, emit.walks, true);
    const outer = scope.loop;
    const done = emit.exit("foreachdone");
    const next = emit.exit("turn");
    walk.begin(done);
    this.placeState(head);
    walk.step(done, next);
    scope.loop = { done, next };
    this.walksAround.push(walk);
    emit.walks++;
    lower(piece.body);
    emit.walks--;
    this.walksAround.pop();
    emit.placeExit(next);
    this.goOnAt(head);
    scope.loop = outer;
    emit.placeExit(done);
  }

  private lowerTry(scope: Scope, piece: Extract<Piece, { kind: "try" }>, lower: (piece: Piece) => void): void {
    const { emit } = this;
    const outer = emit.errorExit;
    const caught = emit.exit("caught");
    const end = emit.exit("tried");
    emit.errorExit = caught;
    lower(piece.body);
    emit.errorExit = outer;
    emit.leave(end);
    emit.placeExit(caught);
    const { variable } = piece.statement;
    if (variable) {
      const slot = scope.slot(variable);
      storeField(emit, caughtText(emit), slot.shape, slot.offset);
    }
    lower(piece.handler);
    emit.placeExit(end);
  }
}

/** Calls of the script's functions that have not come back, the handler being none. */
export function raiseIfNestedTooDeep({ emit, stack }: Scope): void {
  const most = BigInt(emit.limits.maxNesting);
  const known = BigInt(stack.length);
  const tooDeep = (): void => raise(emit, "MAXNESTING exceeded");
  if (!emit.frames) {
    if (known >= most) tooDeep();
    return;
  }
  emit.when("uge", emit.alu("add", emit.frames.count(), known), most, tooDeep);
}

/** Where a turn may go on in the piece. */
function countStates(piece: Piece): number {
  switch (piece.kind) {
    case "plain":
      return 0;
    case "call":
      return 1;
    case "sequence":
      return piece.pieces.reduce((sum, part) => sum + countStates(part), 0);
    case "if":
      return countStates(piece.then) + (piece.otherwise ? countStates(piece.otherwise) : 0);
    case "loop":
      return 1 + countStates(piece.prepare) + countStates(piece.body) + countStates(piece.step);
    case "foreach":
      return 1 + countStates(piece.body);
    case "try":
      return countStates(piece.body) + countStates(piece.handler);
  }
}
