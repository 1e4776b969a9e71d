/** Functions as they are written in help. */
import type { ContextVariable, TapsetFunction } from "../compiler/catalogue.js";
import type { FunctionDefinition } from "../compiler/syntax/ast.js";
import { typeText } from "../compiler/types/type_text.js";
import type { Session } from "./session.js";

/** `(text:string, start:long):string` */
export function tapsetSignature({ parameters, returns }: Pick<TapsetFunction, "parameters" | "returns">): string {
  return `(${parameters.map(({ name, type }) => `${name}:${type}`).join(", ")})${returns === null ? "" : `:${returns}`}`;
}

/** The kernel's own type, where the variable has one. */
export function variableType({ type, data }: Pick<ContextVariable, "type" | "data">): string {
  return data ? typeText(data) : type;
}

/** The same of a function that is written in the language, where types may be left open. */
export function definitionSignature({ parameters, returns }: FunctionDefinition): string {
  const written = parameters.map(({ name, type }) => (type === null ? name : `${name}:${type}`));
  return `(${written.join(", ")})${returns === null ? "" : `:${returns}`}`;
}

/** Functions that the tapset has in the language itself, without those that it keeps for itself. */
export function libraryFunctions(session: Session): readonly FunctionDefinition[] {
  return session.library.flatMap(({ items }) =>
    items
      .filter((item) => item.kind === "function")
      .filter(({ isPrivate, name }) => !isPrivate && !name.startsWith("__")),
  );
}
