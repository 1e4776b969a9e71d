import { MagicError, type Magic } from "./magic.js";

const USAGE = "%probes PATTERN";

/** Points that are listed; more would be read by nobody. */
const MOST_POINTS = 1000;

export const probes: Magic = {
  name: "probes",
  kind: "line",
  usage: USAGE,
  summary: `lists up to ${MOST_POINTS} probe points of this machine that fit a pattern, with what they bring: * and ? stand for parts of a component, ** for several, {a,b} for both; a word alone is sought in all of them`,
  arguments: [{ kind: "point" }],
  example: '%probes kernel.trace("sched_*")',
  async run(argument, session) {
    if (argument === "") throw new MagicError("%probes needs a pattern", `usage: ${USAGE}`);
    const pattern = /^\w+$/.test(argument) ? `**${argument}**` : argument;
    const { listed, isCut } = await session.listProbes(pattern, MOST_POINTS);
    if (listed === 0)
      throw new MagicError(
        `no probe point fits ${argument}`,
        `a word alone is sought in all of them, as in %probes sched; ** stands for several components`,
      );
    if (isCut) session.print(`… the first ${listed}: a narrower pattern shows others\n`);
  },
};
