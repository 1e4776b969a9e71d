/** What `kernel.data` and `process.data` share: the processor's watchpoints on a few bytes of memory. */
import type { KernelProbe, PointPattern, Resolution, Target } from "../compiler/catalogue.js";
import type { AttachPoint } from "../compiler/compiled.js";
import { refused } from "./points.js";

type Breakpoint = Extract<AttachPoint, { kind: "breakpoint" }>;
type Length = Breakpoint["length"];

const LENGTHS: readonly Length[] = [8, 4, 2, 1];

export interface Watched {
  readonly address: bigint;
  /** A symbol is watched as far as its place allows, an address by one byte, where the point does not say. */
  readonly isSymbol: boolean;
  readonly pid: number | null;
}

/** `parts`: what is behind `.data(…)`; `head`: what the point is called up to there. */
export function watchpoint(
  point: string,
  head: string,
  { address, isSymbol, pid }: Watched,
  components: PointPattern["components"],
  target: Target,
  guards: Pick<KernelProbe, "guard" | "lateGuard"> = { guard: null },
): Resolution {
  const parts = readParts(head, components);
  if ("kind" in parts) return parts;
  const isAligned = (length: Length): boolean => address % BigInt(length) === 0n;
  const length = parts.length ?? (isSymbol ? (LENGTHS.find(isAligned) ?? 1) : 1);
  if (!isAligned(length)) {
    return refused(
      `${point}: the processor watches ${length} bytes only at an address that is a multiple of ${length}`,
    );
  }
  const attach: Breakpoint = { kind: "breakpoint", address, length, access: parts.access, pid };
  const refusal = target.refusal(attach);
  if (refusal !== null) {
    return refused(
      `${point}: this machine has no watchpoint for it: ${refusal}`,
      "a machine may have none, or all of them may be taken",
    );
  }
  const mechanism = `hardware watchpoint on ${length} bytes at 0x${address.toString(16)}`;
  const probe: KernelProbe = { kind: "kernel", attach, mechanism, variables: new Map(), isReturn: false, ...guards };
  return { kind: "resolved", probes: [{ point, probe }] };
}

function readParts(
  head: string,
  components: PointPattern["components"],
): { readonly access: Breakpoint["access"]; readonly length: Length | null } | Resolution {
  let access: Breakpoint["access"] | null = null;
  let length: Length | null = null;
  for (const { name, argument } of components) {
    if (name === "write") access = "write";
    else if (name === "rw") access = "read_write";
    else if (name === "length") {
      length = LENGTHS.find((known) => BigInt(known) === argument) ?? null;
      if (length === null) return refused(".length takes 1, 2, 4 or 8");
    } else return refused(`${head} has no part called .${name}`, ".length(N), .write and .rw may follow");
  }
  return access ? { access, length } : refused(`${head} needs .write or .rw behind it`);
}
