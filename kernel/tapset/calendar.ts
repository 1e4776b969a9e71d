/** Points in time as text. */
import type { TapsetFunction, TimeZone } from "../compiler/catalogue.js";
import { bufferSize, long } from "../compiler/ir/values.js";
import { longArgument, operand } from "./arguments.js";
import {
  CALENDAR_SIZE,
  LONGEST_ZONE,
  ZONED_SIZE,
  DAYS,
  emitCalendarText,
  MONTHS,
  OUT_OF_RANGE,
} from "./kernel_calendar.js";

const seconds = { name: "seconds", type: "long", meaning: "seconds since 1970" } as const;

/** As C's ctime writes it, without the line break; beyond 32 bits SystemTap gives up, and so does this. */
function calendarText(since1970: bigint): string {
  if (since1970 !== BigInt.asIntN(32, since1970)) return OUT_OF_RANGE;
  const date = new Date(Number(since1970) * 1000);
  const [hours, minutes, second] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((part) =>
    String(part).padStart(2, "0"),
  );
  const day = String(date.getUTCDate()).padStart(2);
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${hours}:${minutes}:${second} ${date.getUTCFullYear()}`;
}

function localText(since1970: bigint, { secondsWestOfUtc, name }: TimeZone): string {
  const local = calendarText(since1970 - secondsWestOfUtc);
  return local === OUT_OF_RANGE ? local : `${local} ${name}`;
}

export const calendarFunctions: readonly TapsetFunction[] = [
  {
    name: "ctime",
    topic: "time",
    summary: 'A time as UTC text, such as "Thu Jan  1 00:00:00 1970"; "conversion error" beyond 32 bits.',
    parameters: [seconds],
    returns: "string",
    shape: { kind: "bytes", size: CALENDAR_SIZE },
    example: "println(ctime(gettimeofday_s()))",
    kernel: (emit, args) => emitCalendarText(emit, operand(args, 0)),
    user: (_runtime, args) => calendarText(longArgument(args, 0)),
  },
  {
    name: "tz_ctime",
    topic: "time",
    summary:
      'A time as text in the time zone of the start, with its name, such as "Thu Jan  1 01:00:00 1970 GMT+1"; "conversion error" beyond 32 bits.',
    parameters: [seconds],
    returns: "string",
    shape: { kind: "bytes", size: ZONED_SIZE },
    example: "println(tz_ctime(gettimeofday_s()))",
    kernel: (emit, args) => {
      const { secondsWestOfUtc, name } = emit.target.timeZone;
      const local = emit.alu("sub", operand(args, 0), secondsWestOfUtc);
      return emitCalendarText(emit, local, ` ${name.slice(0, LONGEST_ZONE)}`);
    },
    user: ({ environment }, args) => localText(longArgument(args, 0), environment.timeZone),
  },
  {
    name: "tz_gmtoff",
    topic: "time",
    summary: "Seconds that local time was behind UTC at the start.",
    parameters: [],
    returns: "long",
    unit: "s",
    example: "println(tz_gmtoff())",
    kernel: (emit) => long(emit.target.timeZone.secondsWestOfUtc),
    user: ({ environment }) => environment.timeZone.secondsWestOfUtc,
  },
  {
    name: "tz_name",
    topic: "time",
    summary: "The name of the local time zone.",
    parameters: [],
    returns: "string",
    example: "println(tz_name())",
    shape: { kind: "bytes", size: bufferSize(LONGEST_ZONE) },
    kernel: (emit) => ({ kind: "literal", text: emit.target.timeZone.name.slice(0, LONGEST_ZONE) }),
    user: ({ environment }) => environment.timeZone.name,
  },
];
