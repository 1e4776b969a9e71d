/** Constants and sites that all handlers of a script share: number keys, format strings, names, print and error sites. */
import type { CallSite, CounterSpec, ErrorSite, GlobalLayout, MapSpec, NameSet, PrintSite } from "../compiled.js";
import type { Span } from "../source.js";
import { bufferSize } from "./values.js";

const NUMBERS_MAP = "numbers";
const TEXTS_MAP = "texts";
const ZEROS_MAP = "zeros";
const FRAMES_MAP = "frames";

export class ScriptTables {
  readonly printSites: PrintSite[] = [];
  readonly errorSites: ErrorSite[] = [];
  readonly callChains: (readonly CallSite[])[] = [];
  takesUserStacks = false;
  /** The numbers of the error sites at a place of the script. */
  private readonly errorSitesAt = new Map<Span, readonly number[]>();
  private readonly numberValues: bigint[] = [];
  private texts = "";
  private readonly nameSets = new Map<string, { set: NameSet; size: number; entries: number }>();
  private zeroSize = 0;
  private frameSize = 0;
  private frameEntries = 0;
  private readonly constants = new Map<string, { readonly name: string; readonly contents: Uint8Array }>();
  private readonly ranges = new Map<
    string,
    { readonly name: string; readonly groups: readonly (readonly string[])[] }
  >();
  private readonly areas = new Map<string, { size: number; readonly cpus: number }>();
  private readonly counters = new Map<string, MapSpec[]>();
  private used = new Set<string>();

  constructor(readonly layouts: ReadonlyMap<string, GlobalLayout>) {}

  layout(global: string): GlobalLayout {
    const layout = this.layouts.get(global);
    if (!layout) throw new Error(`global ${global} has no layout`);
    return layout;
  }

  useMap(name: string): void {
    this.used.add(name);
  }

  /** Maps used since the last call. */
  takeUsedMaps(): ReadonlySet<string> {
    const used = this.used;
    this.used = new Set();
    return used;
  }

  /** Memory that holds a constant. */
  numbers(value: bigint): { readonly map: string; readonly offset: number } {
    let index = this.numberValues.indexOf(value);
    if (index < 0) index = this.numberValues.push(value) - 1;
    return { map: NUMBERS_MAP, offset: index * 8 };
  }

  /** A zero-terminated constant text, as `bpf_snprintf` wants its formats. */
  text(value: string): { readonly map: string; readonly offset: number } {
    const wanted = `${value}\0`;
    let offset = `\0${this.texts}`.indexOf(`\0${wanted}`);
    if (offset < 0) {
      offset = this.texts.length;
      this.texts += wanted;
    }
    return { map: TEXTS_MAP, offset };
  }

  /** An array map from numbers to names, each in `size` bytes. */
  names(set: NameSet): { readonly map: string; readonly size: number } {
    let table = this.nameSets.get(set.id);
    if (!table) {
      const longest = Math.max(0, ...[...set.names.values()].map((name) => name.length));
      table = { set, size: bufferSize(longest), entries: Math.max(0, ...set.names.keys()) + 1 };
      this.nameSets.set(set.id, table);
    }
    return { map: `names_${set.id}`, size: table.size };
  }

  /** Any constant bytes, each content once; `id` tells contents apart. */
  constant(id: string, contents: Uint8Array): string {
    let name = this.constants.get(id)?.name;
    if (name === undefined) {
      name = `const${this.constants.size}`;
      this.constants.set(id, { name, contents });
    }
    return name;
  }

  /** A map of where groups of the kernel's functions lie; see `MapSpec.codeRanges`. */
  codeRanges(groups: readonly (readonly string[])[]): string {
    const id = JSON.stringify(groups);
    let found = this.ranges.get(id);
    if (!found) this.ranges.set(id, (found = { name: `code${this.ranges.size}`, groups }));
    return found.name;
  }

  /** An array map whose value is so many zero bytes. */
  zeros(size: number): string {
    this.zeroSize = Math.max(this.zeroSize, size);
    return ZEROS_MAP;
  }

  /** A per-CPU map of what functions keep while they wait for calls of themselves. */
  frames(size: number, entries: number): string {
    this.frameSize = Math.max(this.frameSize, size);
    this.frameEntries = Math.max(this.frameEntries, entries);
    return FRAMES_MAP;
  }

