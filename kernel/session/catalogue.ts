import type { Catalogue } from "../compiler/catalogue.js";
import { families } from "../probes/index.js";
import { functions, library, prelude } from "../tapset/index.js";

/** The language as it ships. */
export const catalogue: Catalogue = { functions, families, prelude, library };
