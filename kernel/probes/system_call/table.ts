/** The system calls of an architecture. */
import type { Target } from "../../compiler/catalogue.js";
import type { NameSet } from "../../compiler/compiled.js";
import { parseParameters, type Parameter } from "./parameters.js";
import { rows as aarch64 } from "./system_calls_aarch64.generated.js";
import { rows as x86_64 } from "./system_calls_x86_64.generated.js";

/** Number, name, name of the kernel's function without its prefix, arguments as C writes them. */
export type SystemCallRow = readonly [number: number, name: string, entry: string, parameters: string];

export interface SystemCall {
  readonly number: number;
  readonly name: string;
  /** The kernel's function without its prefix: `newstat` for stat. */
  readonly entry: string;
  readonly parameters: readonly Parameter[];
}

export interface SystemCallTable {
  readonly calls: readonly SystemCall[];
  readonly byName: ReadonlyMap<string, SystemCall>;
  readonly highestNumber: number;
  readonly names: NameSet;
  /** The kernel's functions as it calls them: `__x64_sys_read`. */
  readonly functions: NameSet;
}

const TABLES: Readonly<Record<Target["architecture"], SystemCallTable>> = {
  x86_64: makeTable(x86_64, "__x64_sys_"),
  aarch64: makeTable(aarch64, "__arm64_sys_"),
};

export function systemCallTable(architecture: Target["architecture"]): SystemCallTable {
  return TABLES[architecture];
}

function makeTable(rows: readonly SystemCallRow[], prefix: string): SystemCallTable {
  const calls = rows.map(([number, name, entry, parameters]) => ({
    number,
    name,
    entry,
    parameters: parseParameters(name, parameters),
  }));
  return {
    calls,
    byName: new Map(calls.map((call) => [call.name, call])),
    highestNumber: Math.max(...calls.map(({ number }) => number)),
    names: { id: "syscall", names: new Map(calls.map(({ number, name }) => [number, name])) },
    functions: { id: "syscall_function", names: new Map(calls.map(({ number, entry }) => [number, prefix + entry])) },
  };
}
