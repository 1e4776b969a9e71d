/** `.function("f")…` as written, taken apart: which functions, and what of them. */
import { componentText, type Component } from "./written.js";

export interface WantedFunctions {
  /** As written, without the file. */
  readonly name: string;
  /** The source file that it is in, or the end of its path; null for any. */
  readonly file: string | null;
  readonly isReturn: boolean;
  /** Which kinds of places are meant: where it begins itself, where it was inlined, or both. */
  readonly kind: "call" | "inline" | null;
  /** Only what other source files may call. */
  readonly isExported: boolean;
  /** What follows the name, as written. */
  readonly tail: string;
}

/** A sentence without its end, and what to do instead. */
export interface Complaint {
  readonly reason: string;
  readonly hint?: string | undefined;
}

/** What of the functions is meant: themselves, places in them, or what they call. */
type Part =
  | { readonly kind: "self" }
  | { readonly kind: "label"; readonly name: string }
  /** Null for all. */
  | { readonly kind: "callees"; readonly name: string | null };

export interface Wanted {
  readonly functions: WantedFunctions;
  readonly part: Part;
}

const PARTS = ".call, .return, .exported, .inline, .label(…), .callee(…) and .callees may follow";

/** Components that mean something else than the functions themselves. */
const OTHERS: ReadonlySet<string> = new Set(["label", "callee", "callees"]);

export function readWanted([first, ...parts]: readonly Component[]): Wanted | Complaint {
  if (typeof first?.argument !== "string" || first.argument === "")
    return { reason: ".function needs the name of a function", hint: 'write .function("main")' };
  const [name = "", file = null] = first.argument.split("@");
  if (file !== null && /:/.test(file))
    return { reason: `"${first.argument}" is a line of the source`, hint: `write .statement("${first.argument}")` };
  const part = readPart(parts);
  if ("reason" in part) return part;
  const plain = parts.filter((each) => !OTHERS.has(each.name));
  const odd = plain.find((each) => !["call", "return", "inline", "exported"].includes(each.name));
  if (odd) return { reason: `a function has no part called .${odd.name}`, hint: PARTS };
  const has = (wanted: string): boolean => plain.some((each) => each.name === wanted);
  const isReturn = has("return");
  if (isReturn && has("inline"))
    return { reason: "where a function was inlined, it has no return", hint: "a .statement behind it may do" };
  if (isReturn && part.kind === "label") return { reason: "a label has no return", hint: "leave .return out" };
  const kind = has("inline") ? "inline" : (isReturn && part.kind === "self") || has("call") ? "call" : null;
  const tail = parts.map((each) => `.${componentText(each)}`).join("");
  return { part, functions: { name, file, isReturn, kind, isExported: has("exported"), tail } };
}

function readPart(parts: readonly Component[]): Part | Complaint {
  const [part, second] = parts.filter((each) => OTHERS.has(each.name));
  if (!part) return { kind: "self" };
  const { name, argument } = part;
  if (second) return { reason: `.${name} and .${second.name} do not go together`, hint: "write one of them" };
  if (name === "callees") {
    if (argument === null || argument === 1n) return { kind: "callees", name: null };
    return {
      reason: `${componentText(part)}: only what a function calls itself is found`,
      hint: "write .callees, and name the functions whose callees are meant",
    };
  }
  if (typeof argument !== "string" || argument === "")
    return { reason: `.${name} needs a name`, hint: `write .${name}("…"), or .${name}("*") for all` };
  return name === "label" ? { kind: "label", name: argument } : { kind: "callees", name: argument };
}
