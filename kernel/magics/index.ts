/** The list: a magic is a file beside this one and a line here. */
import { dump } from "./dump.js";
import { globals } from "./globals.js";
import { help } from "./help.js";
import type { Magic } from "./magic.js";
import { reset } from "./reset.js";
import { trace } from "./trace.js";
import { verifier } from "./verifier.js";

export {
  MagicError,
  type DumpKind,
  type Magic,
  type MagicGlobal,
  type MagicSession,
  type RunOptions,
} from "./magic.js";

export const magics: readonly Magic[] = [help, globals, reset, trace, dump, verifier];
