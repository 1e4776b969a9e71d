/** Functions of the kernel and of its modules, and the modules themselves, that start as what has been typed. */
import type { Target } from "../../compiler/catalogue.js";
import { systemCallTable } from "../system_call/table.js";

export function completePoint(prefix: string, target: Target, canProbeFunctions: boolean): readonly string[] {
  const modulePrefix = /^(?<head>(?:kprobe\.)?module\(")(?<start>[\w-]*)$/.exec(prefix)?.groups;
  if (modulePrefix) {
    const { head = "", start = "" } = modulePrefix;
    return target.functions
      .modules()
      .filter((name) => name.startsWith(start))
      .map((name) => `${head}${name}")`);
  }
  const { head, module, start } =
    /^(?<head>(?:kernel|kprobe|(?:kprobe\.)?module\("(?<module>[\w-]+)"\))\.function\(")(?<start>\w*)$/.exec(prefix)
      ?.groups ?? {};
  if (head === undefined || start === undefined)
    return 'kernel.function("'.startsWith(prefix) ? ['kernel.function("'] : [];
  const names = canProbeFunctions
    ? target.functions.names(module?.replaceAll("-", "_") ?? null, start)
    : module === undefined
      ? systemCallTable(target.architecture)
          .calls.map((call) => `sys_${call.name}`)
          .filter((name) => name.startsWith(start))
      : [];
  return names.map((name) => `${head}${name}")`);
}
