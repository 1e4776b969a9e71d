/** Output of handlers that have more to say: it waits for the rest, so that what one run of a handler prints stays together. */
export class HeldOutput {
  /** By handler and CPU, on which it runs once at a time. */
  private readonly runs = new Map<string, (() => void)[]>();

  hold(handler: number, cpu: number, deliver: () => void): void {
    const key = `${handler} ${cpu}`;
    const waiting = this.runs.get(key);
    if (waiting) waiting.push(deliver);
    else this.runs.set(key, [deliver]);
  }

  /** The rest is here: what came before it goes first. */
  release(handler: number, cpu: number): void {
    const key = `${handler} ${cpu}`;
    const waiting = this.runs.get(key);
    this.runs.delete(key);
    for (const deliver of waiting ?? []) deliver();
  }

  /** No more will come: of runs whose last record was lost, there is what came before it. */
  releaseAll(): void {
    const all = [...this.runs.values()];
    this.runs.clear();
    for (const deliver of all.flat()) deliver();
  }
}
