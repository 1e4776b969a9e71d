/** `process("…").function("f")` with what may follow it: returns, copies where it was inlined, labels in it, what it calls. */
import type { ListedProbe, Resolution, ResolvedProbe, Target } from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import { refused } from "../points.js";
import { isWildcard } from "../wildcard.js";
import { calleeProbes } from "./callees.js";
import { findFunctions, type FoundFunction } from "./found_functions.js";
import { functionProbe, pointOf, type SubjectFile } from "./function_probe.js";
import { labelProbes } from "./labels.js";
import type { Subject } from "./subject.js";
import type { Component } from "./written.js";
import { readWanted, type Complaint, type Wanted, type WantedFunctions } from "./written_function.js";

/** Up to so many functions have a program each, with the variables of each; more share one. */
const MOST_SEPARATE = 40;

interface NamedProbe {
  readonly point: string;
  readonly probe: ResolvedProbe;
}

export function functionProbes(subject: Subject, rest: readonly Component[], target: Target): Resolution {
  const wanted = readWanted(rest);
  if ("reason" in wanted) return refused(wanted.reason, wanted.hint);
  const probes: NamedProbe[] = [];
  let complaint: Complaint | null = null;
  for (const each of subject.files) {
    const { found, unknown } = findFunctions(each.file, wanted.functions);
    const [missing] = unknown;
    if (found.length === 0 && missing) complaint ??= refuseUnknown(each, missing);
    if (found.length === 0) continue;
    const made = probesOf(each, found, wanted, subject, target, unknown);
    if ("reason" in made) complaint ??= made;
    else probes.push(...made);
  }
  if (probes.length > 0) return { kind: "resolved", probes };
  return complaint ? refused(complaint.reason, complaint.hint) : refuseName(subject, wanted.functions);
}

export function* listFunctions(subject: Subject, rest: readonly Component[], target: Target): Generator<ListedProbe> {
  const wanted = readWanted(rest);
  if ("reason" in wanted) return;
  for (const each of subject.files) {
    for (const group of byChoice(findFunctions(each.file, wanted.functions).found)) {
      const made = probesOf(each, group, wanted, subject, target, []);
      if ("reason" in made) continue;
      for (const { point, probe } of made) yield { point, variables: [...probe.variables.values()] };
    }
  }
}

function probesOf(
  each: SubjectFile,
  found: readonly FoundFunction[],
  { functions, part }: Wanted,
  subject: Subject,
  target: Target,
  unknown: readonly { readonly name: string }[],
): readonly NamedProbe[] | Complaint {
  if (part.kind === "label") return labelProbes(each, found, part.name, subject, target);
  if (part.kind === "callees") return calleeProbes(each, found, { name: part.name, functions }, subject, target);
  const isSeparate = found.length <= MOST_SEPARATE && found.some(({ described }) => described);
  const without = unknown.length > 0 ? `, without ${unknown.map(({ name }) => name).join(", ")}` : "";
  const probes: NamedProbe[] = [];
  for (const group of isSeparate ? byChoice(found) : [found]) {
    const probe = functionProbe(each, group, functions, subject, target);
    const [first] = group;
    if ("reason" in probe) return { reason: `${each.head}.function("${functions.name}"): ${probe.reason}` };
    const isOne = first && group.every(({ name }) => name === first.name);
    const name = isOne ? first.name : functions.name;
    probes.push({ point: pointOf(each, name, functions), probe: { ...probe, mechanism: probe.mechanism + without } });
  }
  return probes;
}

/** Each by itself, but those among which one function chooses together. */
function byChoice(found: readonly FoundFunction[]): readonly (readonly FoundFunction[])[] {
  const groups = new Map<string, FoundFunction[]>();
  found.forEach((each, index) => {
    const key = each.isChosen ? `chosen ${each.name}` : String(index);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  });
  return [...groups.values()];
}

function refuseUnknown(
  { head, file }: SubjectFile,
  { name, reason }: { readonly name: string; readonly reason: string },
): Complaint {
  return {
    reason:
      `${head}.function("${name}"): its code only chooses, when a program starts, the function that the name then stands for (IFUNC), ` +
      `and in ${file.path} ${reason}`,
    hint: "the functions that call it can be probed, or the system call that it makes",
  };
}

function refuseName({ files }: Subject, { name, file, kind, isExported }: WantedFunctions): Resolution {
  const [first] = files;
  const where = files.length === 1 && first ? first.file.path : `${first?.head} and ${files.length - 1} more`;
  if (isExported) return refused(`${where} has no function ${name} that other files may call`, "leave .exported out");
  if (file !== null || kind === "inline") {
    const has = files.some((each) => each.file.debug);
    return refused(
      `${where} has no ${kind === "inline" ? "place where it was inlined of a " : ""}function ${name}${file === null ? "" : ` of ${file}`}`,
      has ? undefined : "it has no debug information, which alone would tell",
    );
  }
  const isStripped = files.some((each) => each.file.isStripped);
  const known = [...new Set(files.flatMap((each) => each.file.functions().map((each) => each.name)))];
  const left =
    known.length === 0
      ? "it is stripped of all names: its system calls and marks can still be probed"
      : `it is stripped: only the ${known.length} functions that it shares with other files have names left`;
  if (isWildcard(name)) return refused(`${where} has no function that fits ${name}`, isStripped ? left : undefined);
  const similar = mostSimilar(name, known);
  const advice = similar === null ? [] : [`did you mean "${similar}"?`];
  if (isStripped) advice.push(left);
  else if (similar === null) advice.push("the compiler may have put it into its callers");
  return refused(`${where} has no function ${name}`, advice.join(" "));
}
