/** How often points are hit: a script is let in for a moment, over globals that nobody sees. */
import type { CompiledScript, ProgramSpec } from "../compiler/compiled.js";
import { STATE_RUNNING, STATE_STOPPED } from "../compiler/compiled.js";
import { Globals } from "./globals.js";
import { LoadedScript } from "./loaded_script.js";
import { isEngineError, type Native, type NativeLink } from "./native.js";

export interface CountedHandler {
  readonly point: string;
  readonly hits: bigint;
  readonly spec: ProgramSpec;
}

export interface HitCount {
  /** How long was counted. */
  readonly seconds: number;
  /** In the order of the programs. */
  readonly handlers: readonly CountedHandler[];
  /** How often each program ran, whether its handlers wanted the event or not; null where that may not be measured. */
  readonly runs: ReadonlyMap<ProgramSpec, bigint> | null;
}

/** Throws EngineError where the kernel refuses; nothing is left behind. */
export async function countHits(
  native: Native,
  script: CompiledScript,
  milliseconds: number,
  signal: AbortSignal,
): Promise<HitCount> {
  const globals = new Globals(native, 1);
  const draft = globals.prepare(script, []);
  let loaded: LoadedScript | null = null;
  try {
    loaded = new LoadedScript(native, script, draft);
    await loaded.attachInBackground({ onProgress: () => undefined, signal });
    return await countWhile(native, script, loaded, milliseconds, signal);
  } finally {
    await loaded?.detach()?.done;
    loaded?.close();
    draft.discard();
    globals.close();
  }
}

async function countWhile(
  native: Native,
  script: CompiledScript,
  loaded: LoadedScript,
  milliseconds: number,
  signal: AbortSignal,
): Promise<HitCount> {
  const statistics = measuring(native);
  try {
    loaded.setState(STATE_RUNNING, 0n);
    const start = native.monotonicNanoseconds();
    await moment(milliseconds, signal);
    loaded.setState(STATE_STOPPED, 0n);
    const seconds = Number(native.monotonicNanoseconds() - start) / 1e9;
    const programs = loaded.programStatistics();
    const handlers = programs.flatMap(({ spec }) =>
      spec.handlers.flatMap((index) => {
        const { handler, scratch } = script.handlers[index] ?? {};
        if (!handler || scratch == null) return [];
        return [{ point: handler.point, hits: loaded.counters(scratch).hits, spec }];
      }),
    );
    return { seconds, handlers, runs: statistics && new Map(programs.map(({ spec, runs }) => [spec, runs])) };
  } finally {
    statistics?.close();
  }
}

/** Null where this process may not. */
function measuring(native: Native): NativeLink | null {
  try {
    return native.enableStatistics();
  } catch (error) {
    if (!isEngineError(error)) throw error;
    return null;
  }
}

function moment(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
