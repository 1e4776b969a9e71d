import type { KnownGlobal } from "../compiler/check/definitions.js";
import type { GlobalType } from "../compiler/check/program.js";
import type { Session } from "./session.js";

/** The globals that cells have declared, without those that the tapset keeps for itself under names that no cell can write. */
export function userGlobals(session: Session): readonly KnownGlobal[] {
  return [...session.known.globals.values()].filter(({ name }) => /^\w+$/.test(name));
}

/** A type in the words that people use for it. */
export function describeType(type: GlobalType): string {
  switch (type.kind) {
    case "scalar":
      return type.value;
    case "statistic":
      return "statistic";
    case "array":
      return `array of ${type.value} by ${type.keys.join(", ")}`;
  }
}
