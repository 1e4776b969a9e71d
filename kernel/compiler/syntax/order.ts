/** Diagnostics in the order of what they are about. */
import type { Diagnostics } from "../diagnostic.js";
import type { Source } from "../source.js";

/** Brings them into the order of their places in the text; those about other texts come behind, in the order they had. */
export function sortByPlace(diagnostics: Diagnostics, source: Source): void {
  const place = ({ span }: Diagnostics["list"][number]): number =>
    span.source === source ? span.start : Number.MAX_SAFE_INTEGER;
  diagnostics.list.sort((first, second) => place(first) - place(second));
}
