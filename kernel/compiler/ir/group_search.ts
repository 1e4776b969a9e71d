/** The walks over a text that tell what a match's groups hold; see ../regex/group_tables.ts. */
import {
  MATCH_ENDS,
  MATCH_ENDS_TEXT,
  MATCH_STARTS,
  MATCH_STARTS_TEXT,
  NO_MATCH_FOLLOWS,
  type GroupTables,
} from "../regex/group_tables.js";
import type { Emitter, Exit } from "./emitter.js";
import { stringLength } from "./strings.js";
import type { Operand, Register } from "./values.js";

interface Table {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly size: 1 | 2 | 8;
}

/** Finds the groups of a text that matches: each one's start and end, one word each, from `slots` on. */
export class GroupSearch {
  private readonly bytes = new TableWriter();
  private map = "";
  private readonly length: number;
  private readonly state: number;
  private readonly way: number;
  /** For each byte of the text, two bytes: the state of `paths`. */
  private readonly noted: number;

  constructor(
    private readonly emit: Emitter,
    private readonly tables: GroupTables,
    private readonly text: { readonly offset: number; readonly size: number },
    private readonly slots: number,
    private readonly groups: number,
  ) {
    this.length = emit.allocate(8);
    this.state = emit.allocate(8);
    this.way = emit.allocate(8);
    this.noted = emit.allocate(2 * text.size);
  }

  search(pattern: string): void {
    const { emit, tables, bytes } = this;
    const classes = bytes.add([[...tables.classes]], 1);
    const automaton = ({
      next,
      flags = [],
    }: {
      readonly next: GroupTables["moves"];
      readonly flags?: readonly number[];
    }) => ({
      next: bytes.add(next, 2),
      flags: bytes.add([flags], 1),
    });
    const [starts, ends, paths] = [automaton(tables.starts), automaton(tables.ends), automaton(tables.paths)];
    const moves = bytes.add(tables.moves, 2);
    const saves = bytes.add(tables.saves, 8);
    this.map = emit.tables.constant(`groups_${pattern}`, bytes.finish());
    const [start, end] = [this.slots, this.slots + 8];
    const read = (place: Register, done: Exit): Register => {
      emit.when("uge", place, BigInt(this.text.size), () => emit.leave(done));
      const byte = emit.load(emit.alu("add", emit.scratchAddress(this.text.offset), place), 0, 1);
      return this.look(classes, 0n, byte, done);
    };
    const advance = (table: Table, place: Register, done: Exit): void => {
      const byteClass = read(place, done);
      emit.store("scratch", this.state, this.look(table, emit.load("scratch", this.state), byteClass, done));
    };
    const less = (value: Operand, by: Operand): Register => emit.alu("sub", value, by);
    const turns = (from: number, to: number): Register =>
      emit.alu("add", less(emit.load("scratch", to), emit.load("scratch", from)), 1n);

    emit.store("scratch", this.length, stringLength(emit, { kind: "bytes", ...this.text }));
    emit.store("scratch", this.state, 0n);
    this.walk(emit.alu("add", emit.load("scratch", this.length), 1n), (turn, done) => {
      const place = less(emit.load("scratch", this.length), turn);
      const flags = this.look(starts.flags, 0n, emit.load("scratch", this.state), done);
      emit.when("eq", place, 0n, () => {
        emit.when("any", flags, BigInt(MATCH_STARTS_TEXT), () => emit.store("scratch", start, place));
        emit.leave(done);
      });
      emit.when("any", flags, BigInt(MATCH_STARTS), () => emit.store("scratch", start, place));
      advance(starts.next, less(place, 1n), done);
    });

    const atStart = emit.load("scratch", start);
    emit.store("scratch", this.state, 0n);
    emit.when("ne", atStart, 0n, () => emit.store("scratch", this.state, 1n));
    this.walk(turns(start, this.length), (turn, done) => {
      const place = emit.alu("add", emit.load("scratch", start), turn);
      const flags = this.look(ends.flags, 0n, emit.load("scratch", this.state), done);
      emit.when("any", flags, BigInt(MATCH_ENDS), () => emit.store("scratch", end, place));
      emit.when("eq", place, emit.load("scratch", this.length), () => {
        emit.when("any", flags, BigInt(MATCH_ENDS_TEXT), () => emit.store("scratch", end, place));
        emit.leave(done);
      });
      emit.when("any", flags, BigInt(NO_MATCH_FOLLOWS), () => emit.leave(done));
      advance(ends.next, place, done);
    });

    emit.store("scratch", this.state, 0n);
    emit.when("eq", emit.load("scratch", end), emit.load("scratch", this.length), () =>
      emit.store("scratch", this.state, 1n),
    );
    this.walk(turns(start, end), (turn, done) => {
      const place = less(emit.load("scratch", end), turn);
      emit.store(this.noteOf(place, done), 0, emit.load("scratch", this.state), 2);
      emit.when("eq", place, emit.load("scratch", start), () => emit.leave(done));
      advance(paths.next, less(place, 1n), done);
    });

    emit.store("scratch", this.way, 0n);
    emit.when("ne", emit.load("scratch", start), 0n, () => emit.store("scratch", this.way, 1n));
    this.walk(turns(start, end), (turn, done) => {
      const place = emit.alu("add", emit.load("scratch", start), turn);
      const state = emit.load(this.noteOf(place, done), 0, 2);
      const mask = this.look(saves, state, emit.load("scratch", this.way), done);
      emit.when("ne", mask, 0n, () => this.save(mask, place));
      emit.when("eq", place, emit.load("scratch", end), () => emit.leave(done));
      const again = emit.load(this.noteOf(place, done), 0, 2);
      emit.store("scratch", this.way, this.look(moves, again, emit.load("scratch", this.way), done));
    });
  }

