import { fileArguments } from "./files.js";
import { MagicError, type Magic } from "./magic.js";

const USAGE = "%export GLOBAL FILE.csv|.json|.parquet|.arrow [buckets]";

export const exportGlobal: Magic = {
  name: "export",
  kind: "line",
  usage: USAGE,
  summary:
    "writes a global as a table for other programs, in the form that the file's name asks for; of statistics a row each with count, sum, extremes, mean and percentiles, or with buckets a row for each bucket of their histograms; docs/reference/data-comm.md says how a notebook in Python reads globals without a file",
  arguments: [
    { kind: "global" },
    { kind: "kept" },
    { kind: "file" },
    { kind: "option", text: "buckets", meaning: "a row for each bucket of the histograms" },
  ],
  example: "%export lat lat.parquet",
  async run(argument, session) {
    const { global, rest = "" } = /^(?<global>\S+)\s+(?<rest>.*)$/s.exec(argument)?.groups ?? {};
    const [path, option, ...others] = fileArguments(rest);
    if (global === undefined || path === undefined)
      throw new MagicError("%export needs a global and a file to write it to", `usage: ${USAGE}`);
    if ((option !== undefined && option !== "buckets") || others.length > 0)
      throw new MagicError(`%export does not understand \`${[option, ...others].join(" ")}\``, `usage: ${USAGE}`);
    session.print(`${await session.kept.files.export(global, path, option === "buckets")}\n`);
  },
};
