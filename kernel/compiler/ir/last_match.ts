/** `matched(n)` and `ngroups()` in the kernel: the text of the last match that succeeded, and where in it the groups lie. */
import { HELPER } from "../bpf/helper_functions.js";
import type { Expression, Handler } from "../check/program.js";
import { buildGroupTables, MOST_GROUPS } from "../regex/group_tables.js";
import type { Emitter } from "./emitter.js";
import { raise } from "./errors.js";
import { GroupSearch } from "./group_search.js";
import { KernelCannot } from "./kernel_cannot.js";
import { visitReached } from "./reached.js";
import { asBytes, copyString } from "./strings.js";
import type { Operand, Register, StringValue } from "./values.js";

/** Slots of a group that took no part. */
const ABSENT = -1n;

export class LastMatch {
  private readonly text: number;
  /** Groups of its pattern, the whole match included; 0 before any match. */
  private readonly count: number;
  private readonly slots: number;

  /** Null where the handler never asks what matched. */
  static of(emit: Emitter, handler: Handler): LastMatch | null {
    let isAsked = false;
    let most = 0;
    visitReached([handler], {
      expression(expression) {
        isAsked ||= expression.kind === "matched" || expression.kind === "groupCount";
        if (expression.kind === "match") most = Math.max(most, expression.regex.machine.groups + 1);
      },
    });
    return isAsked ? new LastMatch(emit, most) : null;
  }

  private constructor(
    private readonly emit: Emitter,
    private readonly most: number,
  ) {
    this.count = emit.allocatePermanent(8);
    this.slots = emit.allocatePermanent(Math.max(1, most) * 16);
    this.text = emit.allocatePermanent(emit.maxStringLength);
    emit.store("scratch", this.count, 0n);
  }

  /** `ngroups()` */
  groupCount(): Register {
    return this.emit.load("scratch", this.count);
  }

  raiseIfNone(): void {
    this.emit.when("eq", this.groupCount(), 0n, () => raise(this.emit, "no match has succeeded yet"));
  }

  /** `matched(group)` of a match that there is. */
  group(group: Operand): StringValue {
    const { emit } = this;
    const size = emit.maxStringLength;
    const offset = emit.allocate(size);
    emit.zero(offset, size);
    const number = emit.set(group);
    emit.when("uge", number, this.groupCount(), () => raise(emit, "the pattern has no group %d", number));
    const nothing = emit.label("nothing");
    // Never so, but the verifier has to see it.
    emit.branch("uge", number, BigInt(Math.max(1, this.most)), nothing);
    const slots = emit.alu("add", emit.scratchAddress(this.slots), emit.alu("lsh", number, 4n));
    const from = emit.load(slots, 0);
    const end = emit.load(slots, 8);
    emit.branch("slt", from, 0n, nothing);
    emit.branch("slt", end, 0n, nothing);
    const length = emit.alu("sub", end, from);
    emit.branch("uge", from, BigInt(size), nothing);
    emit.branch("uge", length, BigInt(size), nothing);
    const source = emit.alu("add", emit.scratchAddress(this.text), from);
    emit.call(HELPER.probe_read_kernel_str, [{ scratch: offset }, emit.alu("add", length, 1n), source]);
    emit.place(nothing);
    return { kind: "bytes", offset, size };
  }

  /** Finds the groups of a text that is known to match. */
  remember({ regex, span }: Extract<Expression, { kind: "match" }>, value: StringValue): void {
    const { emit } = this;
    const count = regex.machine.groups;
    if (count > MOST_GROUPS) {
      throw new KernelCannot(
        `this pattern has ${count} groups, and what groups hold can be told of ${MOST_GROUPS} inside a probe`,
        "leave out parentheses that only group, or match the text in two steps with smaller patterns",
      ).at(span);
    }
    const tables = buildGroupTables(regex.machine);
    if (!tables) {
      throw new KernelCannot(
        "what the groups of this pattern hold takes larger tables than a probe can have",
        "match several smaller patterns, or use it in an `end` or `timer` probe",
      ).at(span);
    }
    copyString(emit, value, this.text, emit.maxStringLength);
    const groups = count + 1;
    emit.store("scratch", this.count, BigInt(groups));
    for (let slot = 0; slot < groups * 2; slot++) emit.store("scratch", this.slots + slot * 8, ABSENT);
    emit.temporaries(() =>
      new GroupSearch(emit, tables, asBytes(emit, value), this.slots, groups).search(regex.pattern),
    );
  }
}
