/** Jumps whose label is still to come: found by label, and the oldest at any time. */

interface Jump {
  /** Of the instruction that jumps. */
  readonly slot: number;
  readonly label: string;
}

export class WaitingJumps {
  /** In order of their slots; those that have been taken stay until they are the oldest. */
  private readonly all: Jump[] = [];
  private first = 0;
  private readonly byLabel = new Map<string, Jump[]>();
  private readonly taken = new Set<Jump>();

  add(slot: number, label: string): void {
    const jump = { slot, label };
    this.all.push(jump);
    const others = this.byLabel.get(label);
    if (others) others.push(jump);
    else this.byLabel.set(label, [jump]);
  }

  /** Those to a label, which no longer wait. */
  take(label: string): readonly Jump[] {
    const jumps = this.byLabel.get(label) ?? [];
    this.byLabel.delete(label);
    for (const jump of jumps) this.taken.add(jump);
    return jumps;
  }

  get oldest(): Jump | undefined {
    for (let jump = this.all[this.first]; jump && this.taken.delete(jump); jump = this.all[this.first]) this.first++;
    return this.all[this.first];
  }

  labels(): readonly string[] {
    return [...this.byLabel.keys()];
  }
}
