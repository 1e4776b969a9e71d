import { MagicError, type Magic } from "./magic.js";

const USAGE = "%limits [NAME=VALUE …]";

export const limits: Magic = {
  name: "limits",
  kind: "line",
  usage: USAGE,
  summary: "sets what -D sets on the command line for this cell alone; without argument, lists what holds",
  arguments: [{ kind: "limit" }],
  example: "%limits HIST_WIDTH=20 HIST_ELISION=0\nsizes <<< 3\nsizes <<< 900\nprint(@hist_log(sizes))",
  run(argument, session) {
    const words = argument.split(/[\s,]+/).filter((word) => word !== "");
    // The -D of the command line may stand before each, as people have it in their fingers.
    for (const word of words.map((written) => written.replace(/^-D/, "")).filter((written) => written !== "")) {
      const { name, value } = /^(?<name>\w+)=(?<value>\S+)$/.exec(word)?.groups ?? {};
      if (name === undefined || value === undefined)
        throw new MagicError(`%limits does not understand \`${word}\``, `usage: ${USAGE}`);
      session.setLimit(name, value);
    }
    if (words.length > 0) return;
    const all = session.limits();
    const width = Math.max(...all.map(({ name, value }) => `${name}=${value}`.length));
    session.print(all.map(({ name, value, meaning }) => `${`${name}=${value}`.padEnd(width)}  ${meaning}\n`).join(""));
  },
};
