import type { MagicSnapshot } from "./kept.js";
import { MagicError, type Magic } from "./magic.js";

const USAGE = "%snapshot NAME [GLOBAL …]";

export const snapshot: Magic = {
  name: "snapshot",
  kind: "line",
  usage: USAGE,
  summary:
    "keeps a copy of the named globals, or of all, also while traces go on: scripts read that of x as x@NAME, wherever they can read x",
  arguments: [{ kind: "global" }],
  example: '%snapshot before calls\nprintln(calls["read"] - calls@before["read"])',
  async run(argument, session) {
    const [name, ...globals] = words(argument);
    if (name === undefined) throw new MagicError("%snapshot needs a name to keep the copies under", `usage: ${USAGE}`);
    session.print(line(await session.kept.snapshot(name, globals)));
  },
};

const LIST_USAGE = "%snapshots [drop NAME …]";

export const snapshots: Magic = {
  name: "snapshots",
  kind: "line",
  usage: LIST_USAGE,
  summary: "lists the snapshots of globals, or drops some; %reset drops them all",
  arguments: [{ kind: "option", text: "drop", meaning: "forgets those that follow" }, { kind: "snapshot" }],
  example: "%snapshots\n%snapshots drop before",
  async run(argument, session) {
    const [verb, ...names] = words(argument);
    if (verb === undefined) {
      const all = session.kept.snapshots();
      return session.print(all.length === 0 ? "no snapshots yet\n" : all.map(line).join(""));
    }
    if (verb !== "drop" || names.length === 0)
      throw new MagicError(`%snapshots does not understand \`${argument}\``, `usage: ${LIST_USAGE}`);
    await session.kept.dropSnapshots(names);
  },
};

function line({ name, time, globals }: MagicSnapshot): string {
  const held = globals.map((global) => `    ${global.name}: ${global.holds}\n`).join("");
  return `${name}, taken ${time.toISOString().replace("T", " ").replace("Z", " UTC")}\n${held}`;
}

/** What an argument lists, by blanks or commas. */
export function words(argument: string): readonly string[] {
  return argument.split(/[\s,]+/).filter((word) => word !== "");
}
