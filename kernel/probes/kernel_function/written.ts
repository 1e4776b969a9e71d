/** A point on the kernel's code as written, taken apart: which functions it names, and what of them it wants. */
import type { PointPattern, Resolution } from "../../compiler/catalogue.js";
import { componentsText, refused } from "../points.js";
import { expandBraces, isWildcard } from "../wildcard.js";

export interface Written {
  /** `kernel.function("f")`, `module("m").function("f")`: what stands before the name, for the points that it stands for. */
  readonly head: string;
  /** Null for the kernel itself; may have wildcards. */
  readonly module: string | null;
  /** Without the source file; may have wildcards. */
  readonly names: readonly string[];
  readonly isReturn: boolean;
  readonly isExported: boolean;
  readonly maxActive: number | null;
  /** What follows the name, as written. */
  readonly tail: string;
}

type Component = PointPattern["components"][number];

const INLINE =
  "the copies of a function that the compiler put into others are told only by the kernel's debug information";

/** Parts that need what only debug information tells. */
const NEED_DEBUG_INFORMATION: Readonly<Record<string, string>> = {
  inline: INLINE,
  label: "labels of C are told only by the kernel's debug information",
  callee: "which function calls which is told only by the kernel's debug information",
  callees: "which function calls which is told only by the kernel's debug information",
};

const HINT =
  "Tapbook needs none on the machine that is traced, and does not read it; a probe on the function itself, or on a tracepoint near it, may do";

/** Null where the point is no function's. */
export function readWritten(pattern: PointPattern): Written | Resolution | null {
  const found = findFunction(pattern.components);
  if (!found) return null;
  const { head, module, component, rest } = found;
  const form = `${head}.function`;
  if (typeof component.argument === "bigint") {
    return refused(
      `${componentsText(pattern)}: a function is named by its name`,
      `an address goes into kernel.statement(0x${BigInt.asUintN(64, component.argument).toString(16)}).absolute`,
    );
  }
  if (component.argument === null) return refused(`${form} needs the name of a function`, `write ${form}("vfs_read")`);
  const names: string[] = [];
  for (const written of expandBraces(component.argument)) {
    const [name = "", file] = written.split("@");
    if (file !== undefined && /[:+]\d|:\*/.test(file)) return refuseLine(written);
    if (file !== undefined && isWildcard(name)) {
      return refused(
        `${form}("${written}"): which functions are in ${file} is told only by the kernel's debug information`,
        name === "*" ? `name some of them, as in ${form}("vfs_*")` : `write the names alone: ${form}("${name}")`,
      );
    }
    names.push(name);
  }
  const parts = readParts(rest);
  if ("kind" in parts) return parts;
  const tail = rest.map(({ name, argument }) => (argument === null ? `.${name}` : `.${name}(${argument})`)).join("");
  return { head, module, names, ...parts, tail };
}

interface Found {
  readonly head: string;
  readonly module: string | null;
  readonly component: Component;
  readonly rest: readonly Component[];
}

/** `kernel.function`, `module("m").function`, `kprobe.function`, `kprobe.module("m").function`. */
function findFunction(components: readonly Component[]): Found | null {
  const [first, second, third, ...rest] = components;
  if (!first || !second) return null;
  if (second.name === "function" && (first.name === "kernel" || first.name === "kprobe")) {
    return { head: first.name, module: null, component: second, rest: third ? [third, ...rest] : [] };
  }
  if (second.name === "function" && first.name === "module" && typeof first.argument === "string") {
    const head = `module("${first.argument}")`;
    return { head, module: first.argument, component: second, rest: third ? [third, ...rest] : [] };
  }
  if (first.name === "kprobe" && second.name === "module" && third?.name === "function") {
    if (typeof second.argument !== "string") return null;
    return { head: `kprobe.module("${second.argument}")`, module: second.argument, component: third, rest };
  }
  return null;
}

function readParts(parts: readonly Component[]): Pick<Written, "isReturn" | "isExported" | "maxActive"> | Resolution {
  let [isReturn, isExported] = [false, false];
  let maxActive: number | null = null;
  for (const { name, argument } of parts) {
    const reason = NEED_DEBUG_INFORMATION[name];
    if (reason !== undefined) return refused(`.${name}: ${reason}`, HINT);
    if (name === "return") isReturn = true;
    else if (name === "exported") isExported = true;
    else if (name === "maxactive") {
      if (typeof argument !== "bigint" || argument < 1n || argument > 4096n) {
        return refused(".maxactive needs a number from 1 to 4096, as in .maxactive(20)");
      }
      maxActive = Number(argument);
    } else if (name !== "call") {
      return refused(
        `a function has no part called .${name}`,
        ".call, .return, .exported and .maxactive(N) may follow",
      );
    }
  }
  if (maxActive !== null && !isReturn)
    return refused(
      ".maxactive says how many calls may be waited for, which only a probe at the return does",
      `write .return.maxactive(${maxActive}), or leave it out`,
    );
  return { isReturn, isExported, maxActive };
}

export function refuseLine(written: string): Resolution {
  return refused(
    `"${written}": where lines of the source are in memory is told only by the kernel's debug information`,
    HINT,
  );
}
