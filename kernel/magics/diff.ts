import { MagicError, type Magic } from "./magic.js";
import { words } from "./snapshots.js";

const USAGE = "%diff GLOBAL GLOBAL";

export const diff: Magic = {
  name: "diff",
  kind: "line",
  usage: USAGE,
  summary:
    "shows what changed between x and x@NAME, or between two snapshots: a table of numbers, histograms back to back with the change of each percentile, flame graphs in one; the earlier of the two is what it starts from",
  arguments: [{ kind: "global" }, { kind: "kept" }],
  example: "%diff lat lat@before",
  async run(argument, session) {
    const [left, right, ...others] = words(argument);
    if (left === undefined || right === undefined || others.length > 0)
      throw new MagicError("%diff compares two globals", `usage: ${USAGE}`);
    await session.kept.showDifference(left, right);
  },
};
