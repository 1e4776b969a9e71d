/** Which functions of the kernel and its modules there are: those that its types name, and those that its function tracer reaches. */
import { readFileSync } from "node:fs";
import type { KernelFunctions } from "../../compiler/catalogue.js";
import type { DataTypes } from "../../compiler/types/data_type.js";

const TRACEABLE = [
  "/sys/kernel/tracing/available_filter_functions",
  "/sys/kernel/debug/tracing/available_filter_functions",
];

/** What the function tracer reaches, by module; the kernel's own under "". */
type Traceable = ReadonlyMap<string, ReadonlySet<string>>;

/** Files are read when they are first asked for. */
export class MachineFunctions implements KernelFunctions {
  private traceable: Traceable | null | undefined;
  /** By module; of tens of thousands of names those that start alike lie together. */
  private readonly sorted = new Map<string, readonly string[]>();

  constructor(
    private readonly dataTypes: (module: string | undefined) => DataTypes | null,
    private readonly moduleNames: () => readonly string[],
    private readonly read: () => string | null = readTraceable,
  ) {}

  names(module: string | null, prefix: string): readonly string[] {
    const all = this.all(module);
    return all.slice(firstFrom(all, prefix), firstFrom(all, `${prefix}\uffff`));
  }

  isTraceable(name: string, module: string | null): boolean {
    return (
      this.table()
        ?.get(module ?? "")
        ?.has(name) ?? this.table() === null
    );
  }

  modules(): readonly string[] {
    return this.moduleNames();
  }

  private all(module: string | null): readonly string[] {
    const key = module ?? "";
    const known = this.sorted.get(key);
    if (known) return known;
    const reached = this.table()?.get(key) ?? [];
    const typed = this.dataTypes(module ?? undefined)?.names("function", "") ?? [];
    const all = [...new Set([...typed, ...reached])].toSorted();
    // A module that is not loaded yet may be later.
    if (all.length > 0) this.sorted.set(key, all);
    return all;
  }

  private table(): Traceable | null {
    if (this.traceable === undefined) {
      const text = this.read();
      this.traceable = text === null || text === "" ? null : parseTraceable(text);
    }
    return this.traceable;
  }
}

/** Where in sorted names the first stands that is not before this one. */
function firstFrom(sorted: readonly string[], name: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Places of functions that the linker threw away. */
const NO_FUNCTION = "__ftrace_invalid_address";

/** Lines such as `vfs_read` and `ext4_sync_file [ext4]`. */
function parseTraceable(text: string): Traceable {
  const tables = new Map<string, Set<string>>();
  for (const line of text.split("\n")) {
    const blank = line.search(/[ \t]/);
    const name = blank < 0 ? line : line.slice(0, blank);
    if (name === "" || name.startsWith(NO_FUNCTION)) continue;
    const module =
      blank < 0
        ? ""
        : line
            .slice(blank)
            .trim()
            .replace(/^\[|\]$/g, "");
    let table = tables.get(module);
    if (!table) tables.set(module, (table = new Set()));
    table.add(name);
  }
  return tables;
}

/** Null where it is not there, or not for us. */
function readTraceable(): string | null {
  for (const file of TRACEABLE) {
    try {
      return readFileSync(file, "latin1");
    } catch {
      continue;
    }
  }
  return null;
}
