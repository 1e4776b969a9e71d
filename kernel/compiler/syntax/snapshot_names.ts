/** `x@before`: a global as a snapshot of the session holds it. The whole is one name, which no declaration can give. */
import { joinSpans } from "../source.js";
import type { Identifier } from "./ast.js";
import type { Cursor } from "./cursor.js";

/** Words behind `@` that mean something themselves, also where they stand tight behind a name, as in `foreach (k in x@count-)`. */
const AT_WORDS: ReadonlySet<string> = new Set(
  (
    "count sum min max avg variance percentile median hist_log hist_linear define defined cast var enum enumname entry " +
    "probewrite kderef uderef kregister uregister perf const errno choose_defined type_defined type_member_defined " +
    "container_of cast_sizeof cast_module_sizeof"
  ).split(" "),
);

/** Whether a snapshot may be called so. */
export function isSnapshotName(word: string): boolean {
  return /^[A-Za-z_]\w*$/.test(word) && !AT_WORDS.has(word);
}

export function snapshotKey(global: string, snapshot: string): string {
  return `${global}@${snapshot}`;
}

/** The snapshot that a global's name is of, and the global; null for any other name. */
export function splitSnapshotKey(name: string): { readonly global: string; readonly snapshot: string } | null {
  const at = name.indexOf("@");
  return at < 0 ? null : { global: name.slice(0, at), snapshot: name.slice(at + 1) };
}

/** The name with the `@word` that stands tight behind it, where that is no operator. Macros have been expanded by now. */
export function withSnapshot(cursor: Cursor, name: Identifier): Identifier {
  const { kind, text, gap } = cursor.token;
  if (kind !== "operator" || gap !== "none" || text[0] !== "@" || !isSnapshotName(text.slice(1))) return name;
  const { span } = cursor.take();
  const whole = span.source === name.span.source ? joinSpans(name.span, span) : name.span;
  return { kind: "name", name: `${name.name}${text}`, span: whole };
}
