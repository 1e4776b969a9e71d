/** The traces of one session that run now, and which of them must end before another script can run. */
import type { CompiledScript } from "../compiler/compiled.js";
import type { ReplacedGlobal } from "../tracing/globals.js";
import type { Trace } from "../tracing/trace.js";

interface Running {
  /** The cell it belongs to. */
  readonly name: string;
  readonly globals: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
}

/** A trace was stopped for the sake of a global. */
export interface StoppedTrace extends ReplacedGlobal {
  /** The cell that it belonged to. */
  readonly cell: string;
}

export class RunningTraces {
  private readonly running = new Map<Trace, Running>();

  add(trace: Trace, name: string, script: CompiledScript): void {
    const variables = script.globals.map(({ variable }) => variable);
    this.running.set(trace, {
      name,
      globals: new Set(variables.map((variable) => variable.name)),
      written: new Set(variables.filter(({ written }) => written).map((variable) => variable.name)),
    });
    void trace.ended.then(() => this.running.delete(trace));
  }

  write(global: string): boolean {
    return [...this.running.values()].some(({ written }) => written.has(global));
  }

  /** Ends all, with their end probes and results, and waits for that; gives the cells that they belonged to. */
  async stopAll(): Promise<readonly string[]> {
    const running = [...this.running];
    for (const [trace] of running) trace.stop();
    await Promise.all(running.map(([trace]) => trace.ended));
    // As below.
    if (running.length > 0) await new Promise(setImmediate);
    return running.map(([, { name }]) => name);
  }

  /** Ends the traces that use one of these globals, with their end probes and results, and waits for that. */
  async stopUsersOf(replaced: readonly ReplacedGlobal[]): Promise<readonly StoppedTrace[]> {
    const stopped: StoppedTrace[] = [];
    const ended: Promise<unknown>[] = [];
    for (const [trace, { name: cell, globals }] of this.running) {
      const reason = replaced.find(({ name }) => globals.has(name));
      if (!reason) continue;
      stopped.push({ ...reason, cell });
      trace.stop();
      ended.push(trace.ended);
    }
    await Promise.all(ended);
    // Their cells show, right after the end, what the globals hold.
    if (ended.length > 0) await new Promise(setImmediate);
    return stopped;
  }
}
