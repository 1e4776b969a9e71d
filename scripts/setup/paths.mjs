/** Where things are in a checkout, and where Jupyter looks for what is installed. Node built-ins only. */
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Everything the scripts make that is not a build product; safe to delete. */
export const cache = join(root, ".cache");

/** The user's own Jupyter data folder, as jupyter_core finds it on Linux. */
export function userDataDirectory(environment = process.env) {
  if (environment.JUPYTER_DATA_DIR) return environment.JUPYTER_DATA_DIR;
  const home = environment.HOME ?? homedir();
  return join(environment.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** Every folder in which Jupyter looks for kernelspecs, the first find wins. */
export function dataDirectories(environment = process.env) {
  const listed = (environment.JUPYTER_PATH ?? "").split(delimiter).filter(Boolean);
  return [...listed, userDataDirectory(environment), "/usr/local/share/jupyter", "/usr/share/jupyter"];
}
