/** A compiled script in this kernel: its maps made, its programs loaded; attached and detached as a whole. */
import {
  CONTROL_ERRORS,
  CONTROL_MAP,
  CONTROL_REALTIME_OFFSET,
  CONTROL_STATE,
  COUNTER_ERRORS,
  COUNTER_HITS,
  COUNTER_LOST,
  COUNTER_MAP_FULL,
  RING_MAP,
  SCRATCH_MAP,
  STATE_STOPPED,
  type AttachPoint,
  type CompiledScript,
  type MapSpec,
  type ProgramSpec,
} from "../compiler/compiled.js";
import { attachName } from "../compiler/attach_groups.js";
import type { GlobalsDraft } from "./globals.js";
import { attachOptions, loadOptions } from "./attachments.js";
import type { StackTable } from "./stack_table.js";
import { isAboutItsPlace, Links, type AttachOptions, type Attachment, type Detaching, type Refused } from "./links.js";
import { PerfCounters } from "./perf_counters.js";
import { isEngineError, type Native, type NativeMap, type NativeProgram } from "./native.js";

/** What the head of a handler's scratch entries counts, of all CPUs together. */
export interface HandlerCounters {
  readonly hits: bigint;
  readonly lost: bigint;
  readonly mapFull: bigint;
  readonly errors: bigint;
}

/** What the kernel measured of all programs while statistics were enabled, and the runs that it left out. */
export interface RunStatistics {
  readonly runs: bigint;
  readonly nanoseconds: bigint;
  readonly missed: bigint;
}

/** Maps and programs of one script in the kernel. */
export class LoadedScript {
  private readonly maps = new Map<string, NativeMap>();
  private readonly programs: { readonly spec: ProgramSpec; readonly program: NativeProgram }[] = [];
  private readonly links: Links;
  private readonly perfCounters: PerfCounters;
  private readonly left: Refused[] = [];

