/** The list: a magic is a file beside this one and a line here. */
import { globals } from "./globals.js";
import { help } from "./help.js";
import type { Magic } from "./magic.js";
import { reset } from "./reset.js";
import { trace } from "./trace.js";

export { MagicError, type Magic, type MagicGlobal, type MagicSession, type RunOptions } from "./magic.js";

export const magics: readonly Magic[] = [help, globals, reset, trace];
