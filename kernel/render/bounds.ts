import type { MimeBundle } from "./bundle.js";

/** Bytes that one output may have in a notebook: what is larger, servers lose and browsers do not bear. */
export const MOST_BYTES = 4_500_000;

/** Without the largest forms of what would be too large; the text stays, and says what is not there. */
export function withinBounds(bundle: MimeBundle, most = MOST_BYTES): MimeBundle {
  const plain = plainOf(bundle);
  const sizes = Object.entries(bundle.data).map(([type, content]) => ({ type, content, size: sizeOf(content) }));
  let left = sizes.reduce((sum, { size }) => sum + size, 0);
  if (left <= most) return bundle;
  const dropped: string[] = [];
  const kept = new Map(sizes.map(({ type, content }) => [type, content]));
  for (const { type, size } of sizes.toSorted((one, other) => other.size - one.size)) {
    if (left <= most || type === "text/plain") continue;
    kept.delete(type);
    dropped.push(`${type} of ${(size / 1e6).toFixed(1)} MB`);
    left -= size;
  }
  const note = dropped.length > 0 ? `\n(left out: ${dropped.join(", ")}, more than a notebook bears)` : "";
  kept.set("text/plain", `${shortened(plain, Math.floor(most / 2), left > most)}${note}`);
  const metadata = Object.entries(bundle.metadata).filter(([type]) => !(type in bundle.data) || kept.has(type));
  return { data: Object.fromEntries(kept), metadata: Object.fromEntries(metadata) };
}

/** What every bundle holds. */
export function plainOf({ data }: MimeBundle): string {
  const plain = data["text/plain"];
  return typeof plain === "string" ? plain : "";
}

/** As JSON in UTF-8. */
function sizeOf(content: unknown): number {
  return Buffer.byteLength(JSON.stringify(content), "utf8");
}

function shortened(text: string, characters: number, isTooLong: boolean): string {
  if (!isTooLong) return text;
  // A character takes up to six bytes in JSON.
  const head = text.slice(0, Math.floor(characters / 6));
  return `${head}\n… and ${text.length - head.length} more characters`;
}
