import { execFileSync } from "node:child_process";
import { localTimeZone } from "../../../kernel/tracing/machine/time_zone.js";

test("this machine's zone is what date says", () => {
  const [sign, hours, minutes] = /([+-])(\d\d)(\d\d)/
    .exec(execFileSync("date", ["+%z"], { encoding: "utf8" }))!
    .slice(1);
  const east = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === "-" ? -1 : 1);
  expect(localTimeZone().secondsWestOfUtc).toBe(BigInt(-east));
});
