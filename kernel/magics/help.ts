import { MagicError, type Magic } from "./magic.js";

const USAGE = "%help [MAGIC]";

export const help: Magic = {
  name: "help",
  kind: "line",
  usage: USAGE,
  summary: "lists the magics, or tells of one",
  arguments: [{ kind: "magic" }],
  example: "%help trace",
  run(argument, session) {
    if (argument !== "") return session.print(page(argument, session.magics()));
    const rows = session.magics().map(({ usage, summary }) => ({ usage, summary }));
    rows.push({ usage: "!COMMAND", summary: "runs a command of the shell" });
    const width = Math.max(...rows.map(({ usage }) => usage.length));
    const lines = rows.map(({ usage, summary }) => `${usage.padEnd(width)}  ${summary}\n`);
    session.print(
      `${lines.join("")}\nMagics and commands stand on lines of their own, outside of blocks, and run before the script of the cell.\n`,
    );
  },
};

function page(argument: string, magics: readonly Magic[]): string {
  const name = argument.replace(/^%+/, "");
  const magic = magics.find((candidate) => candidate.name === name);
  if (!magic) throw new MagicError(`there is no magic ${name}`, `usage: ${USAGE}`);
  return `${magic.usage}\n  ${magic.summary}\n\n${magic.example}\n`;
}
