/** `$$parms` and its kin: what a probe point brings, as one text that the checker makes. */
import type { ContextVariable } from "../compiler/catalogue.js";

function listing(name: string, lists: readonly string[]): ContextVariable {
  const summary = lists.length > 0 ? `${lists.join(", ")} as one text.` : "Empty: nothing of this kind is known here.";
  return { name, type: "string", summary, lists };
}

/** By the variables' names, such as `$fd`. No BTF tells of local variables. */
export function parameterListings(parameters: readonly string[]): readonly ContextVariable[] {
  return [listing("$$vars", parameters), listing("$$parms", parameters), listing("$$locals", [])];
}

export function returnListing(): ContextVariable {
  return listing("$$return", ["$return"]);
}
