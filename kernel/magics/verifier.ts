import { MagicError, type Magic } from "./magic.js";

const USAGE = "%verifier";

export const verifier: Magic = {
  name: "verifier",
  kind: "line",
  usage: USAGE,
  summary: "prints what the kernel's verifier says of the probes of the last cell that had any",
  example: "%verifier",
  run(argument, session) {
    if (argument !== "") throw new MagicError("%verifier takes no argument", `usage: ${USAGE}`);
    const logs = session.verifierLogs();
    if (logs === null) {
      throw new MagicError("no cell has put anything into the kernel yet", "run a cell with a probe on an event first");
    }
    session.print(logs.map(({ program, log }) => `# program ${program}\n${log.trimEnd()}\n`).join("\n"));
  },
};
