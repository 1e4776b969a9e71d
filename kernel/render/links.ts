/** How far the attaching or detaching of many probes is. */
import type { LinksResult } from "../tracing/result.js";
import { textBundle, type MimeBundle } from "./bundle.js";
import { bar, greyLine } from "./progress.js";
import { groupDigits } from "./quantity.js";

/** The line for a terminal, digits without gaps. */
export function linksPlain(result: LinksResult): string {
  return line(result, String);
}

/** One line, with a bar beneath. */
export function renderLinks(result: LinksResult): MimeBundle {
  return textBundle(linksPlain(result), `${greyLine(line(result, groupDigits))}${bar(result.done / result.total)}`);
}

function line({ work, done, total }: LinksResult, digits: (value: bigint) => string): string {
  if (work === "cancelling") return `detaching ${digits(BigInt(done))} probes`;
  return `${work} ${digits(BigInt(done))} of ${digits(BigInt(total))} probes`;
}
