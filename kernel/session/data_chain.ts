/** The type that an expression such as `$file->f_path.dentry` or `@cast(p, "task_struct")->mm` leads to, read backwards from its end. */
import type { TypeReference } from "../compiler/types/data_type.js";
import { findMember, resolveType, targetOf } from "../compiler/types/layout.js";
import { findType, parseTypeName } from "../compiler/types/type_name.js";
import { contextVariables, variablesAtEntry } from "./cursor_context.js";
import type { Session } from "./session.js";

/** How often a variable is followed to what was assigned to it. */
const MOST_STEPS = 8;

/** Null where the text that ends at `end` tells of no type. */
export function chainType(session: Session, code: string, end: number, steps = MOST_STEPS): TypeReference | null {
  const base = code.slice(0, end).trimEnd();
  const closer = base.at(-1) ?? "";
  if (closer === "]") {
    const indexed = chainType(session, code, openerOf(base, "[", "]"), steps);
    return indexed && targetOf(indexed);
  }
  if (closer === ")") return callType(session, code, base, steps);
  const word = /[$@]*\w+$/.exec(base)?.[0];
  if (word === undefined) return null;
  const start = base.length - word.length;
  const before = base.slice(0, start).trimEnd();
  if (before.endsWith("->")) return memberType(chainType(session, code, before.length - 2, steps), word);
  const variable = contextVariables(session, code, start).get(word);
  if (variable) return variable.data ?? null;
  return assignedType(session, code, word, start, steps) ?? session.known.globals.get(word)?.data ?? null;
}

/** A member of what an object is or points to. */
export function memberType(object: TypeReference | null, name: string): TypeReference | null {
  if (!object) return null;
  const whole = resolveType(object).kind === "pointer" ? targetOf(object) : object;
  return findMember(whole, name)?.reference ?? null;
}

/** `(…)`, `@cast(…)`, `@var(…)`, `@entry(…)`, and functions that return addresses of known types. */
function callType(session: Session, code: string, base: string, steps: number): TypeReference | null {
  const opener = openerOf(base, "(", ")");
  if (opener < 0) return null;
  const name = /@?\w*$/.exec(base.slice(0, opener))?.[0] ?? "";
  const inner = base.slice(opener + 1, -1);
  const target = session.target(0);
  const quoted = [...inner.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);
  const typesOf = (module: string | undefined) =>
    target.dataTypes(...(module === undefined || /^kernel\b/.test(module) ? [] : [module.replace(/<.*/, "")]));
  if (name === "@cast") {
    const [type = "", module] = quoted.slice(-(/"[^"]*"\s*,\s*"[^"]*"\s*$/.test(inner) ? 2 : 1));
    const written = parseTypeName(type);
    const types = typesOf(module);
    return written && types && findType(types, written);
  }
  if (name === "@var") {
    const types = typesOf(quoted[1]);
    const id = types?.find((quoted[0] ?? "").replace(/@.*/, ""), "variable");
    return types && id != null ? { types, id } : null;
  }
  if (name === "@entry") {
    const variable = variablesAtEntry(session, code, opener).get(inner.trim());
    return variable?.data ?? null;
  }
  if (name === "") return chainType(session, code, base.length - 1, steps);
  const returned = session.catalogue.functions.find((entry) => entry.name === name)?.data;
  const written = returned === undefined ? null : parseTypeName(returned);
  const types = target.dataTypes();
  return written && types && findType(types, written);
}

/** A local is what was last assigned to it before. */
function assignedType(
  session: Session,
  code: string,
  name: string,
  before: number,
  steps: number,
): TypeReference | null {
  if (steps === 0 || !/^[A-Za-z_]\w*$/.test(name)) return null;
  const assignments = [...code.slice(0, before).matchAll(new RegExp(`(?<![\\w$@>])${name}\\s*=(?!=)([^;\\n}]*)`, "g"))];
  const last = assignments.at(-1);
  if (!last) return null;
  const end = last.index + last[0].trimEnd().length;
  return chainType(session, code, end, steps - 1);
}

/** Where the parenthesis opens that the text closes with; -1 where none does. */
function openerOf(text: string, opener: string, closer: string): number {
  let depth = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    const character = text.charAt(index);
    if (character === closer) depth++;
    else if (character === opener && --depth === 0) return index;
  }
  return -1;
}
