import { MagicError, type Magic } from "./magic.js";

const SAVE_USAGE = "%save FILE [GLOBAL …]";

export const save: Magic = {
  name: "save",
  kind: "line",
  usage: SAVE_USAGE,
  summary:
    "writes the named globals, or all, to a file, whole: statistics with all their buckets, stacks with the names of their functions; x@NAME saves what a snapshot holds; docs/reference/saved-globals.md describes the format",
  arguments: [{ kind: "file" }, { kind: "global" }, { kind: "kept" }],
  example: "%save monday.tapbook lat calls",
  run(argument, session) {
    const [path, ...globals] = fileArguments(argument);
    if (path === undefined) throw new MagicError("%save needs a file to write to", `usage: ${SAVE_USAGE}`);
    session.print(told(`${path} holds`, session.kept.files.save(path, globals)));
  },
};

const LOAD_USAGE = "%load FILE [as NAME] [-a] [GLOBAL …]";

export const load: Magic = {
  name: "load",
  kind: "line",
  usage: LOAD_USAGE,
  summary:
    "declares the globals of a file, or those named, afresh with what it holds; -a adds to what is there instead (statistics are merged, numbers added, texts replaced); as NAME keeps them as a snapshot, x@NAME",
  arguments: [
    { kind: "file" },
    { kind: "option", text: "as", meaning: "keeps them as a snapshot of the name that follows" },
    { kind: "option", text: "-a", meaning: "adds to what is there" },
    { kind: "global" },
  ],
  example: "%load monday.tapbook as monday",
  async run(argument, session) {
    const [path, ...words] = fileArguments(argument);
    if (path === undefined) throw new MagicError("%load needs a file to read", `usage: ${LOAD_USAGE}`);
    const isNamed = words[0] === "as";
    const [, snapshot] = isNamed ? words : [];
    if (isNamed && snapshot === undefined)
      throw new MagicError("as needs a name to keep the globals under", `usage: ${LOAD_USAGE}`);
    const others = isNamed ? words.slice(2) : words;
    const add = others.includes("-a");
    if (add && isNamed) throw new MagicError("a snapshot is taken whole: -a adds to globals", `usage: ${LOAD_USAGE}`);
    const globals = others.filter((word) => word !== "-a");
    const read = await session.kept.files.load(path, { snapshot: snapshot ?? null, add, globals });
    session.print(told(`from ${path}`, read));
  },
};

function told(head: string, globals: readonly string[]): string {
  return `${head}\n${globals.map((line) => `    ${line}\n`).join("")}`;
}

/** A path, which may stand in quotes, and the words behind it. */
export function fileArguments(argument: string): readonly string[] {
  const { quoted, plain, rest } = /^(?:'(?<quoted>[^']+)'|(?<plain>\S+))(?<rest>.*)$/s.exec(argument)?.groups ?? {};
  const path = quoted ?? plain;
  if (path === undefined) return [];
  return [path, ...(rest ?? "").split(/[\s,]+/).filter((word) => word !== "")];
}
