import { MagicError, type Magic } from "./magic.js";

const EXAMPLE = "global calls\nprobe syscall_any { calls[name]++ }\nprobe timer.s(5) { exit() }";

/** Two, as with %time: on the first line of a cell it is for the cell instead of running it, on another before it runs. */
export const costCell: Magic = {
  name: "cost",
  kind: "cell",
  usage: "%%cost",
  summary:
    "counts for 200 ms how often the cell's probes are hit, with empty handlers, and says what the probes would cost; the cell does not run",
  example: `%%cost\n${EXAMPLE}`,
  run(argument, session) {
    if (argument !== "") throw new MagicError("%%cost takes no argument", "usage: %%cost");
    session.setCost("only");
  },
};

export const costLine: Magic = {
  name: "cost",
  kind: "line",
  awaitsScript: true,
  usage: "%cost",
  summary: "as %%cost, and then the cell runs; with %%trace or %%bg on the first line",
  example: `%cost\n${EXAMPLE}`,
  run(argument, session) {
    if (argument !== "") throw new MagicError("%cost takes no argument", "usage: %cost");
    session.setCost("first");
  },
};
