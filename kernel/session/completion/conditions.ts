/** What `%( … %?` can ask about. */
import type { Conditions } from "../../compiler/syntax/conditions.js";
import type { Match } from "./match.js";

const SUBJECTS: Readonly<Record<Exclude<keyof Conditions, "config">, string>> = {
  kernel_v: "the kernel's version, such as 6.1.0",
  kernel_vr: "the kernel's whole release",
  arch: "the processor, such as x86_64",
  runtime: "what runs the script: bpf",
  systemtap_v: "the version of the language",
  systemtap_privilege: "the privilege that scripts have",
  guru_mode: "1 where the cell may do harm",
};

/** Whether a comparison of the preprocessor starts behind the text. */
export function atConditionStart(before: string): boolean {
  return /%\((?:(?!%\?)[^])*(?:&&|\|\|)\s*$|%\(\s*$/.test(before);
}

export function conditionMatches(): Match[] {
  return Object.entries(SUBJECTS).map(([text, signature]) => ({ text, type: "condition", signature }));
}
