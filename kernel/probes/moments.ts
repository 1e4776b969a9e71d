/** `begin`, `end`, `error` and `never`: the moments of the session itself. */
import type { ProbeFamily, Resolution, UserMoment } from "../compiler/catalogue.js";
import { componentsText, refused, userProbe } from "./points.js";

const ORDERED = ["begin", "end", "error"] as const;

export const moments: ProbeFamily = {
  name: "moments of the session",
  summary:
    "`begin` runs before any other probe, `end` after all of them, `error` in place of `end` when the session ends by an error. " +
    "Several of a kind run in the order of their number (0 without one). `never` is checked and never runs.",
  forms: ["begin", "begin(N)", "end", "end(N)", "error", "error(N)", "never"],
  example: 'probe begin { println("here we go") }\nprobe end { println("done") }',

  resolve(pattern): Resolution | null {
    const [first, ...rest] = pattern.components;
    if (!first) return null;
    const kind = ORDERED.find((name) => name === first.name);
    if (!kind && first.name !== "never") return null;
    const point = componentsText(pattern);
    if (rest.length > 0) return refused(`${first.name} has no part called .${rest[0]?.name}`);
    if (typeof first.argument === "string") return refused(`${first.name} takes a number, as in ${first.name}(10)`);
    if (!kind) {
      return first.argument === null ? userProbe(point, { kind: "never" }) : refused("never takes no argument");
    }
    const moment: UserMoment = { kind, order: first.argument ?? 0n };
    return userProbe(point, moment);
  },

  complete: (prefix) => [...ORDERED, "never"].filter((name) => name.startsWith(prefix)),
};
