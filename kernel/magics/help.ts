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
  // Of a line and of a cell there may be one each.
  const found = magics.filter((candidate) => candidate.name === name);
  if (found.length === 0) throw new MagicError(`there is no magic ${name}`, `usage: ${USAGE}`);
  return found.map(pageOf).join("\n");
}

function pageOf({ usage, summary, example, arguments: expected = [] }: Magic): string {
  const options = expected.flatMap((argument) => (argument.kind === "option" ? [argument] : []));
  const width = Math.max(0, ...options.map(({ text }) => text.length));
  const rows = options.map(({ text, meaning }) => `  ${text.padEnd(width)}  ${meaning}\n`).join("");
  return `${usage}\n  ${summary}\n${rows === "" ? "" : `\n${rows}`}\n${example}\n`;
}
