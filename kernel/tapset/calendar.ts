/** Points in time as text. */
import type { TapsetFunction } from "../compiler/catalogue.js";
import { longArgument, operand } from "./arguments.js";
import { CALENDAR_SIZE, DAYS, emitCalendarText, MONTHS, OUT_OF_RANGE } from "./kernel_calendar.js";

const PER_PROBE =
  "time zones are known in user space only; use ctime(), or store the seconds and convert them in an end or timer probe";

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

/** Seconds that local time is ahead of UTC at that moment. */
function zoneOffset(since1970: bigint): bigint {
  return BigInt(-new Date(Number(since1970) * 1000).getTimezoneOffset() * 60);
}

function zoneName(milliseconds: number): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(new Date(milliseconds));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "UTC";
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
    summary: 'A time as local text with its zone, such as "Thu Jan  1 01:00:00 1970 GMT+1".',
    parameters: [seconds],
    returns: "string",
    example: "println(tz_ctime(gettimeofday_s()))",
    kernelRefusal: PER_PROBE,
    user: (_runtime, args) => {
      const when = longArgument(args, 0);
      const local = calendarText(when + zoneOffset(when));
      return local === OUT_OF_RANGE ? local : `${local} ${zoneName(Number(when) * 1000)}`;
    },
  },
  {
    name: "tz_gmtoff",
    topic: "time",
    summary: "Seconds that local time is behind UTC.",
    parameters: [],
    returns: "long",
    unit: "s",
    example: "println(tz_gmtoff())",
    kernelRefusal: PER_PROBE,
    user: ({ environment }) => -zoneOffset(environment.realtime() / 1_000_000_000n),
  },
  {
    name: "tz_name",
    topic: "time",
    summary: "The name of the local time zone.",
    parameters: [],
    returns: "string",
    example: "println(tz_name())",
    kernelRefusal: PER_PROBE,
    user: ({ environment }) => zoneName(Number(environment.realtime() / 1_000_000n)),
  },
];
