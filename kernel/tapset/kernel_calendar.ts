/** The calendar inside probes. */
import type { Emitter } from "../compiler/ir/emitter.js";
import { copyString } from "../compiler/ir/strings.js";
import { StringBuilder } from "../compiler/ir/string_builder.js";
import type { Operand, StringValue } from "../compiler/ir/values.js";

export const CALENDAR_SIZE = 32;
/** Characters of a time zone's name; none is so long. */
export const LONGEST_ZONE = 15;
export const ZONED_SIZE = CALENDAR_SIZE + 16;
export const DAYS: readonly string[] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
export const MONTHS: readonly string[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
export const OUT_OF_RANGE = "conversion error";

/** Days from 1 March of the year 0, where a year of the calculation starts, to 1 January 1970, a Thursday. */
const EPOCH = 719_468n;
const DAY = 86_400n;
const LEAP_CYCLE = 146_097n;

function nameOf(id: string, names: readonly string[], operand: Operand): StringValue {
  return { kind: "names", set: { id, names: new Map(names.map((name, index) => [index, name])) }, operand };
}

/** Seconds since 1970 as C's ctime writes them, and `zone` behind where it could be told. */
export function emitCalendarText(emit: Emitter, seconds: Operand, zone = ""): StringValue {
  const size = zone === "" ? CALENDAR_SIZE : ZONED_SIZE;
  const offset = emit.allocate(size);
  emit.temporaries(() => {
    const done = emit.label("dated");
    copyString(emit, { kind: "literal", text: OUT_OF_RANGE }, offset, size);
    const since = emit.set(seconds);
    const narrow = emit.alu("arsh", emit.alu("lsh", since, 32n), 32n);
    emit.branch("ne", since, narrow, done);
    const shifted = emit.alu("add", since, EPOCH * DAY);
    const day = emit.alu("udiv", shifted, DAY);
    const second = emit.alu("umod", shifted, DAY);
    const date = emitDate(emit, day);
    const builder = new StringBuilder(emit, size, size);
    builder.append(nameOf("weekday", DAYS, emit.alu("umod", emit.alu("add", day, 3n), 7n)));
    builder.append({ kind: "literal", text: " " });
    builder.append(nameOf("month", MONTHS, date.month));
    builder.appendNumber(" %2llu", date.day);
    builder.appendNumber(" %02llu", emit.alu("udiv", second, 3600n));
    builder.appendNumber(":%02llu", emit.alu("umod", emit.alu("udiv", second, 60n), 60n));
    builder.appendNumber(":%02llu", emit.alu("umod", second, 60n));
    builder.appendNumber(" %llu", date.year);
    if (zone !== "") builder.append({ kind: "literal", text: zone });
    copyString(emit, builder.finish(), offset, size);
    emit.place(done);
  });
  return { kind: "bytes", offset, size: size };
}

/** Year, month from 0 and day of the month; in the calculation years start in March, so that a leap day is the last. */
function emitDate(emit: Emitter, day: Operand): { year: Operand; month: Operand; day: Operand } {
  const times = (value: Operand, factor: bigint): Operand => emit.alu("mul", value, factor);
  const over = (value: Operand, divisor: bigint): Operand => emit.alu("udiv", value, divisor);
  const plus = (left: Operand, right: Operand): Operand => emit.alu("add", left, right);
  const minus = (left: Operand, right: Operand): Operand => emit.alu("sub", left, right);
  const cycle = over(day, LEAP_CYCLE);
  const dayOfCycle = minus(day, times(cycle, LEAP_CYCLE));
  const leapDays = plus(
    minus(over(dayOfCycle, 36_524n), over(dayOfCycle, 1_460n)),
    minus(0n, over(dayOfCycle, 146_096n)),
  );
  const yearOfCycle = over(plus(dayOfCycle, leapDays), 365n);
  const yearDays = plus(times(yearOfCycle, 365n), minus(over(yearOfCycle, 4n), over(yearOfCycle, 100n)));
  const dayOfYear = minus(dayOfCycle, yearDays);
  const monthFromMarch = over(plus(times(dayOfYear, 5n), 2n), 153n);
  const dayOfMonth = plus(minus(dayOfYear, over(plus(times(monthFromMarch, 153n), 2n), 5n)), 1n);
  const month = emit.set(plus(monthFromMarch, 2n));
  const year = emit.set(plus(yearOfCycle, times(cycle, 400n)));
  emit.when("uge", month, 12n, () => {
    emit.assign(month, minus(month, 12n));
    emit.assign(year, plus(year, 1n));
  });
  return { year, month, day: dayOfMonth };
}
