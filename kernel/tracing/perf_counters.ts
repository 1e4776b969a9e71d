/** Counters of `perf_event_open` in maps, where programs read them. */
import { readdirSync } from "node:fs";
import type { CounterSpec, MapSpec } from "../compiler/compiled.js";
import type { Native, NativeMap, NativePerfCounter } from "./native.js";

/** What one counter of a map counts on: -1 stands for all. */
interface Place {
  readonly pid: number;
  readonly cpu: number;
}

/** The counters of one script. The threads of a process are looked up once for the two maps that tell of them. */
export class PerfCounters {
  readonly #places = new Map<string, readonly Place[]>();

  constructor(private readonly native: Pick<Native, "onlineCpuNumbers" | "possibleCpus" | "openPerfCounter">) {}

  entries({ counter, holds }: NonNullable<MapSpec["perf"]>): number {
    return Math.max(
      1,
      counter.pid === null && holds === "counters" ? this.native.possibleCpus() : this.places(counter).length,
    );
  }

  /** Throws EngineError where the machine has no such counter, or none left. */
  fill(map: NativeMap, { counter, holds }: NonNullable<MapSpec["perf"]>): void {
    this.places(counter).forEach((place, index) => {
      if (holds === "threads") map.update(key(place.pid), key(index), "any");
      // Programs look up a CPU's counter by its number.
      else this.open(counter, place, (opened) => map.setCounter(place.cpu < 0 ? index : place.cpu, opened));
    });
  }

  private open({ type, config }: CounterSpec, place: Place, use: (counter: NativePerfCounter) => void): void {
    const opened = this.native.openPerfCounter({ type, config, ...place });
    try {
      use(opened);
    } finally {
      // The map keeps it counting.
      opened.close();
    }
  }

  private places(counter: CounterSpec): readonly Place[] {
    const { pid } = counter;
    if (pid === null) return this.native.onlineCpuNumbers().map((cpu) => ({ pid: -1, cpu }));
    const known = this.#places.get(String(pid));
    if (known) return known;
    const places = threadsOf(pid).map((thread) => ({ pid: thread, cpu: -1 }));
    this.#places.set(String(pid), places);
    return places;
  }
}

/** Of a process that has ended only itself, of which the kernel then says that there is no such. */
export function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}

function key(number: number): Uint8Array {
  return new Uint8Array(new Uint32Array([number]).buffer);
}
