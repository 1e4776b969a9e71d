/** Where things are in a checkout. Node built-ins only. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Everything the scripts make that is not a build product; safe to delete. */
export const cache = join(root, ".cache");
