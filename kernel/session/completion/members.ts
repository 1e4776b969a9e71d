/** Members of the kernel's and of programs' types behind `->`. */
import { namedMembers, resolveType, targetOf } from "../../compiler/types/layout.js";
import { typeText } from "../../compiler/types/type_text.js";
import { chainType } from "../data_chain.js";
import type { Session } from "../session.js";
import type { Match } from "./match.js";

/** `cursor` is behind the arrow. */
export function memberMatches(session: Session, code: string, cursor: number): Match[] {
  const arrow = code.slice(0, cursor).lastIndexOf("->");
  const base = chainType(session, code, arrow);
  if (!base) return [];
  const object = resolveType(base).kind === "pointer" ? targetOf(base) : base;
  return namedMembers(object).map(({ name, reference, bitSize }) => ({
    text: name,
    type: "field",
    signature: bitSize === 0 ? typeText(reference) : `${typeText(reference)}:${bitSize}`,
  }));
}
