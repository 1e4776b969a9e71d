/** Which known name a misspelt one may have meant. */

/** The known name nearest to the one written, if it is near enough to be meant. */
export function mostSimilar(written: string, known: Iterable<string>): string | null {
  // One slip in a short name, two or three in a long one.
  let best = Math.min(3, Math.floor(written.length / 3) + 1);
  let found: string | null = null;
  for (const name of known) {
    if (name === written || Math.abs(name.length - written.length) > best) continue;
    const distance = editDistance(written.toLowerCase(), name.toLowerCase());
    if (distance < best || (distance === best && found === null)) {
      // Names of which nothing would be left have nothing in common.
      if (distance >= Math.max(written.length, name.length)) continue;
      best = distance;
      found = name;
    }
  }
  return found;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = from[row - 1] === to[column - 1] ? 0 : 1;
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + replaced);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length]!;
}
