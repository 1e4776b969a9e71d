/** `process("…").function("f").label("l")`: places that the source of a function names. */
import type { ResolvedProbe, Target } from "../../compiler/catalogue.js";
import { mostSimilar } from "../../compiler/check/similar.js";
import { nameTest } from "../wildcard.js";
import type { FoundFunction } from "./found_functions.js";
import type { SubjectFile } from "./function_probe.js";
import { placeProbe, type CodePlace } from "./place_probe.js";
import type { Subject } from "./subject.js";
import type { Complaint } from "./written_function.js";

/** In the order of the code. */
export function labelProbes(
  each: SubjectFile,
  found: readonly FoundFunction[],
  label: string,
  subject: Subject,
  target: Target,
): readonly { readonly point: string; readonly probe: ResolvedProbe }[] | Complaint {
  const places = findLabels(each, found, label);
  if ("reason" in places) return places;
  const probes: { point: string; probe: ResolvedProbe }[] = [];
  for (const place of places) {
    const probe = placeProbe(each, place, subject, target);
    if ("reason" in probe) return { reason: `${place.point}: ${probe.reason}` };
    probes.push({ point: place.point, probe });
  }
  return probes;
}

function findLabels(
  { head, file }: SubjectFile,
  found: readonly FoundFunction[],
  label: string,
): readonly CodePlace[] | Complaint {
  if (!file.debug)
    return { reason: `${file.path} has no debug information that can be read, which alone tells of labels` };
  const fits = nameTest(label);
  const labels = found.flatMap(({ described }) =>
    (described?.labels ?? []).map((each) => ({ ...each, around: described })),
  );
  const places = labels
    .filter(({ name }) => fits(name))
    .map(({ name, address, offset, around }): CodePlace => {
      const text = `${around?.name ?? ""}.label("${name}")`;
      return { point: `${head}.function("${around?.name ?? ""}").label("${name}")`, text, address, offset, around };
    })
    .toSorted((one, other) => Number(one.address - other.address));
  if (places.length > 0) return places;
  const functions = [...new Set(found.map(({ name }) => name))].join(", ");
  if (labels.length === 0)
    return {
      reason: `${functions} of ${file.path} has no label that code was left for`,
      hint: 'a line of the source may do: .statement("FUNCTION@FILE:LINE")',
    };
  const names = [...new Set(labels.map(({ name }) => name))];
  const similar = mostSimilar(label, names);
  return {
    reason: `${functions} of ${file.path} has no label ${label}`,
    hint: `${similar === null ? "" : `did you mean "${similar}"? `}It has ${names.join(", ")}`,
  };
}
