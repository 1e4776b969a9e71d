/** `tapbook list`: probe points of this machine that fit a pattern. */
import { CommandError, onlyOperand, parseCommandLine, type Command } from "./command.js";
import { loadEngine } from "./engine.js";

const help = `usage: tapbook list [-L] PATTERN

Lists the probe points of this machine that fit a pattern: * and ? stand for parts of one component, ** for several
components, {a,b} for both. A form such as timer.s(N) stands for all its numbers.

  -L               show the variables that each point brings, with their types
  -l               show the points alone (the default)
  -h, --help       this text

  tapbook list 'syscall.*open*'
  tapbook list -L 'syscall.{read,write}.return'
  tapbook list 'kernel.trace("sched_*")'
  tapbook list -L 'kernel.function("vfs_*")'

Status: 0 when something fits, 1 when nothing does, 2 for wrong use.`;

export const command: Command = {
  help,
  async run(args) {
    const { values, positionals } = parseCommandLine({
      args: [...args],
      allowPositionals: true,
      options: { variables: { type: "boolean", short: "L" }, points: { type: "boolean", short: "l" } },
    });
    const pattern = onlyOperand(positionals, "PATTERN");
    const [{ listPoints, refusalOfList }, { Session }, engine] = await Promise.all([
      import("../session/point_list.js"),
      import("../session/session.js"),
      loadEngine(),
    ]);
    const session = new Session({ ...engine, mode: "script" });
    // Piece by piece as points are found: there may be tens of thousands.
    let [isEmpty, piece] = [true, ""];
    const target = session.target(0);
    for (const listed of listPoints(pattern, engine.catalogue, target)) {
      isEmpty = false;
      piece += `${values.variables ? [listed.point, ...listed.variables].join(" ") : listed.point}\n`;
      if (piece.length < PIECE) continue;
      await write(piece);
      piece = "";
    }
    if (isEmpty) {
      const refusal = refusalOfList(pattern, engine.catalogue, target);
      const hint = refusal?.hint ? `\nhint: ${refusal.hint}` : "";
      throw new CommandError((refusal?.message ?? `no probe point fits ${pattern}`) + hint);
    }
    await write(piece);
    return 0;
  },
};

/** Characters to write at once. */
const PIECE = 8 << 10;

/** Resolves when the text has been handed over: the process ends soon after the last of it. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
