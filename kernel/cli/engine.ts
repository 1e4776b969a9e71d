import type { Catalogue, Native } from "../session/session.js";
import { CommandError } from "./command.js";

/** The native engine and the language, loaded when a command needs them. */
export async function loadEngine(): Promise<{ readonly native: Native; readonly catalogue: Catalogue }> {
  const [{ loadNative }, { catalogue }] = await Promise.all([
    import("../tracing/native.js"),
    import("../session/catalogue.js"),
  ]);
  try {
    return { native: loadNative(), catalogue };
  } catch (error) {
    throw new CommandError(
      `the native engine cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
