/** A point on a program as written, taken apart: which program, which of its libraries, and what in it. */
import type { PointPattern, Resolution } from "../../compiler/catalogue.js";
import { refused } from "../points.js";

export type Component = PointPattern["components"][number];

export interface Written {
  /** A path or name; a process's number; null for the target process. */
  readonly program: string | bigint | null;
  /** As the point writes the program: `process("ls")`. */
  readonly head: string;
  readonly library: string | null;
  /** What follows. */
  readonly rest: readonly Component[];
}

/** Null where the point is no program's. */
export function readWritten({ components }: PointPattern): Written | Resolution | null {
  const [first, second, ...others] = components;
  if (first?.name !== "process") return null;
  const head = componentText(first);
  if (first.argument === "" || (typeof first.argument === "bigint" && first.argument <= 0n))
    return refused(`${head}: a program is given by its path or name, a process by its number`);
  const common = { program: first.argument, head };
  if (second?.name === "library") {
    if (typeof second.argument !== "string" || second.argument === "")
      return refused(`${head}.library needs the library's name`, `write ${head}.library("libc.so.6")`);
    return { ...common, library: second.argument, rest: others };
  }
  return { ...common, library: null, rest: components.slice(1) };
}

export function componentText({ name, argument }: Component): string {
  if (argument === null) return name;
  return `${name}(${typeof argument === "string" ? `"${argument}"` : argument})`;
}
