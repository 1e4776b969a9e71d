import { MagicError, type Magic, type MagicGlobal } from "./magic.js";

const USAGE = "%globals";

export const globals: Magic = {
  name: "globals",
  kind: "line",
  usage: USAGE,
  summary: "lists the globals of the session with their types and sizes",
  example: "%globals",
  run(argument, session) {
    if (argument !== "") throw new MagicError("%globals takes no argument", `usage: ${USAGE}`);
    const all = session.globals();
    session.print(all.length === 0 ? "no globals yet\n" : all.map(line).join(""));
  },
};

function line({ name, type, size }: MagicGlobal): string {
  if (type === null) return `${name}: not used yet\n`;
  return `${name}: ${type}${size === null ? "" : ` (${size})`}\n`;
}