  /** An array map of an entry for each CPU, each so many bytes large at least; may be larger than what a per-CPU map grants. */
  area(name: string, size: number, cpus: number): string {
    const area = this.areas.get(name);
    if (area) area.size = Math.max(area.size, size);
    else this.areas.set(name, { size, cpus });
    return name;
  }

  /** The map of a counter, and, where it counts for the threads of a process, the one from threads to their indices there. */
  counter(name: string, counter: CounterSpec): { readonly counters: string; readonly threads: string | null } {
    const known = [...this.counters.keys()].indexOf(name);
    const index = known < 0 ? this.counters.size : known;
    const counters = `counters${index}`;
    const threads = counter.pid === null ? null : `threads${index}`;
    const common = { keySize: 4, valueSize: 4, maxEntries: 0 } as const;
    this.counters.set(name, [
      { ...common, name: counters, type: "perf_event_array", perf: { counter, holds: "counters" } },
      ...(threads === null
        ? []
        : [{ ...common, name: threads, type: "hash", perf: { counter, holds: "threads" } } as const]),
    ]);
    return { counters, threads };
  }

  callChain(calls: readonly CallSite[]): number {
    const known = this.callChains.findIndex((other) => areSame(other, calls));
    return known >= 0 ? known : this.callChains.push(calls) - 1;
  }

  printSite(site: PrintSite): number {
    return this.printSites.push(site) - 1;
  }

  errorSite(site: ErrorSite): number {
    const { message, span, point, calls } = site;
    const here = this.errorSitesAt.get(span) ?? [];
    const known = here.find((number) => {
      const other = this.errorSites[number] as ErrorSite;
      return other.message === message && other.point === point && areSame(other.calls, calls);
    });
    if (known !== undefined) return known;
    const number = this.errorSites.push(site) - 1;
    this.errorSitesAt.set(span, [...here, number]);
    return number;
  }

  /** The constant maps that were asked for. */
  maps(): MapSpec[] {
    const maps: MapSpec[] = [...this.counters.values()].flat();
    if (this.numberValues.length > 0) {
      const contents = new Uint8Array(new BigInt64Array(this.numberValues).buffer);
      maps.push({ name: NUMBERS_MAP, type: "array", keySize: 4, valueSize: contents.length, maxEntries: 1, contents });
    }
    if (this.texts.length > 0) {
      const contents = Uint8Array.from(this.texts, (character) => character.charCodeAt(0));
      maps.push({ name: TEXTS_MAP, type: "array", keySize: 4, valueSize: contents.length, maxEntries: 1, contents });
    }
    for (const { name, contents } of this.constants.values())
      maps.push({ name, type: "array", keySize: 4, valueSize: contents.length, maxEntries: 1, contents });
    for (const { name, groups } of this.ranges.values())
      maps.push({
        name,
        type: "array",
        keySize: 4,
        valueSize: groups.length * 16,
        maxEntries: 1,
        codeRanges: groups,
      });
    for (const [name, { size, cpus }] of this.areas)
      maps.push({ name, type: "array", keySize: 4, valueSize: size, maxEntries: cpus });
    if (this.frameSize > 0)
      maps.push({
        name: FRAMES_MAP,
        type: "percpu_array",
        keySize: 4,
        valueSize: this.frameSize,
        maxEntries: this.frameEntries,
      });
    if (this.zeroSize > 0)
      maps.push({
        name: ZEROS_MAP,
        type: "array",
        keySize: 4,
        valueSize: this.zeroSize,
        maxEntries: 1,
        contents: new Uint8Array(this.zeroSize),
      });
    for (const [id, { set, size, entries }] of this.nameSets) {
      const contents = new Uint8Array(size * entries);
      for (const [number, name] of set.names)
        contents.set(
          Uint8Array.from(name, (character) => character.charCodeAt(0)),
          number * size,
        );
      maps.push({ name: `names_${id}`, type: "array", keySize: 4, valueSize: size, maxEntries: entries, contents });
    }
    return maps;
  }
}

function areSame(first: readonly CallSite[], second: readonly CallSite[]): boolean {
  return first.length === second.length && first.every(({ span }, index) => span === second[index]?.span);
}
