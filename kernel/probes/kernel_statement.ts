/** `kernel.statement(…)`: a breakpoint on one instruction, named by a function and an offset or by its address. */
import type { PointPattern, ProbeFamily, Resolution } from "../compiler/catalogue.js";
import { findFunctions } from "./kernel_function/found.js";
import { refusals, works } from "./kernel_function/mechanism.js";
import { addressVariable, nameVariable } from "./kernel_function/variables.js";
import { refuseLine } from "./kernel_function/written.js";
import { componentsText, refused } from "./points.js";

/** No function is longer. */
const LARGEST_OFFSET = 1n << 20n;

export const kernelStatement: ProbeFamily = {
  name: "kernel.statement",
  summary:
    "One instruction of the kernel, by a function and the bytes from its start, or by its address with `.absolute`. The kernel refuses what is not the start of an " +
    "instruction. Attached by a kprobe; lines of the source are told only by debug information, which Tapbook does not read.",
  forms: [
    'kernel.statement("NAME+OFFSET")',
    "kernel.statement(ADDRESS).absolute",
    'module("NAME").statement("NAME+OFFSET")',
  ],
  example: 'global hits\nprobe kernel.statement("vfs_read+0") ? { hits++ }\nprobe timer.s(1) { exit() }',

  resolve(pattern, target): Resolution | null {
    const found = findStatement(pattern);
    if (!found) return null;
    const { module, argument, rest } = found;
    const point = componentsText(pattern);
    const odd = rest.find(({ name }) => name !== "absolute");
    if (odd) return refusePart(odd.name);
    if (argument === null)
      return refused("a statement needs a function or an address", 'write kernel.statement("vfs_read+0")');
    const place = typeof argument === "bigint" ? { name: addressText(argument), offset: 0n } : readPlace(argument);
    if ("kind" in place) return place;
    if (!works("breakpoint", false, target)) {
      return refused(
        `${point}: instructions cannot be probed on this machine (${refusals(false, target, ["breakpoint"])})`,
        'a tracepoint near it may do: kernel.trace("…")',
      );
    }
    // Some that a breakpoint reaches have no types, and are known by their symbols alone.
    const isKnown = (): boolean =>
      findFunctions([place.name], module, target).length > 0 || target.kernelSymbol(place.name) !== null;
    if (typeof argument === "string" && !isKnown()) {
      return refused(`${point}: there is no function ${place.name} that can be probed`);
    }
    return statementProbe(point, place);
  },
};

interface Place {
  readonly name: string;
  readonly offset: bigint;
}

function findStatement({ components }: PointPattern) {
  const [first, second, ...rest] = components;
  if (second?.name !== "statement" || !first) return null;
  const { argument } = second;
  if (first.name === "kernel" || first.name === "kprobe") return { module: null, argument, rest };
  if (first.name === "module" && typeof first.argument === "string") return { module: first.argument, argument, rest };
  return null;
}

function refusePart(name: string): Resolution {
  return name === "nearest"
    ? refused(".nearest: where lines of the source are in memory is told only by the kernel's debug information")
    : refused(`a statement has no part called .${name}`, ".absolute may follow an address");
}

/** `name`, `name+12`, `name+0xc`. */
function readPlace(written: string): Place | Resolution {
  if (written.includes("@")) return refuseLine(written);
  const { name, offset } = /^(?<name>[\w.]+)(?:\+(?<offset>0x[0-9a-f]+|\d+))?$/i.exec(written)?.groups ?? {};
  if (name === undefined) return refused(`"${written}" is no place in a function`, 'write it as in "vfs_read+12"');
  const bytes = BigInt(offset ?? 0);
  return bytes < LARGEST_OFFSET ? { name, offset: bytes } : refused(`"${written}" is beyond the end of any function`);
}

function addressText(address: bigint): string {
  return `0x${BigInt.asUintN(64, address).toString(16)}`;
}

function statementProbe(point: string, { name, offset }: Place): Resolution {
  const names = (variable: string, summary: string) => nameVariable(variable, summary, [name], "");
  const variables = [
    names("$probefunc", "The function, which probefunc() and ppfunc() return."),
    names("$$name", "The function's name."),
    ...(offset === 0n ? [addressVariable] : []),
  ];
  const attach = { kind: "kprobe", functions: [name], offset, isReturn: false, maxActive: null } as const;
  return {
    kind: "resolved",
    probes: [
      {
        point,
        probe: {
          kind: "kernel",
          attach,
          mechanism: `kprobe of ${name}${offset === 0n ? "" : `+${offset}`}`,
          guard: null,
          variables: new Map(variables.map((variable) => [variable.name, variable])),
          isReturn: false,
        },
      },
    ],
  };
}
