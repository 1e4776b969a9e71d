import { MagicError, type Magic } from "./magic.js";

const USAGE = "%man NAME";

export const man: Magic = {
  name: "man",
  kind: "line",
  usage: USAGE,
  summary:
    "shows all there is to know of a function, a keyword, a probe point, a global, a magic or a type of the kernel (struct NAME), as hovering over it does",
  arguments: [{ kind: "name" }],
  example: "%man gettimeofday_ns",
  run(argument, session) {
    if (argument === "") throw new MagicError("%man needs a name", `usage: ${USAGE}`);
    session.showManual(argument);
  },
};
