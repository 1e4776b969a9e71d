/** The order of a sorted `foreach`. */
import type { Sort } from "../check/program.js";
import type { StoreEntry, Value } from "./runtime.js";
import { extract } from "./statistics.js";

/** A sorted copy. Elements that rank equal keep their order of insertion, whichever way it sorts. */
export function sortEntries(entries: readonly StoreEntry[], sort: Sort): readonly StoreEntry[] {
  const ranks = comparable(entries.map(rankOf(sort)));
  const direction = sort.descending ? -1 : 1;
  const order = Array.from(entries.keys());
  order.sort((left, right) => {
    const first = ranks[left]!;
    const second = ranks[right]!;
    return first === second ? 0 : first < second ? -direction : direction;
  });
  return order.map((index) => entries[index]!);
}

/** Large arrays sort many times faster by plain numbers, which nearly all ranks fit. */
function comparable(ranks: readonly Value[]): readonly (Value | number)[] {
  const numbers: number[] = [];
  for (const rank of ranks) {
    const plain = typeof rank === "bigint" ? Number(rank) : Number.NaN;
    if (!Number.isSafeInteger(plain)) return ranks;
    numbers.push(plain);
  }
  return numbers;
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
