/** A script's programs, loaded to be looked at and not to run: over empty globals of their own, attached to nothing. */
import type { CompiledScript } from "../compiler/compiled.js";
import type { LoadedSizes } from "../compiler/dump/machine_code.js";
import { Globals } from "../tracing/globals.js";
import { LoadedScript } from "../tracing/loaded_script.js";
import { isEngineError, type Native, type NativeProgramOptions } from "../tracing/native.js";

type Visit = (options: NativeProgramOptions) => ReturnType<Native["loadProgram"]>;

/** What the kernel tells of each program; throws EngineError where it refuses one. */
export function loadedSizes(native: Native, script: CompiledScript): LoadedSizes[] {
  const sizes: LoadedSizes[] = [];
  load(native, script, (options) => {
    const program = native.loadProgram(options);
    sizes.push({ ...program.statistics(), name: program.name });
    return program;
  });
  return sizes;
}

export interface VerifierLog {
  readonly program: string;
  readonly log: string;
}

/** What the verifier says of each program, up to the first that it refuses. */
export function verifierLogs(native: Native, script: CompiledScript): VerifierLog[] {
  const logs: VerifierLog[] = [];
  const keep = (program: string, log: string): void => void logs.push({ program, log });
  try {
    load(native, script, (options) => {
      try {
        const program = native.loadProgram({ ...options, wantLog: true });
        keep(program.name, program.verifierLog);
        return program;
      } catch (error) {
        if (isEngineError(error) && error.verifierLog !== undefined) keep(options.name, error.verifierLog);
        throw error;
      }
    });
  } catch (error) {
    // What was refused with a reason has been kept; anything else is to be told.
    if (!isEngineError(error) || error.verifierLog === undefined) throw error;
  }
  return logs;
}

function load(native: Native, script: CompiledScript, visit: Visit): void {
  const observed: Native = { ...native, loadProgram: visit };
  const globals = new Globals(observed, 1);
  try {
    const draft = globals.prepare(script, []);
    try {
      new LoadedScript(observed, script, draft).close();
    } finally {
      draft.discard();
    }
  } finally {
    globals.close();
  }
}
