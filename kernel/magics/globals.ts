import type { Magic } from "./magic.js";

export const globals: Magic = {
  name: "globals",
  kind: "line",
  usage: "%globals",
  summary: "lists the globals of the session with their types",
  run(_, session) {
    const all = session.globals();
    session.print(all.length === 0 ? "no globals yet\n" : all.map(({ name, type }) => `${name}: ${type}\n`).join(""));
  },
};
