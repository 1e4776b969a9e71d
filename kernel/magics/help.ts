import { inTwoColumns, wrapped } from "./columns.js";
import { MagicError, type Magic } from "./magic.js";

const USAGE = "%help [MAGIC]";

const RULES =
  "Magics and commands stand on lines of their own, outside of blocks, and run before the script of the cell. " +
  "%help NAME tells all of a magic, and NAME? all of any name.";

export const help: Magic = {
  name: "help",
  kind: "line",
  usage: USAGE,
  summary: "lists the magics, or tells of one",
  arguments: [{ kind: "magic" }],
  example: "%help trace",
  run(argument, session) {
    if (argument !== "") return session.print(page(argument, session.magics()));
    const rows = session.magics().map((magic) => [written(magic), gist(magic)] as const);
    const shell = [["!COMMAND", "runs a command of the shell"]] as const;
    session.print(`${inTwoColumns([...rows, ...shell])}\n\n${wrapped(RULES).join("\n")}\n`);
  },
};

function page(argument: string, magics: readonly Magic[]): string {
  const name = argument.replace(/^%+/, "");
  // Of a line and of a cell there may be one each.
  const found = magics.filter((candidate) => candidate.name === name);
  if (found.length === 0) throw new MagicError(`there is no magic ${name}`, `usage: ${USAGE}`);
  return found.map(pageOf).join("\n");
}

/** As it stands in a cell, without its arguments. */
function written({ kind, name }: Magic): string {
  return `${kind === "cell" ? "%%" : "%"}${name}`;
}

/** What it does, without how. */
function gist({ summary }: Magic): string {
  return summary.split(/[;:.] /, 1).join("");
}

function pageOf({ usage, summary, example, arguments: expected = [] }: Magic): string {
  const options = expected.flatMap((argument) =>
    argument.kind === "option" ? [[argument.text, argument.meaning] as const] : [],
  );
  const rows = options.length > 0 ? `${inTwoColumns(options, 2)}\n\n` : "";
  return `${usage}\n\n${wrapped(`${summary}.`).join("\n")}\n\n${rows}Example:\n${example.replace(/^(?=.)/gm, "  ")}\n`;
}
