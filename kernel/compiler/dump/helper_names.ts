import { HELPER } from "../bpf/helper_functions.js";

/** A helper function of the kernel by its number, as in `map_lookup_elem`; its number where it is unknown. */
export function helperName(number: number): string {
  return Object.entries(HELPER).find(([, known]) => known === number)?.[0] ?? String(number);
}
