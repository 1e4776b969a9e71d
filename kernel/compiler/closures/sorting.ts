/** The order of a sorted `foreach`. */
import type { Sort } from "../check/program.js";
import type { StoreEntry, Value } from "./runtime.js";
import { extract } from "./statistics.js";

/** A sorted copy. Elements that rank equal keep their order of insertion, whichever way it sorts. */
export function sortEntries(entries: readonly StoreEntry[], sort: Sort): readonly StoreEntry[] {
  const rank = rankOf(sort);
  const ranked = entries.map((entry) => ({ entry, rank: rank(entry) }));
  const direction = sort.descending ? -1 : 1;
  ranked.sort((left, right) => {
    if (left.rank === right.rank) return 0;
    return left.rank < right.rank ? -direction : direction;
  });
  return ranked.map(({ entry }) => entry);
}

function rankOf({ by }: Sort): (entry: StoreEntry) => Value {
  switch (by.kind) {
    case "key":
      return (entry) => entry.key[by.column]!;
    case "value":
      // An array of statistics sorts by its counts.
      return (entry) => (entry.statistic ? entry.statistic.count : entry.value);
    case "extract":
      return (entry) => (entry.statistic ? extract(entry.statistic, by.extractor) : 0n);
  }
}
