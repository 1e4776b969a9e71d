/** `process("…").mark("m")` and `.provider("p").mark("m")`: the probes that a program's authors put into it (USDT). */
import type { KernelProbe, ListedProbe, Resolution, Target } from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import type { ProgramMark } from "../../compiler/program_file.js";
import { nameVariable } from "../kernel_function/variables.js";
import { refused } from "../points.js";
import { expandBraces, isWildcard, wildcard } from "../wildcard.js";
import { dependsOnPlace, markVariables } from "./mark_arguments.js";
import { attachTo, describe, type Place } from "./mechanism.js";
import { probedProgram } from "./probed_program.js";
import { guardsOf, type Subject } from "./subject.js";
import type { Component } from "./written.js";

interface WantedMarks {
  readonly provider: string | null;
  readonly name: string;
}

type SubjectFile = Subject["files"][number];

export function markProbes(subject: Subject, rest: readonly Component[], target: Target): Resolution {
  const wanted = readWanted(rest);
  if ("kind" in wanted) return wanted;
  const probes: Extract<Resolution, { kind: "resolved" }>["probes"][number][] = [];
  for (const each of subject.files) {
    for (const marks of groups(findMarks(each, wanted), target)) {
      const probe = probeOf(each, marks, wanted, subject, target);
      if ("reason" in probe) return refused(`${each.head}.mark("${wanted.name}"): ${probe.reason}`);
      probes.push({ point: pointOf(each, marks, wanted), probe });
    }
  }
  return probes.length > 0 ? { kind: "resolved", probes } : refuseName(subject, wanted);
}

export function* listMarks(subject: Subject, rest: readonly Component[], target: Target): Generator<ListedProbe> {
  const wanted = readWanted(rest);
  if ("kind" in wanted) return;
  for (const each of subject.files) {
    // A mark that the compiler copied to several places is one point.
    const seen = new Set<string>();
    for (const marks of groups(findMarks(each, wanted), target).flatMap((group) => group.map((mark) => [mark]))) {
      const point = pointOf(each, marks, wanted);
      const probe = probeOf(each, marks, wanted, subject, target);
      if ("reason" in probe) return;
      if (!seen.has(point)) yield { point, variables: [...probe.variables.values()] };
      seen.add(point);
    }
  }
}

function readWanted(rest: readonly Component[]): WantedMarks | Resolution {
  const provider = rest.find(({ name }) => name === "provider");
  const mark = rest.find(({ name }) => name === "mark");
  const odd = rest.find((each) => each !== provider && each !== mark);
  if (odd) return refused(`a mark has no part called .${odd.name}`);
  if (provider && (typeof provider.argument !== "string" || provider.argument === ""))
    return refused(".provider needs its name", 'write .provider("…").mark("…")');
  if (typeof mark?.argument !== "string" || mark.argument === "")
    return refused(".mark needs the mark's name", 'write .mark("…"), or .mark("*") for all');
  return { provider: typeof provider?.argument === "string" ? provider.argument : null, name: mark.argument };
}

function pointOf({ head }: SubjectFile, marks: readonly ProgramMark[], { provider, name }: WantedMarks): string {
  const only = marks.every((mark) => mark.name === marks[0]?.name) ? marks[0] : undefined;
  const before = provider === null ? "" : `.provider("${only?.provider ?? provider}")`;
  return `${head}${before}.mark("${only?.name ?? name}")`;
}

/** Names in programs have two low lines where the authors' tools write a hyphen. */
function test(pattern: string): (name: string) => boolean {
  const tests = expandBraces(pattern).map((each) => {
    const written = each.replaceAll(/(?<!\[[^\]]*)-/g, "__");
    return isWildcard(written) ? wildcard(written) : (name: string) => name === written || name === each;
  });
  return (name) => tests.some((fits) => fits(name));
}

function findMarks({ file }: SubjectFile, { provider, name }: WantedMarks): readonly ProgramMark[] {
  const [fitsProvider, fitsName] = [provider === null ? () => true : test(provider), test(name)];
  return file.marks().filter((mark) => fitsProvider(mark.provider) && fitsName(mark.name));
}

/** Those whose arguments are in the same places share a program. */
function groups(marks: readonly ProgramMark[], target: Target): readonly (readonly ProgramMark[])[] {
  const found = new Map<string, ProgramMark[]>();
  for (const mark of marks) {
    const key = dependsOnPlace(mark, target) ? `${mark.arguments} at ${mark.address}` : mark.arguments;
    const group = found.get(key);
    if (!group) found.set(key, [mark]);
    else if (group.every(({ offset }) => offset !== mark.offset)) group.push(mark);
  }
  return [...found.values()];
}

function probeOf(
  each: SubjectFile,
  marks: readonly ProgramMark[],
  wanted: WantedMarks,
  subject: Subject,
  target: Target,
): KernelProbe | { readonly reason: string } {
  const [first] = marks;
  if (!first) return { reason: "no marks" };
  const attach = attachTo(each.file, marks satisfies readonly Place[], false, subject.pid, target);
  if ("reason" in attach) return attach;
  const names = marks.map(({ name }) => name);
  const id = `${each.file.path}:${wanted.provider ?? ""}:${wanted.name}:${first.arguments}_${first.address}`;
  const texts = (name: string, summary: string, of: readonly string[]) =>
    nameVariable(name, summary, of, `${name}_${id}`);
  const variables = [
    ...markVariables(first, each.file, target),
    texts("$$name", "The mark's name.", names),
    texts(
      "$$provider",
      "Its provider's name.",
      marks.map(({ provider }) => provider),
    ),
    texts(
      "$pp",
      "The probe point, which pp() returns.",
      marks.map((mark) => pointOf(each, [mark], wanted)),
    ),
  ];
  return {
    kind: "kernel",
    attach,
    mechanism: `${describe(attach)} of ${marks.length === 1 ? `the mark ${first.name}` : `${marks.length} marks`} in ${each.file.path}`,
    ...guardsOf(subject),
    variables: new Map(variables.map((variable) => [variable.name, variable])),
    program: probedProgram(
      each.file,
      { address: onlyAddress(marks), isReturn: false, isLibrary: each.isLibrary, sourceFile: null },
      target,
    ),
    isReturn: false,
  };
}

function onlyAddress([first, ...others]: readonly ProgramMark[]): bigint | null {
  return first && others.length === 0 ? first.address : null;
}

function refuseName({ files }: Subject, { provider, name }: WantedMarks): Resolution {
  const [first] = files;
  const where = files.length === 1 && first ? first.file.path : `${first?.head} and ${files.length - 1} more`;
  const known = files.flatMap(({ file }) => file.marks());
  const written = provider === null ? name : `${provider}:${name}`;
  if (known.length === 0) {
    return refused(
      `${where} has no marks at all`,
      "its authors put none in, or it was built without them; its functions may do",
    );
  }
  const providers = [...new Set(known.map((mark) => mark.provider))];
  if (provider !== null && !providers.some(test(provider))) {
    const similar = mostSimilar(provider, providers);
    const hint = similar === null ? `its providers are ${providers.join(", ")}` : `did you mean "${similar}"?`;
    return refused(`${where} has no provider ${provider}`, hint);
  }
  const similar = mostSimilar(name, new Set(known.map((mark) => mark.name)));
  return refused(
    `${where} has no mark ${written}`,
    similar === null ? `it has ${known.length}: .mark("*") means all` : `did you mean "${similar}"?`,
  );
}
