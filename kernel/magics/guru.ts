import { MagicError, type Magic } from "./magic.js";

const USAGE = "%guru";

export const guru: Magic = {
  name: "guru",
  kind: "line",
  awaitsScript: true,
  usage: USAGE,
  summary: "lets the cell ask for what can do harm, as -g does; what the kernel's verifier forbids stays forbidden",
  example: '%guru\nprintln(%( guru_mode == 1 %? "guru" %: "plain" %))',
  run(argument, session) {
    if (argument !== "") throw new MagicError("%guru takes no argument", `usage: ${USAGE}`);
    session.setGuru();
  },
};
