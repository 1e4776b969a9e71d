/**
 * `process("…").function("f").callee("g")` and `.callees`: functions when they are called by a certain one, and copies of them that were
 * inlined into it. Which function calls is told by where the call returns to.
 */
import type { KernelProbe, ResolvedProbe, Target } from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import type { DescribedFunction } from "../../compiler/debug_information.js";
import type { Emitter } from "../../compiler/ir/emitter.js";
import { expandBraces, isWildcard, nameTest } from "../wildcard.js";
import { entryOf } from "./described_variables.js";
import { findFunctions, type FoundFunction } from "./found_functions.js";
import { functionProbe, type SubjectFile } from "./function_probe.js";
import { biasOfPlace } from "./probed_program.js";
import { placeProbe } from "./place_probe.js";
import { returnAddress, type CalledFunction } from "./return_address.js";
import type { Subject } from "./subject.js";
import type { Complaint, WantedFunctions } from "./written_function.js";

interface WantedCallees {
  /** Null for all. */
  readonly name: string | null;
  readonly functions: WantedFunctions;
}

interface NamedProbe {
  readonly point: string;
  readonly probe: ResolvedProbe;
}

/** Pieces of code of the calling function; each takes some instructions at every call of what it calls. */
const MOST_PIECES = 64;

export function calleeProbes(
  each: SubjectFile,
  callers: readonly FoundFunction[],
  { name, functions }: WantedCallees,
  subject: Subject,
  target: Target,
): readonly NamedProbe[] | Complaint {
  const { file, head } = each;
  const { debug } = file;
  if (!debug)
    return { reason: `${file.path} has no debug information that can be read, which alone tells what calls what` };
  const { isReturn } = functions;
  const probes: NamedProbe[] = [];
  const callerNames = [...new Set(callers.map((caller) => caller.described?.name ?? caller.name))];
  const calls = new Set<string>();
  for (const caller of callerNames) {
    const instances = debug.functionsNamed(caller);
    for (const call of instances.flatMap((instance) => instance.calls)) calls.add(call.name);
    const pieces = instances.flatMap(({ code }) => code);
    if (pieces.length > MOST_PIECES)
      return { reason: `${caller} of ${file.path} lies in ${pieces.length} places, too many to tell its calls by` };
    if (name === null && instances.some(({ inlined, tellsCalls }) => !inlined && !tellsCalls))
      return untold(file.path, caller);
    for (const { found, isInlined } of findCallees(file, instances, name)) {
      if (isInlined && isReturn) continue;
      const point = `${head}.function("${caller}").callee("${found.name}")${isReturn ? ".return" : ""}`;
      const text = `${found.name} in ${caller}`;
      const probe = isInlined
        ? placeProbe(each, { ...found, point, text, around: found.described }, subject, target)
        : calledFrom(functionProbe(each, [found], { ...functions, kind: "call" }, subject, target, [point]), {
            caller,
            pieces,
            callee: found,
            file,
            target,
            isReturn,
          });
      if ("reason" in probe) return { reason: `${point}: ${probe.reason}` };
      probes.push({ point, probe });
    }
  }
  return probes.length > 0 ? probes : refuse(file.path, callerNames, name, [...calls]);
}

interface Callee {
  readonly found: FoundFunction;
  readonly isInlined: boolean;
}

/** What the function calls, as its debug information says; by its name alone where the compiler did not tell calls. */
function findCallees(
  file: SubjectFile["file"],
  instances: readonly DescribedFunction[],
  name: string | null,
): readonly Callee[] {
  const isWanted = name === null ? () => true : nameTest(name);
  const found = new Map<bigint, Callee>();
  for (const call of instances.flatMap(({ calls }) => calls)) {
    const isInlined = call.inlinedAt !== 0n;
    const address = isInlined ? call.inlinedAt : call.entry;
    const offset = address === 0n || !isWanted(call.name) ? null : file.offsetOf(address);
    if (offset === null || found.has(address)) continue;
    const described = isInlined
      ? file.debug?.functionsNamed(call.name).find((each) => each.address === address)
      : file.debug?.functionAt(address);
    const one = { name: call.name, address, offset, described: described ?? null, isChosen: false };
    found.set(address, { found: one, isInlined });
  }
  for (const written of name === null ? [] : expandBraces(name)) {
    const wanted = { name: written, file: null, kind: "call", isExported: false } as const;
    for (const one of isWildcard(written) ? [] : findFunctions(file, wanted).found) {
      if (!found.has(one.address)) found.set(one.address, { found: one, isInlined: false });
    }
  }
  return [...found.values()].toSorted((one, other) => Number(one.found.address - other.found.address));
}

interface Called extends CalledFunction {
  readonly caller: string;
  readonly pieces: DescribedFunction["code"];
  readonly target: Target;
}

function calledFrom(
  probe: KernelProbe | { readonly reason: string },
  called: Called,
): KernelProbe | { readonly reason: string } {
  if ("reason" in probe) return probe;
  const { callee, isReturn, file, target } = called;
  const here = callee.described && !isReturn ? entryOf(callee.described).address : callee.address;
  const bias = biasOfPlace(file, { address: here, isReturn }, target);
  if (typeof bias !== "function") return bias;
  const late = probe.lateGuard;
  const lateGuard = (emit: Emitter, skip: string): void => {
    late?.(emit, skip);
    const from = emit.alu("sub", emit.set(returnAddress(emit, called, bias, skip)), bias(emit));
    const isCaller = emit.label("caller");
    for (const { low, high } of called.pieces) {
      const next = emit.label("next");
      // Behind a call, which may be the last instruction of a piece.
      emit.branch("ule", from, emit.set(low), next);
      emit.branch("ule", from, emit.set(high), isCaller);
      emit.place(next);
    }
    emit.jump(skip);
    emit.place(isCaller);
  };
  const entry = probe.entry ? calledFrom(probe.entry, { ...called, isReturn: false }) : null;
  return {
    ...probe,
    mechanism: `${probe.mechanism}, called by ${called.caller}`,
    lateGuard,
    ...(entry && !("reason" in entry) ? { entry } : {}),
  };
}

function untold(path: string, caller: string): Complaint {
  return {
    reason: `${path} does not tell of functions that ${caller} calls: compilers write them down only where they optimise`,
    hint: 'name one: .callee("…")',
  };
}

function refuse(path: string, callers: readonly string[], name: string | null, calls: readonly string[]): Complaint {
  const who = callers.join(", ");
  if (name === null) return { reason: `${who} of ${path} calls no function of that file` };
  if (calls.includes(name))
    return {
      reason: `${who} of ${path} calls ${name}, which is in another file`,
      hint: `.plt("${name}") is where the program calls it`,
    };
  const similar = mostSimilar(name, calls);
  return {
    reason: `${path} has no function ${name} that ${who} could call`,
    hint: similar === null ? undefined : `did you mean "${similar}"?`,
  };
}
