/** What the families share: a point's text, and the two kinds of answers. */
import type { PointPattern, Resolution, UserMoment } from "../compiler/catalogue.js";

/** Components whose number is an address. */
const ADDRESSED: ReadonlySet<string> = new Set(["function", "statement", "data"]);

/** The point as written, such as `timer.s(1)`. */
export function componentsText(pattern: PointPattern): string {
  return pattern.components
    .map(({ name, argument }) => {
      if (argument === null) return name;
      if (typeof argument === "string") return `${name}("${argument}")`;
      // Numbers have signs, addresses none.
      return `${name}(${ADDRESSED.has(name) ? `0x${BigInt.asUintN(64, argument).toString(16)}` : argument})`;
    })
    .join(".");
}

export function refused(message: string, hint?: string): Resolution {
  return { kind: "refused", message, ...(hint === undefined ? {} : { hint }) };
}

export function userProbe(point: string, moment: UserMoment): Resolution {
  return { kind: "resolved", probes: [{ point, probe: { kind: "user", moment, variables: new Map() } }] };
}
