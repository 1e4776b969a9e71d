import { MagicError, type Magic } from "./magic.js";

export const reset: Magic = {
  name: "reset",
  kind: "line",
  usage: "%reset [name …]",
  summary: "empties the named globals; without a name, forgets everything the cells have defined",
  run(argument, session) {
    const names = argument.split(/[\s,]+/).filter((name) => name !== "");
    if (names.length === 0) return session.resetAll();
    for (const name of names) {
      if (!session.resetGlobal(name)) throw new MagicError(`there is no global ${name}`, "see %globals for those there are");
    }
  },
};
