/** Jumps whose label is still to come: found by label, and the oldest at any time. */

interface Jump {
  /** Of the instruction that jumps. */
  readonly slot: number;
  readonly label: string;
  waits: boolean;
}

export class WaitingJumps {
  /** In order of their slots; those that have been taken stay until they are the oldest. */
  private readonly all: Jump[] = [];
  private first = 0;
  private readonly byLabel = new Map<string, Jump[]>();

  add(slot: number, label: string): void {
    const jump = { slot, label, waits: true };
    this.all.push(jump);
    const others = this.byLabel.get(label);
    if (others) others.push(jump);
    else this.byLabel.set(label, [jump]);
  }

  /** Those to a label, which no longer wait. */
  take(label: string): readonly Jump[] {
    const jumps = this.byLabel.get(label);
    if (!jumps) return [];
    this.byLabel.delete(label);
    for (const jump of jumps) jump.waits = false;
    return jumps;
  }

  get oldest(): Jump | undefined {
    while (this.all[this.first]?.waits === false) this.first++;
    return this.all[this.first];
  }

  labels(): readonly string[] {
    return [...this.byLabel.keys()];
  }
}
