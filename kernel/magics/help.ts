import type { Magic } from "./magic.js";

export const help: Magic = {
  name: "help",
  kind: "line",
  usage: "%help",
  summary: "lists the magics",
  run(_, session) {
    const rows = session.magics().map(({ usage, summary }) => ({ usage, summary }));
    rows.push({ usage: "!command", summary: "runs a command of the shell" });
    const width = Math.max(...rows.map(({ usage }) => usage.length));
    session.print(rows.map(({ usage, summary }) => `${usage.padEnd(width)}  ${summary}\n`).join(""));
  },
};