  /** Throws EngineError where the kernel refuses; then nothing is left behind. */
  constructor(
    private readonly native: Native,
    private readonly script: Pick<CompiledScript, "maps" | "programs">,
    private readonly globals: Pick<GlobalsDraft, "map" | "stacks">,
  ) {
    this.links = new Links(native);
    this.perfCounters = new PerfCounters(native);
    try {
      for (const spec of script.maps) this.maps.set(spec.name, this.createMap(spec));
      for (const spec of script.programs) this.addProgram(spec);
      this.refuseWholePatterns();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get hasPrograms(): boolean {
    return this.programs.length > 0;
  }

  get ring(): NativeMap {
    return this.scriptMap(RING_MAP);
  }

  /** Attaches everything, but for what is left out of patterns; handlers run only once the state says so. */
  attach(): void {
    this.left.push(...this.links.attach(this.attachments()));
  }

  /** The same without holding anybody up, where there is much to attach. */
  async attachInBackground(options: AttachOptions): Promise<void> {
    this.left.push(...(await this.links.attachInBackground(this.attachments(), options)));
  }

  /** What the kernel refused of patterns that it took others of. */
  get leftOut(): readonly Refused[] {
    return this.left;
  }

  /** Null where nothing is attached any more. */
  detach(): Detaching | null {
    return this.links.close();
  }

  /** Programs of which at least something is attached. */
  get attached(): readonly ProgramSpec[] {
    const left = new Set(this.left.map(({ place }) => place));
    return this.script.programs.filter(
      ({ pattern, attach }) => pattern === undefined || functionsOf(attach).some((name) => !left.has(name)),
    );
  }

  private attachments(): Attachment[] {
    const cpus = this.native.onlineCpuNumbers();
    return this.programs.flatMap(({ spec, program }) =>
      attachOptions(spec, cpus).map((options) => ({
        program,
        options,
        pattern: spec.pattern ?? null,
        place: options.mechanism === "kprobe" ? options.function : attachName(spec.attach),
      })),
    );
  }

  private addProgram(spec: ProgramSpec): void {
    try {
      this.programs.push({ spec, program: this.loadProgram(spec) });
    } catch (error) {
      if (spec.pattern === undefined || !isEngineError(error) || !isAboutItsPlace(error)) throw error;
      this.left.push({ pattern: spec.pattern, place: attachName(spec.attach), error });
    }
  }

  /** A pattern of which nothing is loaded is refused as a whole. */
  private refuseWholePatterns(): void {
    const loaded = new Set(this.programs.map(({ spec }) => spec.pattern));
    const whole = this.left.find(({ pattern }) => pattern !== null && !loaded.has(pattern));
    if (whole) throw whole.error;
  }

  /** `realtimeOffset`: nanoseconds from CLOCK_MONOTONIC to the time since 1970. */
  setState(state: bigint, realtimeOffset: bigint): void {
    const control = this.maps.get(CONTROL_MAP);
    if (!control) return;
    control.writeWord(CONTROL_REALTIME_OFFSET, realtimeOffset);
    control.writeWord(CONTROL_STATE, state);
  }

  get errors(): bigint {
    return this.maps.get(CONTROL_MAP)?.readWord(CONTROL_ERRORS) ?? 0n;
  }

  /**
   * Runs one program as if its event had happened, and answers the nanoseconds it took. The kernel does that for
   * `raw_tracepoint` programs only; `context` holds the event's arguments as 64-bit words.
   */
  testRun(index: number, context: readonly bigint[] = []): number {
    const entry = this.programs[index];
    if (!entry) throw new Error(`the script has no program ${index}`);
    return entry.program.testRun({ context: new Uint8Array(BigInt64Array.from(context).buffer) }).durationNanoseconds;
  }

  /** Summed over all CPUs; `scratch` as in CompiledHandler. */
  counters(scratch: number): HandlerCounters {
    const shares = this.scratchOnEachCpu(scratch);
    const sum = (counter: number): bigint =>
      shares.reduce((total, share) => total + share.getBigUint64(counter, true), 0n);
    return {
      hits: sum(COUNTER_HITS),
      lost: sum(COUNTER_LOST),
      mapFull: sum(COUNTER_MAP_FULL),
      errors: sum(COUNTER_ERRORS),
    };
  }

  private scratchOnEachCpu(scratch: number): DataView[] {
    const map = this.scriptMap(SCRATCH_MAP);
    const spec = this.script.maps.find(({ name }) => name === SCRATCH_MAP);
    const lookup = (key: number) => map.lookup(new Uint8Array(new Uint32Array([key]).buffer)) ?? new Uint8Array();
    const cpus = this.native.possibleCpus();
    const entries =
      spec?.type === "array"
        ? Array.from({ length: cpus }, (_, cpu) => lookup(scratch * cpus + cpu))
        : [lookup(scratch)];
    const stride = spec?.valueSize ?? 0;
    return entries.flatMap(({ buffer, byteOffset, length }) =>
      Array.from(
        { length: stride > 0 ? length / stride : 0 },
        (_, cpu) => new DataView(buffer, byteOffset + cpu * stride),
      ),
    );
  }

  /** Of each program by itself. */
  programStatistics(): readonly { readonly spec: ProgramSpec; readonly runs: bigint; readonly nanoseconds: bigint }[] {
    return this.programs.map(({ spec, program }) => {
      const { runCount, runTimeNanoseconds } = program.statistics();
      return { spec, runs: runCount, nanoseconds: runTimeNanoseconds };
    });
  }

  /** False once a program has ended the trace by itself. */
  get isLetIn(): boolean {
    return this.maps.get(CONTROL_MAP)?.readWord(CONTROL_STATE) !== STATE_STOPPED;
  }

  runStatistics(): RunStatistics {
    return this.programs.reduce(
      (sum, { program }) => {
        const own = program.statistics();
        return {
          runs: sum.runs + own.runCount,
          nanoseconds: sum.nanoseconds + own.runTimeNanoseconds,
          missed: sum.missed + own.recursionMisses,
        };
      },
      { runs: 0n, nanoseconds: 0n, missed: 0n },
    );
  }

  close(): void {
    this.detach();
    for (const { program } of this.programs.splice(0).toReversed()) program.close();
    for (const map of [...this.maps.values()].toReversed()) map.close();
    this.maps.clear();
  }

  private scriptMap(name: string): NativeMap {
    const map = this.maps.get(name);
    if (!map) throw new Error(`the script has no map ${name}`);
    return map;
  }

  private mapNamed(name: string): NativeMap {
    if (name.startsWith("global:")) return this.globals.map(name.slice("global:".length));
    return name.startsWith("session:") ? this.globals.stacks.map(name) : this.scriptMap(name);
  }

  private createMap(spec: MapSpec): NativeMap {
    const map = this.native.createMap({
      name: `tap_${spec.name}`.slice(0, 15),
      type: spec.type,
      keySize: spec.keySize,
      valueSize: spec.valueSize,
      maxEntries: spec.perf ? this.perfCounters.entries(spec.perf) : spec.maxEntries,
      ...(spec.mmapable ? { mmapable: true } : {}),
      ...(isConstant(spec) ? { readOnlyForPrograms: true } : {}),
    });
    if (spec.perf) {
      try {
        this.perfCounters.fill(map, spec.perf);
      } catch (error) {
        map.close();
        throw error;
      }
    }
    if (spec.codeRanges) map.update(new Uint8Array(4), codeRanges(spec.codeRanges, this.globals.stacks), "any");
    if (spec.contents) {
      try {
        for (let index = 0; index < spec.maxEntries; index++) {
          const value = spec.contents.slice(index * spec.valueSize, (index + 1) * spec.valueSize);
          if (spec.maxEntries === 1 || value.some((byte) => byte !== 0))
            map.update(new Uint8Array(new Uint32Array([index]).buffer), value, "any");
        }
        if (isConstant(spec)) map.freeze();
      } catch (error) {
        map.close();
        throw error;
      }
    }
    return map;
  }

  private loadProgram(spec: ProgramSpec): NativeProgram {
    return this.native.loadProgram({
      name: spec.name.slice(0, 15),
      type: spec.type,
      ...loadOptions(spec),
      instructions: spec.instructions,
      relocations: spec.relocations.map(({ instruction, map, kind }) => ({
        instruction,
        kind,
        map: this.mapNamed(map),
      })),
      btf: spec.btf,
      functionInfo: spec.functionInfo,
    });
  }
}

/** What a pattern's program is attached to. */
function functionsOf(attach: AttachPoint): readonly string[] {
  return "functions" in attach ? attach.functions : [attachName(attach)];
}

function codeRanges(groups: readonly (readonly string[])[], stacks: StackTable): Uint8Array {
  const words = groups.flatMap((group) => {
    const { start, size } = stacks.symbols.codeRange(group);
    return [start, size];
  });
  return new Uint8Array(BigUint64Array.from(words).buffer);
}

/** The verifier reads constants out of frozen maps, and cannot do so in a map of more than one value: it answers ENOTSUPP. */
function isConstant(spec: MapSpec): boolean {
  return spec.contents !== undefined && spec.maxEntries === 1;
}
