/** Where Tapbook keeps what should outlive a kernel and is worth no backup. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** By the XDG base directory specification, which has relative paths ignored. */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment["XDG_STATE_HOME"] ?? "";
  const home = environment["HOME"] || homedir();
  return join(isAbsolute(given) ? given : join(home, ".local", "state"), "tapbook");
}
