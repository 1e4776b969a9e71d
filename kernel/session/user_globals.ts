import type { KnownGlobal } from "../compiler/check/definitions.js";
import type { Session } from "./session.js";

/** The globals that cells have declared, without those that the tapset keeps for itself under names that no cell can write. */
export function userGlobals(session: Session): readonly KnownGlobal[] {
  return [...session.known.globals.values()].filter(({ name }) => /^\w+$/.test(name));
}
