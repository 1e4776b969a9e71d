import type { TextResult } from "../tracing/result.js";
import { textBundle, type MimeBundle } from "./bundle.js";

/** A string as it is; a global's as SystemTap prints it, `name="text"`. */
export function textPlain(result: TextResult): string {
  return result.label === "" ? result.value : `${result.label}="${result.value}"`;
}

/** Plain text only: whatever the text holds, no front end takes it for markup. */
export function renderText(result: TextResult): MimeBundle {
  return textBundle(textPlain(result));
}
