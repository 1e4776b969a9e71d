/** Jest's setup: properties take the seed of the environment (`TAPBOOK_SEED`), so that CI tries the same in every run; else a new one each. */
import fc from "fast-check";

const given = process.env["TAPBOOK_SEED"];
if (given !== undefined) fc.configureGlobal({ seed: Number(given) | 0 });
