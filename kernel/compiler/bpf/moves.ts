/** Moves several registers at once, as if all sources were read before any target is written. */
export interface RegisterMove {
  readonly to: number;
  readonly from: number;
}

/** Returns the single moves in an order that loses nothing; `spare` breaks cycles and must be none of the registers. */
export function orderMoves(moves: readonly RegisterMove[], spare: number): RegisterMove[] {
  let pending = moves.filter((move) => move.to !== move.from);
  const ordered: RegisterMove[] = [];
  while (pending.length > 0) {
    const ready = pending.find((move) => !pending.some((other) => other !== move && other.from === move.to));
    if (ready) {
      ordered.push(ready);
      pending = pending.filter((move) => move !== ready);
      continue;
    }
    // Only cycles are left: put one target aside, and let its readers take it from there.
    const first = pending[0] as RegisterMove;
    ordered.push({ to: spare, from: first.to });
    pending = pending.map((move) => (move.from === first.to ? { to: move.to, from: spare } : move));
  }
  return ordered;
}
