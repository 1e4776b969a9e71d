/** `=~` in the kernel: the automaton's table lies in a constant map, and each turn of a loop takes one byte. */
import type { Regex } from "../regex/index.js";
import type { Emitter } from "./emitter.js";
import { asBytes } from "./strings.js";
import type { Operand, StringValue } from "./values.js";

/** Byte offset of the table behind the 256 classes. */
const TABLE = 256;

/** 1 where the text matches, else 0. */
export function matchRegex(emit: Emitter, regex: Regex, value: StringValue): Operand {
  const text = asBytes(emit, value);
  const { automaton } = regex;
  const table = emit.tables.constant(`regex_${regex.pattern}`, encodeTable(regex));
  const stride = BigInt(automaton.classCount * 2);
  const lastState = BigInt(automaton.next.length - 1);
  const state = emit.allocate(8);
  emit.store("scratch", state, 0n);
  const done = emit.exit("matched");
  emit.loop(BigInt(text.size), (index) => {
    const current = emit.load("scratch", state);
    if (automaton.always !== null) emit.when("eq", current, BigInt(automaton.always), () => emit.leave(done));
    // The verifier wants every index bounded where it is used.
    emit.when("ugt", index, BigInt(text.size - 1), () => emit.leave(done));
    const byte = emit.load(emit.alu("add", emit.scratchAddress(text.offset), index), 0, 1);
    emit.when("eq", byte, 0n, () => emit.leave(done));
    emit.when("ugt", current, lastState, () => emit.leave(done));
    const byteClass = emit.load(emit.alu("add", emit.mapValue(table), byte), 0, 1);
    emit.when("ugt", byteClass, BigInt(automaton.classCount - 1), () => emit.leave(done));
    const entry = emit.alu("add", emit.alu("mul", current, stride), emit.alu("lsh", byteClass, 1n));
    emit.store("scratch", state, emit.load(emit.alu("add", emit.mapValue(table, TABLE), entry), 0, 2));
  });
  emit.placeExit(done);
  const last = emit.load("scratch", state);
  const result = emit.set(0n);
  const end = emit.label("judged");
  emit.branch("ugt", last, lastState, end);
  emit.assign(
    result,
    emit.load(
      emit.alu("add", emit.mapValue(table, TABLE + automaton.next.length * automaton.classCount * 2), last),
      0,
      1,
    ),
  );
  emit.place(end);
  return result;
}

/** Classes of bytes, next states by state and class as 16-bit numbers, then one byte a state: whether it accepts. */
function encodeTable({ automaton }: Regex): Uint8Array {
  const { classes, classCount, next, accepting } = automaton;
  const bytes = new Uint8Array(TABLE + next.length * classCount * 2 + next.length);
  bytes.set(classes);
  const view = new DataView(bytes.buffer, TABLE);
  next.forEach((row, state) =>
    row.forEach((to, byteClass) => view.setUint16((state * classCount + byteClass) * 2, to, true)),
  );
  accepting.forEach((accepts, state) => (bytes[TABLE + next.length * classCount * 2 + state] = accepts ? 1 : 0));
  return bytes;
}
