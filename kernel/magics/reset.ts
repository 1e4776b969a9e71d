import { MagicError, type Magic } from "./magic.js";

export const reset: Magic = {
  name: "reset",
  kind: "line",
  usage: "%reset [NAME …]",
  summary:
    "empties the named globals; without a name, ends the traces that run and forgets everything the cells have defined",
  arguments: [{ kind: "global" }],
  example: "%reset calls",
  run(argument, session) {
    const names = argument.split(/[\s,]+/).filter((name) => name !== "");
    if (names.length === 0) return session.resetAll();
    const known = new Set(session.globals().map(({ name }) => name));
    const strange = names.find((name) => !known.has(name));
    // Before anything is emptied: a misspelt name should cost nothing.
    if (strange !== undefined)
      throw new MagicError(`there is no global ${strange}`, "see %globals for those there are");
    for (const name of names) session.resetGlobal(name);
  },
};