  /** The whole match, whose slots no way sets, is left as it is. */
  private save(mask: Register, place: Register): void {
    const { emit } = this;
    const at = emit.set(place);
    for (let slot = 2; slot < this.groups * 2; slot++) {
      const bit = emit.alu("and", emit.alu("rsh", mask, BigInt(slot)), 1n);
      emit.when("ne", bit, 0n, () => emit.store("scratch", this.slots + slot * 8, at));
    }
  }

  private walk(turns: Operand, body: (turn: Register, done: Exit) => void): void {
    const done = this.emit.exit("walked");
    this.emit.loop(turns, (turn) => body(turn, done));
    this.emit.placeExit(done);
  }

  private noteOf(place: Register, done: Exit): Register {
    const { emit } = this;
    const bounded = emit.set(place);
    emit.when("uge", bounded, BigInt(this.text.size), () => emit.leave(done));
    return emit.alu("add", emit.scratchAddress(this.noted), emit.alu("lsh", bounded, 1n));
  }

  /** A table's number; what lies outside of the table, which is never so, ends the walk: the verifier has to see that. */
  private look({ offset, rows, columns, size }: Table, row: Operand, column: Register, done: Exit): Register {
    const { emit } = this;
    emit.when("uge", column, BigInt(columns), () => emit.leave(done));
    let index = column;
    if (typeof row === "number") {
      emit.when("uge", row, BigInt(rows), () => emit.leave(done));
      index = emit.alu("add", emit.alu("mul", row, BigInt(columns)), column);
    }
    const shift = { 1: 0n, 2: 1n, 8: 3n }[size];
    return emit.load(emit.alu("add", emit.mapValue(this.map, offset), emit.alu("lsh", index, shift)), 0, size);
  }
}

/** Tables one behind the other in the bytes of one constant. */
class TableWriter {
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  add(rows: readonly (readonly (number | bigint)[])[], size: 1 | 2 | 8): Table {
    const columns = Math.max(1, ...rows.map((row) => row.length));
    const part = new Uint8Array(Math.ceil((rows.length * columns * size) / 8) * 8);
    const view = new DataView(part.buffer);
    rows.forEach((row, number) =>
      row.forEach((value, column) => {
        const at = (number * columns + column) * size;
        if (size === 8) view.setBigUint64(at, BigInt(value), true);
        else if (size === 2) view.setUint16(at, Number(value), true);
        else view.setUint8(at, Number(value));
      }),
    );
    const table = { offset: this.size, rows: rows.length, columns, size };
    this.parts.push(part);
    this.size += part.length;
    return table;
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}
