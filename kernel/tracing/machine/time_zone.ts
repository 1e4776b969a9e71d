/** Local time, for what runs where nothing is known of it. */
import type { TimeZone } from "../../compiler/catalogue.js";

/** As it is at this moment; SystemTap, too, lets a whole session have the zone of its start. */
export function localTimeZone(): TimeZone {
  const now = new Date();
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(now);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value;
  return { secondsWestOfUtc: BigInt(now.getTimezoneOffset() * 60), name: name ?? "UTC" };
}
