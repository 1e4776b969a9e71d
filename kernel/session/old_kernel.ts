/** Kernels older than those that Tapbook supports in full: what they refuse is told in one sentence. */
import { release } from "node:os";
import { HELPER } from "../compiler/bpf/helper_functions.js";
import type { EngineError } from "../tracing/native.js";

/** Major and minor number of the first kernel that Tapbook supports in full. */
export const FULL_SUPPORT = [6, 1] as const;

/** What scripts do that takes a helper which old kernels lack; the verifier calls those by number. */
const PURPOSES: ReadonlyMap<number, string> = new Map([
  [HELPER.loop, "loops in probes"],
  [HELPER.for_each_map_elem, "foreach in probes"],
  [HELPER.snprintf, "sprintf in probes"],
]);

/** Refusals that tell of something the kernel does not know, rather than of a lack of rights or of memory. */
const UNKNOWN = new Set(["EINVAL", "ENOTSUPP", "EOPNOTSUPP"]);

/** Null on a kernel that is new enough, and where the refusal has another reason. */
export function oldKernelSentence({ code, verifierLog = "" }: EngineError, kernel = release()): string | null {
  const [major = 0, minor = 0] = kernel.split(".").map((part) => Number.parseInt(part, 10));
  const [least, leastMinor] = FULL_SUPPORT;
  if (major > least || (major === least && minor >= leastMinor)) return null;
  if (verifierLog === "" && !UNKNOWN.has(code)) return null;
  const purpose = purposeOf(verifierLog);
  return `This script needs Linux ${least}.${leastMinor} or newer${purpose ? ` for ${purpose}` : ""}; this is Linux ${major}.${minor}.`;
}

/** How the verifiers of Linux 5.10 and before word it, where they meet what they do not know before any helper. */
const WORDINGS: readonly (readonly [string, string])[] = [
  // 5.13: functions that a helper calls, which is how loops are made.
  ["number of funcs in func_info doesn't match number of subprogs", "loops in probes"],
  // 5.12: atomic operations that give the value before.
  ["BPF_STX uses reserved fields", "globals other than counters"],
];

function purposeOf(log: string): string | undefined {
  const wording = WORDINGS.find(([text]) => log.includes(text));
  const helper = /(?:invalid|unknown) func \S*#(?<number>\d+)/.exec(log)?.groups?.["number"];
  return wording?.[1] ?? (helper === undefined ? undefined : PURPOSES.get(Number(helper)));
}
